/** What messages contain, in a real browser: of a trace and a dump of a program that sends some. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Browser, Page } from "playwright"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { attach } from "../../src/attach/attach.ts"
import type { ProcessDump } from "../../src/format/dump.ts"
import { readTimeline, type Timeline } from "../../src/trace/timeline.ts"
import { serve } from "../../src/web/serve.ts"
import { Program } from "../attach/program.ts"
import { chromiumPath, launch, openPage } from "./support/chromium.ts"
import { FakeProcess } from "./support/fake-process.ts"

let browser: Browser
let folder: string
let file: string
let timeline: Timeline
let dump: ProcessDump

describe.skipIf(chromiumPath === undefined)("the page, of values", () => {
  beforeAll(async () => {
    browser = await launch()
    folder = await mkdtemp(join(tmpdir(), "weft-values-"))
    file = join(folder, "values.weft")
    await using program = await Program.start("messages.ts")
    await using attached = await attach(program.pid)
    const parts: Array<Uint8Array> = []
    const running = await attached.trace(
      { ops: true, bufferBytes: 1 << 20, values: true },
      (part) => void parts.push(part),
    )
    await program.ask("go")
    await running.stop()
    await writeFile(file, Buffer.concat(parts))
    timeline = await readTimeline(parts)
    dump = await attached.dump({ values: true })
  })

  afterAll(async () => {
    await browser.close()
    await rm(folder, { recursive: true })
  })

  it("shows those of a trace in a goroutine's history, on the timeline, and at the channel", async () => {
    await using served = await serving(file)
    const { errors, page } = await openPage(browser)
    const { goroutines, runs, values } = timeline.threads[0]!
    const sender = nameOf(timeline).indexOf("sender")
    const first = values.goroutine.indexOf(sender)
    await page.goto(served.url)
    await page.getByRole("heading", { name: "Overview" }).waitFor()
    const go = (hash: string) => page.evaluate((to) => (location.hash = to), hash)

    await go(`#/goroutines?g=0:${goroutines.id[sender]!}`)
    const history = page.getByRole("complementary").getByRole("list", { name: /last slices/ })
    await history.getByRole("link", { name: /sent Order \{id: 7, apiKey: \[redacted\]\}/ }).waitFor()
    await history.getByRole("link", { name: /sent \{password: \[redacted\]/ }).waitFor()
    expect(await page.getByText("hunter2").count()).toBe(0)

    await go(`#/channels?o=0:${values.object[first]!}`)
    const passed = page.getByRole("list", { name: /Messages, latest first/ }).getByRole("listitem")
    await passed.filter({ hasText: "sender sent Order" }).waitFor()
    await passed.filter({ hasText: "receiver received Order" }).waitFor()
    expect(await seriousProblems(page)).toEqual([])

    const time = values.time[first]!
    const run = runs.goroutine.findIndex((row, i) => row === sender && runs.begin[i]! <= time && time <= runs.end[i]!)
    const millis = (nanos: number) => (nanos - timeline.begin) / 1e6
    await go(`#/timeline?t=${millis(runs.begin[run]!)},${millis(runs.end[run]!)}&filter=sender`)
    await page.locator(".timeline[data-ready]").waitFor()
    const box = (await page.locator(".tl-plot canvas").last().boundingBox())!
    await page.mouse.move(box.x + box.width / 2, box.y + 11)
    await page.locator(".tooltip", { hasText: "Order {id: 7" }).waitFor()
    expect(await seriousProblems(page)).toEqual([])
    expect(errors).toEqual([])
    await page.context().close()
  })

  it("shows those of a dump at the channel: in its buffer, and with who waits to send", async () => {
    await using served = await serving(new FakeProcess(dump))
    const { errors, page } = await openPage(browser)
    await page.goto(served.url)
    await page.getByRole("heading", { name: "Overview" }).waitFor()
    const { id } = dump.threads[0]!.objects.find(({ values }) => values !== undefined)!
    await page.evaluate((to) => (location.hash = to), `#/channels?o=0:${id}`)
    await page.getByText("In its buffer (2)").waitFor()
    await page.getByText("{token: [redacted], n: 1}").waitFor()
    await page.getByText('"waits"').waitFor()
    await page.getByText('"offered"').waitFor()
    expect(await seriousProblems(page)).toEqual([])
    expect(errors).toEqual([])
    await page.context().close()
  })
})

/** As axe finds them. */
async function seriousProblems(page: Page): Promise<ReadonlyArray<string>> {
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"))
  const violations = await page.evaluate<ReadonlyArray<{ readonly id: string; readonly impact: string }>>(
    "axe.run().then((result) => result.violations)",
  )
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id }) => id)
}

const nameOf = ({ texts, threads }: Timeline): Array<string> =>
  Array.from(threads[0]!.goroutines.name, (text) => texts[text]!)

async function serving(source: string | FakeProcess) {
  const served = await serve({ source })
  return { url: served.url, [Symbol.asyncDispose]: () => served.close() }
}
