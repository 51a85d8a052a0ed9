/**
 * A page whose goroutines and tasks all wait must leave its processors to others.
 *
 * @module-tag long
 */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { build } from "esbuild"
import { expect, it } from "vitest"
import { installApp } from "./installed.ts"
import { executablePath, isolated, launch, serve } from "./page.ts"

it.skipIf(executablePath === undefined).for([
  { host: "with shared memory", headers: isolated },
  { host: "without", headers: {} },
])("a page that waits for its threads, and they for it, uses no processor: $host", async ({ headers }) => {
  await using app = await installApp("ts")
  await using browser = await launch()
  await build({
    entryPoints: { main: join(app.folder, "src/main.idle.ts") },
    bundle: true,
    format: "esm",
    outdir: app.folder,
  })
  writeFileSync(join(app.folder, "index.html"), "<!doctype html><script type=module src=main.js></script>")
  await using site = await serve(app.folder, headers)
  const page = await browser.newPage()
  await page.goto(site.url)
  await page.waitForFunction(`document.title === "waiting"`)
  const session = await browser.newBrowserCDPSession()
  const millis = async () => {
    const { processInfo } = await session.send("SystemInfo.getProcessInfo")
    return processInfo.filter(({ type }) => type === "renderer").reduce((sum, { cpuTime }) => sum + cpuTime * 1000, 0)
  }
  // What starting has left to do: compiled code, collected garbage.
  await sleep(1000)
  const before = await millis()
  await sleep(1000)
  // One thread that spins would use a second of it.
  expect((await millis()) - before).toBeLessThan(200)
})
