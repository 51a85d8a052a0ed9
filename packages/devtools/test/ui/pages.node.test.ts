/** Every page in a real browser. */
import { createWriteStream } from "node:fs"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import type { Browser, Page } from "playwright"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { serve, type Served } from "../../src/web/serve.ts"
import { chromiumPath, launch, type OpenedPage, openPage } from "./support/chromium.ts"
import { FakeProcess } from "./support/fake-process.ts"
import { shopDump } from "./support/shop.ts"
import { shopTrace } from "./support/shop-trace.ts"

const pages = ["overview", "goroutines", "timeline", "waits", "channels", "locks", "leaks"] as const

let browser: Browser
let fake: FakeProcess
let live: Served
let saved: Served
let folder: string
let axe: string

describe.skipIf(chromiumPath === undefined)("the page", () => {
  beforeAll(async () => {
    axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")
    folder = await mkdtemp(join(tmpdir(), "weft-ui-"))
    await pipeline(Readable.from(shopTrace()), createWriteStream(join(folder, "shop.wefttrace")))
    browser = await launch()
    fake = new FakeProcess()
    live = await serve({ source: fake })
    saved = await serve({ source: join(folder, "shop.wefttrace") })
  })

  afterAll(async () => {
    await browser.close()
    await live.close()
    await saved.close()
    await rm(folder, { recursive: true })
  })

  for (const scheme of ["light", "dark"] as const) {
    const first = scheme === "light" ? {} : { tags: "long" }
    it(`shows everything of a process, and axe finds nothing serious, ${scheme}`, first, async () => {
      const opened = await openPage(browser, { scheme })
      const { page } = opened
      await enter(page, live)
      await record(page)
      const marks = {
        overview: page.getByRole("heading", { name: "Event loop delay" }),
        goroutines: page.getByRole("row", { name: /settleOrder/ }),
        timeline: page.locator(".timeline[data-ready]"),
        waits: page.getByText("Deadlock of 3"),
        channels: page.getByText("Fill level of 64"),
        locks: page.getByText("Let others go on"),
        leaks: page.getByText("17 leaked goroutines"),
      }
      const params = { channels: "?o=0:1", locks: "?o=0:5", goroutines: "?g=0:201", waits: "?g=0:201" }
      for (const name of pages) {
        await go(page, `#/${name}${(params as Record<string, string>)[name] ?? ""}`)
        if (name === "leaks") await page.getByRole("button", { name: "Check for leaks" }).click()
        await marks[name].first().waitFor()
        expect(await seriousProblems(page), name).toEqual([])
      }
      await go(page, "#/goroutines?group=stack")
      await page.getByRole("row", { name: /160 session/ }).waitFor()
      await page.keyboard.press("?")
      await page.getByRole("dialog").waitFor()
      expect(await seriousProblems(page), "keys").toEqual([])
      await done(opened)
    })

    it(`shows everything of a saved trace, and axe finds nothing serious, ${scheme}`, { tags: "long" }, async () => {
      const opened = await openPage(browser, { scheme })
      const { page } = opened
      await enter(page, saved)
      await page.getByRole("heading", { name: "What was waited for" }).waitFor()
      for (const name of pages) {
        await go(page, `#/${name}`)
        await page.locator("main h1, main .empty h2").first().waitFor()
        expect(await seriousProblems(page), name).toEqual([])
      }
      await go(page, "#/goroutines?filter=submitJob")
      await page
        .getByRole("row", { name: /submitJob/ })
        .first()
        .click()
      await page.getByRole("complementary").getByText("In the trace").waitFor()
      expect(await page.getByRole("button", { name: "Record trace" }).count()).toBe(0)
      await done(opened)
    })
  }

  it("asks nobody but its own server, and takes the token out of the address", async () => {
    const opened = await openPage(browser)
    const { asked, page } = opened
    await enter(page, live)
    for (const name of pages) await go(page, `#/${name}`)
    const { origin } = new URL(live.url)
    expect(asked.filter((url) => !url.startsWith(`${origin}/`))).toEqual([])
    expect(asked.some((url) => url.includes("token"))).toBe(false)
    expect(page.url()).not.toContain("token")
    expect(await page.context().cookies()).toEqual([])
    await page.goBack()
    expect(page.url()).not.toContain("token")
    await done(opened)
  })

  it("asks for the token where a tab has none, and goes on with it", async () => {
    const { page } = await openPage(browser)
    await page.goto(`${new URL(live.url).origin}/#/goroutines?filter=ledger`)
    await page.getByLabel(/Token/).fill(live.url)
    await page.getByRole("button", { name: "Open" }).click()
    await page.getByRole("row", { name: /closeLedger/ }).waitFor()
    await page.context().close()
  })

  it("comes back from its address: page, filter, order, selection", { tags: "long" }, async () => {
    const opened = await openPage(browser)
    const { page } = opened
    await enter(page, live)
    await page.keyboard.press("2")
    await page.keyboard.press("/")
    await page.keyboard.type("reason:mutex thread:main")
    await page.getByRole("columnheader", { name: "#" }).getByRole("button").click()
    await page.getByRole("row", { name: /refundPayment/ }).click()
    const address = page.url()
    expect(address).toContain("#/goroutines?")
    await page.goto("about:blank")
    await page.goto(address)
    await page
      .getByRole("complementary")
      .getByRole("heading", { name: /refundPayment/ })
      .waitFor()
    expect(await page.getByLabel("Filter goroutines").inputValue()).toBe("reason:mutex thread:main")
    expect(await page.getByRole("columnheader", { name: "#" }).getAttribute("aria-sort")).toBe("descending")
    expect(await page.getByRole("row", { name: /refundPayment/ }).getAttribute("aria-selected")).toBe("true")
    // Selecting was a step, and typing was none.
    await page.goBack()
    await page.getByRole("complementary").waitFor({ state: "detached" })
    await done(opened)
  })

  it("comes back from its address: window of time", { tags: "long" }, async () => {
    const opened = await openPage(browser)
    const { page } = opened
    await enter(page, saved)
    await go(page, "#/timeline?t=100,112")
    await page.locator(".timeline[data-ready]").waitFor()
    expect(await page.locator(".window-text").textContent()).toBe("12 ms from 100 ms")
    await page.keyboard.press("+")
    await page.keyboard.press("ArrowRight")
    await expect.poll(() => page.url()).not.toContain("t=100,112")
    const text = await page.locator(".window-text").textContent()
    await page.reload()
    await page.locator(".timeline[data-ready]").waitFor()
    expect(await page.locator(".window-text").textContent()).toBe(text)
    await done(opened)
  })

  it("is worked by keys", async () => {
    const opened = await openPage(browser)
    const { page } = opened
    await enter(page, live)
    const headings = ["Overview", "Goroutines", "No trace yet", "Wait-for graph", "Channels", "Locks", "Leaks"]
    for (const [i, name] of headings.entries()) {
      await page.keyboard.press(String(i + 1))
      await page.getByRole("heading", { name, exact: true }).first().waitFor()
    }
    await page.keyboard.press("2")
    await page.getByRole("grid").focus()
    for (const key of ["Home", "ArrowDown", "ArrowDown", "Enter"]) await page.keyboard.press(key)
    const third = await page.locator("#row-2 [role=gridcell]").nth(1).textContent()
    await page.getByRole("complementary").getByRole("heading", { name: third! }).waitFor()
    await page.keyboard.press("Escape")
    await page.getByRole("complementary").waitFor({ state: "detached" })
    await page.keyboard.press("t")
    expect(await page.locator("html").getAttribute("data-theme")).toBe("dark")
    await page.keyboard.press("?")
    await page.getByRole("dialog").getByText("start or stop a recording").waitFor()
    await page.keyboard.press("Escape")
    await page.getByRole("dialog").waitFor({ state: "detached" })
    await done(opened)
  })

  it("pans, zooms and selects on the timeline, and says the same in words", { tags: "long" }, async () => {
    const opened = await openPage(browser)
    const { page } = opened
    await enter(page, saved)
    await go(page, "#/timeline?t=100,112&filter=worker&order=created")
    await page.locator(".timeline[data-ready]").waitFor()
    const box = (await page.locator(".tl-plot canvas").last().boundingBox())!
    const at = (x: number, row: number) => [box.x + x, box.y + row * 22 + 11] as const
    await page.mouse.move(...at(300, 5))
    await page
      .getByText(/woken by|from 10/)
      .first()
      .waitFor()
    const before = await page.locator(".window-text").textContent()
    await page.mouse.down()
    await page.mouse.move(...at(200, 5), { steps: 4 })
    await page.mouse.up()
    expect(await page.locator(".window-text").textContent()).not.toBe(before)
    await page.mouse.click(...at(300, 5))
    await page
      .getByRole("complementary")
      .getByRole("heading", { name: /worker/ })
      .waitFor()
    // The address follows when the hand rests.
    await expect.poll(() => page.url()).not.toContain("t=100,112")
    // Its history leads to where it happened.
    const here = await page.locator(".window-text").textContent()
    await page
      .getByRole("complementary")
      .getByRole("list", { name: /last slices/ })
      .getByRole("link")
      .first()
      .click()
    await expect.poll(() => page.locator(".window-text").textContent()).not.toBe(here)
    await page.goBack()
    await expect.poll(() => page.locator(".window-text").textContent()).toBe(here)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("n")
    await page.getByText("The same in words").click()
    await page
      .getByRole("table")
      .getByRole("row", { name: /worker/ })
      .first()
      .waitFor()
    await page.keyboard.press("0")
    expect(await page.locator(".window-text").textContent()).toMatch(/^40\d ms/)
    await done(opened)
  })

  it("scrolls through a hundred thousand goroutines with a few of them in the document", { tags: "long" }, async () => {
    const crowded = await serve({ source: new FakeProcess(shopDump({ crowd: 100_000 })) })
    const opened = await openPage(browser)
    const { page } = opened
    await enter(page, crowded)
    await page.keyboard.press("2")
    await page.getByRole("grid").focus()
    await page.keyboard.press("End")
    await page.locator("#row-100483").waitFor()
    expect(await page.getByRole("row").count()).toBeLessThan(80)
    await page.keyboard.press("/")
    await page.keyboard.type("refund")
    await page.getByRole("row", { name: /refundPayment/ }).waitFor()
    await done(opened)
    await crowded.close()
  })

  it("stops a recording that the process has not heard of yet", async () => {
    const recorded = new FakeProcess()
    const served = await serve({ source: recorded })
    const opened = await openPage(browser)
    const { page } = opened
    let isStopped!: () => void
    const stopped = new Promise<void>((resolve) => (isStopped = resolve))
    await page.context().route("**/api/trace", async (route) => {
      if (route.request().method() === "POST") await stopped
      await route.continue()
    })
    await enter(page, served)
    await page.getByRole("button", { name: "Record trace" }).click()
    await page.getByRole("button", { name: /^Stop/ }).click()
    isStopped()
    await page.getByRole("button", { name: /^Download/ }).waitFor()
    expect(recorded.tracesRunning).toBe(0)
    await done(opened)
    await served.close()
  })

  it("keeps what it has when the process ends, and says so", { tags: "long" }, async () => {
    const mortal = new FakeProcess()
    const served = await serve({ source: mortal })
    const opened = await openPage(browser)
    const { page } = opened
    await enter(page, served)
    mortal.end("it exited with code 3")
    await page.getByText("The process has ended").waitFor()
    await page.getByText("it exited with code 3").waitFor()
    await page.keyboard.press("2")
    await page.getByRole("row", { name: /settleOrder/ }).waitFor()
    expect(await page.getByRole("button", { name: "Record trace" }).isDisabled()).toBe(true)
    await page.reload()
    await page.getByRole("row", { name: /settleOrder/ }).waitFor()
    await done(opened)
    await served.close()
  })

  it("says what is wrong with a file that is no trace", async () => {
    const served = await serve({ source: new URL(import.meta.url).pathname })
    const { page } = await openPage(browser)
    await page.goto(served.url)
    await page.getByRole("heading", { name: "The trace can't be read" }).waitFor()
    await page.getByText(/it does not begin with/).waitFor()
    await page.context().close()
    await served.close()
  })
})

async function enter(page: Page, served: Served): Promise<void> {
  await page.goto(served.url)
  await page.getByRole("heading", { name: "Overview" }).waitFor()
}

const go = (page: Page, hash: string): Promise<unknown> => page.evaluate((to) => (location.hash = to), hash)

async function record(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Record trace" }).click()
  await page.getByRole("button", { name: /^Stop/ }).click()
  await page.getByRole("button", { name: /^Download/ }).waitFor()
}

/** Nothing went wrong meanwhile. */
async function done({ errors, page }: OpenedPage): Promise<void> {
  expect(errors).toEqual([])
  await page.context().close()
}

interface Problem {
  readonly id: string
  readonly impact: string
  readonly nodes: ReadonlyArray<{ readonly html: string; readonly failureSummary: string }>
}

async function seriousProblems(page: Page): Promise<ReadonlyArray<string>> {
  // By the debugger, which the page's policy does not bind.
  await page.evaluate(axe)
  const violations = await page.evaluate<ReadonlyArray<Problem>>("axe.run().then((result) => result.violations)")
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ failureSummary, html }) => `${html} ${failureSummary}`).join(" | ")}`,
    )
}
