/** Photographs the walkthrough for the docs: `node --conditions=@weft/source apps/demo/page/walkthrough.ts [scene...]`. */
import { fileURLToPath } from "node:url"
import { chromium, type Page } from "playwright"
import { findChromium } from "../../../scripts/chromium.ts"
import { observe } from "../src/observed/observe.ts"
import { startService } from "../src/observed/start-service.ts"

interface Scene {
  /** The service's page, and the devtools'. */
  readonly page: Page
  readonly devtools: Page
  /** To a page of the devtools. */
  readonly go: (hash: string) => Promise<unknown>
}

const images = fileURLToPath(new URL("../../../docs/images/", import.meta.url))
const only = process.argv.slice(2)
const args = process.getuid?.() === 0 ? ["--no-sandbox", "--disable-gpu"] : ["--disable-gpu"]
await using browser = await chromium.launch({ executablePath: findChromium()!, args })

await scene("healthy", async ({ page }) => {
  await seconds(40)
  await shoot(page, "healthy")
})

await scene("deadlock", async ({ devtools, go, page }) => {
  await seconds(15)
  await shoot(page, "deadlock")
  await go("#/waits")
  await devtools.getByRole("button", { name: "Look again" }).click()
  await devtools.getByText("Deadlock of").waitFor()
  await seconds(1)
  await shoot(devtools, "deadlock-waits")
})

await scene("leak", async ({ devtools, go }) => {
  await seconds(20)
  await shoot(devtools, "leak-overview")
  await go("#/leaks")
  await devtools.getByRole("button", { name: "Check for leaks" }).click()
  await devtools.getByText("leaked goroutines").waitFor()
  await seconds(1)
  await shoot(devtools, "leak-list")
})

await scene("starve", async ({ devtools, go, page }) => {
  await seconds(20)
  await shoot(page, "starve")
  await devtools.getByRole("button", { name: "Record trace" }).click()
  await seconds(5)
  await devtools.getByRole("button", { name: /^Stop/ }).click()
  await go("#/timeline")
  await devtools.locator(".timeline[data-ready]").waitFor()
  await seconds(1)
  const there = await devtools.evaluate(longestRun)
  await go("#/overview") // the timeline reads its window when it is opened
  await seconds(1)
  await go(there)
  await seconds(1)
  await shoot(devtools, "starve-timeline")
})

/** A service of its own, with the switch of that name turned on some time after its start. */
async function scene(name: string, play: (scene: Scene) => Promise<void>): Promise<void> {
  if (only.length > 0 && !only.includes(name)) return
  await using service = await startService(0, console.error)
  await using observed = await observe(service.pid, 0)
  const page = await opened(service.site, "light", 1120)
  const devtools = await opened(observed.url, "dark", 1360)
  await devtools.getByRole("heading", { name: "Overview" }).waitFor()
  await seconds(10)
  await page.reload() // the start is past: what the page shows begins here
  await seconds(15)
  if (name !== "healthy") await fetch(`${service.site}/switches?name=${name}&on=true`, { method: "POST" })
  await play({ page, devtools, go: (hash) => devtools.evaluate(`location.hash = ${JSON.stringify(hash)}`) })
  await page.close()
  await devtools.close()
}

async function opened(url: string, colorScheme: "light" | "dark", width: number): Promise<Page> {
  const page = await browser.newPage({ colorScheme, viewport: { width, height: 800 } })
  page.on("pageerror", (error) => console.error(String(error)))
  await page.goto(url)
  return page
}

function seconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count * 1000))
}

async function shoot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${images}walkthrough-${name}.png`, fullPage: true })
}

/** Where the devtools' timeline has the longest run of the main thread, with some time around it. */
function longestRun(): string {
  const { model } = (globalThis as unknown as { weftTimeline: { model: TraceModel } }).weftTimeline
  const { goroutines, runs } = model.timeline.threads[0]!
  const lengths = runs.end.subarray(0, runs.length).map((end, run) => end - runs.begin[run]!)
  const run = lengths.indexOf(lengths.reduce((a, b) => Math.max(a, b)))
  const at = (runs.begin[run]! - model.begin) / 1e6
  const [from, to] = [at - 200, at + lengths[run]! / 1e6 + 200]
  return `#/timeline?t=${Math.max(0, from)},${to}&g=0:${goroutines.id[runs.goroutine[run]!]}`
}

/** As much of the devtools' model as is needed. */
interface TraceModel {
  readonly begin: number
  readonly timeline: {
    readonly threads: ReadonlyArray<{
      readonly goroutines: { readonly id: Float64Array }
      readonly runs: {
        readonly length: number
        readonly begin: Float64Array
        readonly end: Float64Array
        readonly goroutine: Int32Array
      }
    }>
  }
}
