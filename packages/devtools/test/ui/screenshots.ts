/** Photographs every page for the docs, dark and light: `node --conditions=@weft/source packages/devtools/test/ui/screenshots.ts`. */
import { mkdir } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import type { Page } from "playwright"
import { serve } from "../../src/web/serve.ts"
import { launch, openPage } from "./support/chromium.ts"
import { FakeProcess } from "./support/fake-process.ts"

const images = fileURLToPath(new URL("../../../../docs/images/", import.meta.url))
const shots: ReadonlyArray<readonly [name: string, address: string, prepare?: (page: Page) => Promise<unknown>]> = [
  ["overview", "#/overview"],
  ["goroutines", "#/goroutines?g=0:55"],
  ["groups", "#/goroutines?group=stack"],
  ["waits", "#/waits"],
  ["leaks", "#/leaks", (page) => page.getByRole("button", { name: "Check for leaks" }).click()],
  ["timeline", "#/timeline?t=100,118&g=0:45", hover],
  ["channels", "#/channels?o=0:1"],
  ["locks", "#/locks?o=0:5"],
]

async function hover(page: Page): Promise<void> {
  const box = await page.locator(".tl-plot canvas").last().boundingBox()
  await page.mouse.move(box!.x + 420, box!.y + 164)
  await page.mouse.move(box!.x + 421, box!.y + 164)
}

await mkdir(images, { recursive: true })
const browser = await launch()
const fake = new FakeProcess()
for (let i = 0; i < 3; i++) await fake.stats()
const served = await serve({ source: fake })
const only = process.argv.slice(2)
for (const scheme of ["light", "dark"] as const) {
  const { errors, page } = await openPage(browser, { scheme })
  await page.goto(served.url)
  await page.getByRole("heading", { name: "Overview" }).waitFor()
  if (only.length === 0 || only.some((name) => name === "overview")) await page.waitForTimeout(25_000)
  await page.screenshot({ path: `${images}devtools-overview-${scheme}.png` })
  await page.getByRole("button", { name: "Record trace" }).click()
  await page.waitForTimeout(500)
  await page.getByRole("button", { name: /^Stop/ }).click()
  await page.locator(".timeline[data-ready]").waitFor()
  for (const [name, address, prepare] of shots.slice(1)) {
    if (only.length > 0 && !only.includes(name)) continue
    await page.evaluate(`location.hash = ${JSON.stringify(address)}`)
    await page.waitForTimeout(300)
    await prepare?.(page)
    await page.waitForTimeout(400)
    await page.screenshot({ path: `${images}devtools-${name}-${scheme}.png` })
  }
  if (errors.length > 0) console.log(scheme, errors)
  await page.close()
}
await browser.close()
await served.close()
