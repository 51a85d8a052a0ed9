/**
 * How long the page takes to open a trace, and how many pictures a second it paints while the trace is panned and zoomed, in Chromium here:
 * `node --conditions=@weft/source packages/devtools/test/ui/measure-timeline.ts [records] [ops]`.
 */
import { createWriteStream } from "node:fs"
import { mkdtemp, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import type { Page } from "playwright"
import { syntheticTrace } from "../../src/trace/synthetic.ts"
import { serve } from "../../src/web/serve.ts"
import { chromiumPath, launch, openPage } from "./support/chromium.ts"

const RUNS = 3
const PAN_MILLIS = 3_000

const records = Number(process.argv[2] ?? 10_000_000)
/** Waits and wake-ups only are more slices: the harder trace to lay out. */
const ops = process.argv[3] === "ops"
if (chromiumPath === undefined) process.exit(1)
const folder = await mkdtemp(join(tmpdir(), "weft-trace-"))
const path = join(folder, "synthetic.wefttrace")
await pipeline(Readable.from(syntheticTrace({ records, ops })), createWriteStream(path))
console.log(`${records} records, ${((await stat(path)).size / 1e6).toFixed(1)} MB`)

const browser = await launch()
console.log(`Chromium ${browser.version()}`)
try {
  for (let run = 1; run <= RUNS; run++) {
    const served = await serve({ source: path })
    const { errors, page } = await openPage(browser)
    const begun = performance.now()
    await page.goto(served.url)
    await page.evaluate('location.hash = "#/timeline"')
    await page.locator(`.timeline[data-ready="${records}"]`).waitFor({ timeout: 120_000 })
    await page.waitForFunction("weftTimeline.frames > 0")
    const opened = performance.now() - begun
    const worked = /read in \S+ \w+/.exec((await page.locator(".tl-foot").textContent()) ?? "")?.[0] ?? ""
    const whole = await panned(page, 0.004)
    await page.evaluate("weftTimeline.zoomBy(0.01)")
    const near = await panned(page, 0.02)
    await page.evaluate("weftTimeline.zoomBy(0.01)")
    const nearest = await panned(page, 0.02)
    console.log(
      `run ${run}: opened in ${(opened / 1_000).toFixed(2)} s (${worked}); panned whole ${whole}, at 1 % ${near}, at 0.01 % ${nearest}`,
      ...(errors.length > 0 ? errors : []),
    )
    await page.context().close()
    await served.close()
  }
} finally {
  await browser.close()
  await rm(folder, { recursive: true })
}

/** A step each frame, forth and back: pictures a second, and the longest time between two. */
function panned(page: Page, share: number): Promise<string> {
  return page.evaluate<string>(`new Promise((resolve) => {
    const before = weftTimeline.frames
    const begun = performance.now()
    let last = begun
    let longest = 0
    let step = 0
    const frame = () => {
      const now = performance.now()
      longest = Math.max(longest, now - last)
      last = now
      if (now - begun > ${PAN_MILLIS}) {
        const fps = ((weftTimeline.frames - before) * 1000) / (now - begun)
        resolve(fps.toFixed(0) + " fps (longest frame " + longest.toFixed(0) + " ms)")
        return
      }
      weftTimeline.panBy(step++ % 100 < 50 ? ${share} : -${share})
      requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  })`)
}
