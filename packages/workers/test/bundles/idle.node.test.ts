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
import { executablePath, HANGS, isolated, launch, serve } from "./page.ts"

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
  page.setDefaultTimeout(HANGS)
  await page.goto(site.url)
  await page.waitForFunction(`document.title === "waiting"`)
  const session = await browser.newBrowserCDPSession()
  const millis = async () => {
    const { processInfo } = await session.send("SystemInfo.getProcessInfo")
    return processInfo.filter(({ type }) => type === "renderer").reduce((sum, { cpuTime }) => sum + cpuTime * 1000, 0)
  }
  // What starting has left to do, compiled code and collected garbage, takes some seconds on a slow machine.
  await sleep(1000)
  let used = Infinity
  for (let seconds = 0; seconds < 10 && used >= 200; seconds++) {
    const before = await millis()
    await sleep(1000)
    used = (await millis()) - before
  }
  // One thread that spins would use each second whole.
  expect(used).toBeLessThan(200)
})
