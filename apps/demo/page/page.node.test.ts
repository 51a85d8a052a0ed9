/**
 * The page in a real browser: what it draws, and what goes on meanwhile.
 *
 * @module-tag long
 */
import { mkdir } from "node:fs/promises"
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
const images =
  process.env["SCREENSHOTS"] === undefined
    ? undefined
    : fileURLToPath(new URL("../../../docs/images/", import.meta.url))

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

  it("draws every row on threads, and its frames go on meanwhile", async () => {
    const { errors, page } = await opened(server.site)
    await rendered(page, "thread")
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
    expect(await unpainted(page)).toBe(0)
    const [onThreads] = await results(page)
    expect(onThreads!.frames).toBeGreaterThan(1)

    await page.getByText("The page itself", { exact: true }).click()
    await rendered(page, "the page itself")
    expect(await unpainted(page)).toBe(0)
    // Nearly all of the picture was one frame.
    const itself = (await results(page)).find(({ name }) => name === "the page itself")!
    expect(itself.longest).toBeGreaterThan(0.5 * itself.took)
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

  it.skipIf(images === undefined)("is photographed for the docs", async () => {
    await mkdir(images!, { recursive: true })
    const { page } = await opened(server.site, { width: 1280, height: 900 })
    await rendered(page, "thread")
    for (const name of [/^The page itself$/, /^1 thread$/, /^2 threads$/]) {
      await page.locator("label").filter({ hasText: name }).click()
      await rendered(page, name.source.slice(1, -1).replace("The", "the"))
    }
    await page.screenshot({ path: `${images}browser-light.png`, fullPage: true })
    await page.emulateMedia({ colorScheme: "dark" })
    await page.locator("#picture").click({ position: { x: 0.28 * 720, y: 260 } })
    await rendered(page, "thread")
    await page.screenshot({ path: `${images}browser-dark.png`, fullPage: true })
    await page.setViewportSize({ width: 390, height: 844 })
    await page.screenshot({ path: `${images}browser-narrow.png`, fullPage: true })
    await page.close()
  })
})

/** A small window: a small picture is soon rendered. */
async function opened(site: string, viewport = { width: 420, height: 700 }) {
  const page = await browser.newPage({ viewport })
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

const rendered = (page: Page, on: string) =>
  page.waitForFunction((text) => {
    const status = document.getElementById("status")!.textContent
    return status.startsWith("Rendered on ") && status.includes(text)
  }, on)

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
