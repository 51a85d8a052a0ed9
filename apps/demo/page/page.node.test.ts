/**
 * The page in a real browser: what it draws, and what goes on meanwhile.
 *
 * @module-tag long
 */
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { codec as codecs, sharedChan as makeSharedChan } from "@weft/channels"
import type { AtomicInt32 as Atomic, SharedMutex as Mutex } from "@weft/sync"
import { build } from "esbuild"
import { type Browser, chromium, type Page } from "playwright"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { findChromium } from "../../../scripts/chromium.ts"
import { buildPage } from "../src/browser/build-page.ts"
import { type PageServer, servePage } from "../src/browser/serve-page.ts"

const executablePath = findChromium()
/** `SCREENSHOTS=1 npm test -- page.node` renews those in the docs. */
const forDocs = process.env["SCREENSHOTS"] !== undefined
const images = fileURLToPath(new URL("../../../docs/images/", import.meta.url))
const large = { width: 1280, height: 900 }

let browser: Browser
let server: PageServer
let plain: PageServer

describe.skipIf(executablePath === undefined)("the page", () => {
  beforeAll(async () => {
    const args = process.getuid?.() === 0 ? ["--no-sandbox", "--disable-gpu"] : ["--disable-gpu"]
    browser = await chromium.launch({ executablePath: executablePath!, args })
    const files = await buildPage()
    server = await servePage(files, { port: 0, isolated: true })
    plain = await servePage(files, { port: 0, isolated: false })
  })

  afterAll(async () => {
    await browser.close()
    await server[Symbol.asyncDispose]()
    await plain[Symbol.asyncDispose]()
  })

  it("draws every row, on threads and by itself", async () => {
    const { errors, page } = await opened(server.site)
    await rendered(page, "thread")
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
    expect(await unpainted(page)).toBe(0)
    await compute(page, "The page itself")
    expect(await unpainted(page)).toBe(0)
    expect(errors).toEqual([])
    await page.close()
  })

  it("has its frames while threads compute, and none while it computes the same picture itself", async () => {
    // Two pixels a point: a picture that takes the page itself so long that nothing else keeps a frame back for half of that.
    const { errors, page } = await opened(server.site, large, 2)
    await rendered(page, "thread") // they have started
    const meter = await watchFrames(page)
    const measured = async (choice: string) => {
      await meter.evaluate((frames) => frames.begin())
      await compute(page, choice)
      const gap = await meter.evaluate((frames) => frames.longest())
      const shown = (await results(page)).find(({ name }) => name === nameOf(choice))!
      return { gap, ...shown }
    }
    const itself = await measured("The page itself")
    // One thread takes as long as the page: with more, a page that stands still all the time would stand still for less.
    const onOne = await measured("1 thread")
    const onAll = await measured(await lastChoice(page))

    expect(itself.gap).toBeGreaterThan(0.5 * itself.took)
    expect(onOne.gap).toBeLessThan(0.5 * itself.gap)
    expect(onOne.gap).toBeLessThan(0.5 * onOne.took)
    expect(onAll.gap).toBeLessThan(0.5 * itself.gap)
    expect(onAll.gap).toBeLessThan(0.5 * onAll.took)
    // So says the page, too.
    expect(itself.longest).toBeGreaterThan(0.5 * itself.took)
    expect(onOne.longest).toBeLessThan(0.5 * itself.longest)
    expect(errors).toEqual([])
    await page.close()
  })

  it("draws every row without shared memory, too", async () => {
    const { errors, page } = await opened(plain.site)
    await rendered(page, "thread")
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false)
    expect(await unpainted(page)).toBe(0)
    expect(errors).toEqual([])
    await page.close()
  })

  it("is told by what headers a page has shared memory, where it has none", async () => {
    const { page } = await opened(plain.site)
    await page.addScriptTag({ content: await sharedThings() })
    const thrown = await page.evaluate(() => {
      const { AtomicInt32, codec, sharedChan, SharedMutex } = (globalThis as unknown as { readonly weft: SharedThings })
        .weft
      return [() => new AtomicInt32(), () => new SharedMutex(), () => sharedChan(codec.f64, 4)].map((make) => {
        try {
          make()
          return "nothing"
        } catch (error) {
          return String(error)
        }
      })
    })
    for (const text of thrown)
      expect(text).toMatch(
        /^SharedMemoryUnavailable: .*"Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp"/,
      )
    await page.close()
  })

  it("zooms by click and key, leaving what is under way, and pauses", async () => {
    const { errors, page } = await opened(server.site)
    await page.locator("#picture").click({ position: { x: 60, y: 40 } }) // while the first one is rendered
    await page.locator("#picture").press("-")
    await page.getByRole("button", { name: "Pause" }).click()
    await page.getByRole("button", { name: "Whole set" }).click()
    await page.waitForFunction(() => document.getElementById("status")!.textContent.startsWith("Rendering"))
    expect(await page.getByRole("button", { name: "Go on" }).getAttribute("aria-pressed")).toBe("true")
    await page.getByRole("button", { name: "Go on" }).click()
    await rendered(page, "thread")
    expect(await unpainted(page)).toBe(0)
    expect(errors).toEqual([])
    await page.close()
  })

  it("is photographed, in light and dark, wide and narrow", async () => {
    if (forDocs) await mkdir(images, { recursive: true })
    const folder = forDocs ? images : await mkdtemp(join(tmpdir(), "weft-page-"))
    const { page } = await opened(server.site, large)
    const photograph = async (name: string) => {
      const path = join(folder, `browser-${name}.png`)
      await page.screenshot({ path, fullPage: true })
      const size = await page.evaluate(() => [innerWidth, document.documentElement.scrollHeight])
      const { colours, height, width } = await decoded(page, path)
      expect([width, height]).toEqual(size)
      // Text and buttons have some dozens; a thousand and more are a picture.
      expect(colours).toBeGreaterThan(1_000)
    }
    await rendered(page, "thread")
    for (const choice of ["The page itself", "1 thread", await lastChoice(page)]) await compute(page, choice)
    await photograph("light")
    await page.emulateMedia({ colorScheme: "dark" })
    await page.locator("#picture").click({ position: { x: 0.28 * 720, y: 260 } })
    await rendered(page, "thread")
    await photograph("dark")
    await page.setViewportSize({ width: 390, height: 844 })
    await photograph("narrow")
    await page.close()
    if (!forDocs) await rm(folder, { recursive: true })
  })
})

