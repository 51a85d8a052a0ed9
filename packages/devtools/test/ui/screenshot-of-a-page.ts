/** Photographs a page of a browser that is looked at, for the docs: `node --conditions=@weft/source packages/devtools/test/ui/screenshot-of-a-page.ts`. */
import { fileURLToPath } from "node:url"
import { Pages } from "../../src/pages/pages.ts"
import { servePages } from "../../src/web/serve-pages.ts"
import { launch, openPage } from "./support/chromium.ts"
import { openSite } from "./support/site.ts"

const images = fileURLToPath(new URL("../../../../docs/images/", import.meta.url))
const site = await openSite()
const pages = await Pages.open({ port: 0, key: "shown-in-the-docs", allowed: [] })
const served = await servePages(pages)
const browser = await launch()
const looked = await openPage(browser)
await looked.page.goto(site.origin)
await looked.page.waitForTimeout(1_000)
await looked.page.evaluate(`connectHere(${JSON.stringify(pages.address)}).then(connectWorker)`)
for (const scheme of ["light", "dark"] as const) {
  const { errors, page } = await openPage(browser, { scheme, height: 560 })
  await page.goto(served.url)
  await page.getByRole("link", { name: "Warehouse" }).click()
  await page.getByRole("heading", { name: "Event loop delay" }).waitFor()
  await page.keyboard.press("2")
  await page.getByRole("row", { name: /packer/ }).click()
  await page.getByText("page.ts:15").first().waitFor()
  await page.screenshot({ path: `${images}devtools-page-${scheme}.png` })
  if (errors.length > 0) console.log(scheme, errors)
}
await browser.close()
await served.close()
await pages.close()
await site[Symbol.asyncDispose]()