/** A small window: a small picture is soon rendered. */
async function opened(site: string, viewport = { width: 420, height: 700 }, deviceScaleFactor = 1) {
  const page = await browser.newPage({ viewport, deviceScaleFactor })
  const errors: Array<string> = []
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") errors.push(message.text())
  })
  page.on("pageerror", (error) => errors.push(String(error)))
  await page.goto(site)
  return { page, errors }
}

interface SharedThings {
  readonly AtomicInt32: typeof Atomic
  readonly SharedMutex: typeof Mutex
  readonly codec: typeof codecs
  readonly sharedChan: typeof makeSharedChan
}

/** A script that makes them a global, `weft`, of a page. */
async function sharedThings(): Promise<string> {
  const contents = [
    `export { AtomicInt32, SharedMutex } from "@weft/sync"`,
    `export { codec, sharedChan } from "@weft/channels"`,
  ].join("\n")
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    conditions: ["@weft/source"],
    format: "iife",
    globalName: "weft",
    write: false,
  })
  return outputFiles[0]!.text
}

/** Once more, even where that is chosen already. */
async function compute(page: Page, choice: string): Promise<void> {
  // What it says of the last picture is not what is waited for.
  await page.evaluate(() => (document.getElementById("status")!.textContent = ""))
  const label = page.locator("label").filter({ hasText: new RegExp(`^${choice}$`) })
  if (await label.locator("input").isChecked()) await page.getByRole("button", { name: "Render again" }).click()
  else await label.click()
  await rendered(page, nameOf(choice))
}

const nameOf = (choice: string): string => choice.replace("The", "the")

/** As many threads as there are cores. */
const lastChoice = async (page: Page): Promise<string> => (await page.locator("#choices label").last().textContent())!

const rendered = (page: Page, on: string) =>
  page.waitForFunction((text) => {
    const status = document.getElementById("status")!.textContent
    return status.startsWith("Rendered on ") && status.includes(text)
  }, on)

/** How long it took from one frame to the next at most, measured apart from what the page shows. */
const watchFrames = (page: Page) =>
  page.evaluateHandle(() => {
    let before = performance.now()
    let longest = 0
    const see = () => {
      const now = performance.now()
      longest = Math.max(longest, now - before)
      before = now
    }
    const frame = () => {
      see()
      requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
    return {
      begin() {
        before = performance.now()
        longest = 0
      },
      longest() {
        see() // a frame that is late
        return longest
      },
    }
  })

/** What is in a file, by the browser's own decoder. */
const decoded = async (page: Page, path: string) =>
  page.evaluate(
    async (text) => {
      const bytes = Uint8Array.fromBase64(text)
      const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }))
      const context = new OffscreenCanvas(image.width, image.height).getContext("2d")!
      context.drawImage(image, 0, 0)
      const { data } = context.getImageData(0, 0, image.width, image.height)
      return { width: image.width, height: image.height, colours: new Set(new Uint32Array(data.buffer)).size }
    },
    await readFile(path, "base64"),
  )

/** Pixels that nobody has drawn: those are transparent. */
const unpainted = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>("#picture")!
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true })!
    copy.drawImage(canvas, 0, 0)
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height)
    return data.filter((value, i) => i % 4 === 3 && value !== 255).length
  })

const results = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLTableRowElement>("#results tr")].map(({ cells, dataset }) => ({
      name: cells[0]!.textContent,
      took: Number.parseInt(cells[1]!.textContent),
      frames: Number(dataset["frames"]),
      longest: Number.parseInt(cells[3]!.textContent),
    })),
  )
