/** Pages of a real browser, looked at through `weft ui --pages`. */
import { type AddressInfo, connect as connectSocket, type Socket } from "node:net"
import { WebSocket } from "@effect/platform-node/NodeWS"
import type { Browser, BrowserContext, Page as Tab } from "playwright"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { Pages } from "../../src/pages/pages.ts"
import type { Served } from "../../src/web/serve.ts"
import { servePages } from "../../src/web/serve-pages.ts"
import { chromiumPath, launch, type OpenedPage, openPage } from "./support/chromium.ts"
import { openSite, type Site } from "./support/site.ts"

const key = "k".repeat(32)

let browser: Browser
let site: Site
let pages: Pages
let served: Served

describe.skipIf(chromiumPath === undefined)("a page of a browser", () => {
  beforeAll(async () => {
    browser = await launch()
    site = await openSite()
  })

  afterAll(async () => {
    await browser.close()
    await site[Symbol.asyncDispose]()
  })

  beforeEach(async () => {
    pages = await Pages.open({ port: 0, key, allowed: [] })
    served = await servePages(pages)
  })

  afterEach(async () => {
    await served.close()
    await pages.close()
  })

  it("connected by a line of code shows its goroutines, where they stand in the sources, blocked and traced", async () => {
    const shop = await visit(site)
    expect(await connectHere(shop.page)).toContain(pages.address)
    const ui = await openPage(browser)
    await ui.page.goto(served.url)
    await ui.page.getByRole("link", { name: "Warehouse" }).click()
    await ui.page.getByRole("heading", { name: "Event loop delay" }).waitFor()
    await ui.page.getByText(`${site.origin}/`, { exact: true }).waitFor()

    await ui.page.keyboard.press("2")
    await ui.page
      .getByRole("row", { name: /packer/ })
      .first()
      .click()
    const detail = ui.page.getByRole("complementary")
    await detail
      .getByText(/page\.ts:15:\d+/)
      .first()
      .waitFor()
    expect(await detail.getByText(/chunk|page\.js|packages\/core/).count()).toBe(0)

    await ui.page.keyboard.press("4")
    await ui.page.getByRole("heading", { name: "Wait-for graph" }).waitFor()
    await ui.page.getByRole("button", { name: "Record trace" }).click()
    await ui.page.getByRole("button", { name: /^Stop · \d+ s · [1-9]/ }).click()
    await ui.page.locator(".timeline[data-ready]").waitFor()
    await ui.page.getByText(/clerk/).first().waitFor()

    await ui.page.keyboard.press("7")
    await ui.page.getByRole("heading", { name: "In a page leaks can't be proven" }).waitFor()
    expect(ui.errors).toEqual([])
    expect(shop.errors).toEqual([])
    await closed(ui, shop)
  })

  it("connected by the bookmark shows the same, and is as it was when it is let go", async () => {
    const shop = await visit(site)
    const before = await globalsOf(shop.page)
    await clickBookmark(shop.page)
    const page = await connected()
    const names = (await page.dump()).threads[0]!.goroutines.map(({ name }) => name)
    expect(names.filter((name) => name === "subscriber")).toHaveLength(5)
    const { threads } = await page.stats()
    expect(threads[0]!.live).toBe(8)
    // Clicked again it connects nobody twice.
    await clickBookmark(shop.page)
    expect(pages.list()).toHaveLength(1)
    await expect(page.leaks()).rejects.toThrow("can't be proven")
    await expect(page.dump({ values: true })).rejects.toThrow("values of messages can't be shown of a page")
    const traced = page.trace({ ops: true, bufferBytes: 2 ** 20, values: true }, () => undefined)
    await expect(traced).rejects.toThrow("values of messages can't be shown of a page")
    await page.detach()
    await expect.poll(() => globalsOf(shop.page)).toEqual(before)
    expect(shop.errors).toEqual([])
    await closed(shop)
  })

  it("has the workers that connect to its address for threads", async () => {
    const shop = await visit(site)
    const address = await connectHere(shop.page)
    const page = await connected()
    await shop.page.evaluate((address) => (globalThis as unknown as Site_).connectWorker(address), address)
    await expect.poll(() => page.threads).toBe(2)
    const { threads } = await page.dump()
    expect(threads.map(({ name }) => name)).toEqual(["page", "packing hall"])
    const sorter = threads[1]!.goroutines.find(({ name }) => name === "sorter")!
    expect(sorter.stack[0]).toMatch(/^worker\.ts:7:\d+$/)
    const bytes: Array<Uint8Array> = []
    const running = await page.trace({ ops: true, bufferBytes: 2 ** 20 }, (part) => void bytes.push(part.slice()))
    await expect
      .poll(() => Buffer.concat(bytes).includes("sorter") && Buffer.concat(bytes).includes("clerk"))
      .toBe(true)
    await running.stop()
    await closed(shop)
  })

  it("that reloads is gone, and there again when it connects again; others stay", { tags: "long" }, async () => {
    const [one, other] = [await visit(site), await visit(site)]
    await connectHere(one.page)
    await connectHere(other.page)
    expect(pages.list()).toHaveLength(2)
    const [first, second] = pages.list()
    await one.page.reload()
    expect(await first!.ended).toContain("closed or reloaded")
    await expect(first!.dump()).rejects.toThrow("closed or reloaded")
    await expect.poll(() => one.page.evaluate(() => "connectHere" in globalThis)).toBe(true)
    await connectHere(one.page)
    expect(pages.list().map(({ endedBecause }) => endedBecause === undefined)).toEqual([false, true, true])
    expect((await second!.dump()).threads[0]!.goroutines).toHaveLength(8)
    await closed(one, other)
  })

  it("hears why it is closed when the command ends", { tags: "long" }, async () => {
    const shop = await visit(site)
    await connectHere(shop.page)
    await pages.close()
    await shop.page.waitForFunction(() => "closedBecause" in globalThis)
    expect(shop.errors).toEqual([])
    await closed(shop)
    pages = await Pages.open({ port: 0, key, allowed: [] })
  })

  it("whose policy forbids it is told so, and what to allow", { tags: "long" }, async () => {
    await using strict = await openSite({ "content-security-policy": "script-src 'self'; connect-src 'self'" })
    const shop = await visit(strict)
    const said = await connectHere(shop.page)
    expect(said).toContain("CannotConnect: weft: can't connect to")
    expect(said).toContain("Content-Security-Policy of this page forbids it (script-src")
    expect(said).toContain(
      `allow ${pages.origin} in its script-src, and ${pages.origin.replace("http", "ws")} in its connect-src`,
    )
    await using half = await openSite({
      "content-security-policy": `script-src 'self' ${pages.origin}; connect-src 'self'`,
    })
    const other = await visit(half)
    expect(await connectHere(other.page)).toContain("(connect-src)")
    expect(pages.list()).toEqual([])
    await closed(shop, other)
  })

  it("with nobody to connect to, or the wrong key, is told so", async () => {
    const shop = await visit(site)
    expect(await connectHere(shop.page, `${pages.origin}/#wrong`)).toContain("its key is not the one")
    expect(await connectHere(shop.page, "http://127.0.0.1:1/#x")).toContain(
      "weft ui --pages no longer runs at port 1, or its port is another one now; start weft ui --pages --pages-port 1, then reload",
    )
    await closed(shop)
  })

  it("on which the bookmark is clicked when the command has ended is told so, in a box and in the console", async () => {
    const [known, fresh] = [await visit(site), await visit(site)]
    await clickBookmark(known.page)
    await connected()
    await pages.close()
    const { port } = new URL(pages.origin)
    // One of them has the agent already.
    for (const { page } of [known, fresh]) {
      const inBox = page.waitForEvent("dialog")
      const inConsole = page.waitForEvent("console", (message) => message.type() === "warning")
      await clickBookmark(page)
      const box = await inBox
      const words = `Weft: weft ui --pages no longer runs at port ${port}, or its port is another one now; start weft ui --pages --pages-port ${port}, then `
      expect(box.message()).toContain(words)
      expect((await inConsole).text()).toContain(words)
      await box.dismiss()
    }
    await closed(known, fresh)
    pages = await Pages.open({ port: 0, key, allowed: [] })
  })

  it("without Weft says so", async () => {
    const shop = await visit(site, "/empty")
    await clickBookmark(shop.page)
    const page = await connected()
    await expect(page.dump()).rejects.toThrow("no @weft/core was found in this page")
    await closed(shop)
  })

  it("without Weft is said to have none, and is shown as soon as it has loaded it", async () => {
    const shop = await visit(site, "/empty")
    await clickBookmark(shop.page)
    await connected()
    const ui = await openPage(browser)
    await ui.page.goto(served.url)
    await ui.page.getByRole("link", { name: "Nothing" }).click()
    await status(ui, "no Weft found")
    await ui.page.getByText("No @weft/core was found in this page").waitFor()
    await shop.page.addScriptTag({ url: "/page.js", type: "module" })
    await status(ui, "live")
    expect(await ui.page.getByText("No @weft/core was found").count()).toBe(0)
    await ui.page.keyboard.press("2")
    await ui.page.getByRole("row", { name: /packer/ }).waitFor()
    // One word for its thread, wherever it is.
    await ui.page.keyboard.press("5")
    await ui.page.getByRole("grid").getByText("page", { exact: true }).first().waitFor()
    await closed(ui, shop)
  })

  it("that comes or goes is in the title and the status of the list of pages", async () => {
    const ui = await openPage(browser)
    await ui.page.goto(served.url)
    const shown = async (words: string, title: string) => {
      await status(ui, words)
      expect(await ui.page.title()).toBe(title)
    }
    await shown("waiting for pages", "Waiting for pages · Weft")
    const shop = await visit(site)
    await connectHere(shop.page)
    await shown("1 page connected", "1 page · Weft")
    await closed(shop)
    await shown("waiting for pages", "Waiting for pages · Weft")
    await closed(ui)
  })
})

describe("who may connect", () => {
  beforeEach(async () => {
    pages = await Pages.open({ port: 0, key, allowed: ["https://staging.example.com"] })
  })
  afterEach(() => pages.close())

  it("is a page of this machine, or of an origin that was allowed", async () => {
    for (const origin of [
      "http://localhost:5173",
      "http://127.0.0.1:1",
      "http://[::1]:8080",
      "https://shop.localhost",
      "https://staging.example.com",
    ])
      expect(await outcome({ origin }), origin).toBe("open")
    for (const origin of [
      "https://evil.example",
      "null",
      "http://localhost.evil.example",
      "http://127.0.0.1.evil.example",
      "https://staging.example.com.evil.example",
      "http://staging.example.com",
      "file://",
      undefined,
    ])
      expect(await outcome({ origin }), String(origin)).toBe(403)
  })

  it("is nobody by a foreign name that points here", async () => {
    const port = new URL(pages.origin).port
    for (const host of ["evil.example", `evil.example:${port}`, "127.0.0.1", `localhost.evil.example:${port}`])
      expect(await outcome({ host }), host).toBe(421)
  })

  it("gets an agent that says what to do, where its origin is not allowed", async () => {
    const asked: Array<string> = []
    pages.onRefused = (origin) => asked.push(origin)
    const response = await fetch(`${pages.origin}/agent.js`, { headers: { origin: "https://evil.example" } })
    expect(response.headers.get("access-control-allow-origin")).toBe("https://evil.example")
    const text = await response.text()
    expect(text).toContain("weft ui --pages --allow https://evil.example")
    expect(text.length).toBeLessThan(300)
    expect(asked).toEqual(["https://evil.example"])
    expect((await fetch(`${pages.origin}/agent.js`)).status).toBe(404)
    expect((await fetch(`${pages.origin}/`, { headers: { origin: "http://localhost" } })).status).toBe(404)
  })

  it("shows the key", async () => {
    const socket = await opened({})
    socket.send(frame(32, { ...hello, token: "x" }))
    expect(await closeOf(socket)).toMatchObject({ code: 1008 })
    expect(pages.list()).toEqual([])
  })
})

describe("a hostile page", () => {
  beforeEach(async () => {
    pages = await Pages.open({ port: 0, key, allowed: [] })
  })
  afterEach(() => pages.close())

  it("that sends anything at all is cut off, and others stay", async () => {
    const good = await admitted()
    for (const garbage of [
      Buffer.from("GET / HTTP/1.1\r\n\r\n"),
      Buffer.alloc(5, 255),
      Buffer.from([0, 0, 0, 0, 34]),
      frame(34, null),
      frame(34, "reply"),
      frame(35, { not: "rows" }),
      frame(1, "\u0000"),
    ]) {
      const socket = await opened({})
      socket.send(garbage)
      expect((await closeOf(socket)).code).toBeGreaterThan(1000)
    }
    expect(pages.list()).toHaveLength(1)
    expect(good.readyState).toBe(good.OPEN)
  })

  it("that is let in and then sends nonsense is cut off, or not heard", { tags: "long" }, async () => {
    for (const nonsense of [
      Buffer.alloc(5, 255),
      Buffer.from([3, 0, 0, 0, 34, 1, 2, 3]),
      frame(34, null),
      frame(34, `é${"x".repeat(500)}`),
    ]) {
      const socket = await admitted()
      socket.send(nonsense)
      await closeOf(socket)
    }
    const socket = await admitted()
    // Nobody has asked for any of this.
    for (let i = 0; i < 200; i++) socket.send(frameOf(35, Buffer.alloc(440_000)))
    for (const kind of [0, 1, 5, 36, 77, 255]) socket.send(frame(kind, { thread: 7, strings: ["x"] }))
    socket.send(frame(34, { id: 99, value: "what nobody asked" }))
    const page = pages.list().at(-1)!
    const dump = page.dump()
    answer(socket, (command) => (command.do === "dump" ? [frame(34, { id: command.id, value: null })] : []))
    await expect(dump).rejects.toThrow()
    expect(page.endedBecause).toBeUndefined()
  })

  it("that sends frames longer than a frame is, is cut off before they are there", async () => {
    const socket = await admitted()
    socket.on("error", () => undefined)
    const before = process.memoryUsage().arrayBuffers
    const raw = (socket as unknown as { _socket: Socket })._socket
    // A header that announces a gigabyte.
    raw.write(Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 1, 2, 3, 4]))
    await closeOf(socket)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10e6)
  })

  it("that answers a dump with rows without end is cut off", { tags: "long" }, async () => {
    const socket = await admitted()
    const page = pages.list().at(-1)!
    const dump = page.dump()
    const rows = frameOf(35, Buffer.alloc(8_000_000))
    answer(socket, ({ do: what }) => (what === "dump" ? Array.from({ length: 40 }, () => rows) : []))
    await expect(dump).rejects.toThrow()
    await closeOf(socket)
  })

  it("says of itself what it likes, and is a line of text all the same", async () => {
    const socket = await opened({})
    socket.send(
      frame(32, {
        ...hello,
        title: { toString: 1 },
        argv: [["x"]],
        name: "n".repeat(100_000),
        cores: "many",
        zero: null,
        thread: -5,
        pid: "1",
      }),
    )
    await new Promise((resolve) => socket.once("message", resolve))
    const page = pages.list().at(-1)!
    expect([page.title, page.url, page.runtime]).toEqual(["", "", "weft"])
    expect(page.pid).toBe(1)
  })

  it("that never says hello, or half of one, is nobody", async () => {
    const socket = await opened({})
    socket.send(frame(32, hello).subarray(0, 20))
    const { port } = new URL(pages.origin)
    const raw = connectSocket(Number(port), "127.0.0.1")
    raw.write("GET /page/x HTTP/1.1\r\nhost: ")
    expect(pages.list()).toEqual([])
    raw.destroy()
  })

  it("that says no hello is cut off when sixteen others have come that say none; who has said his stays", async () => {
    const good = await admitted()
    const silent: Array<WebSocket> = []
    for (let i = 0; i < 16; i++) silent.push(await opened({}))
    expect(silent.map(({ readyState, OPEN }) => readyState === OPEN)).not.toContain(false)
    const first = closeOf(silent[0]!)
    silent.push(await opened({}))
    await first
    expect(silent.slice(1).map(({ readyState, OPEN }) => readyState === OPEN)).not.toContain(false)
    expect(good.readyState).toBe(good.OPEN)
  })

  it("can't make the server ask others for source maps", async () => {
    const socket = await admitted()
    const page = pages.list().at(-1)!
    const dump = page.dump()
    const asked: Array<string> = []
    await using other = await openRecorder(asked)
    answer(socket, (command) => {
      if (command.do !== "dump") return []
      const strings = [`at steal (${other.origin}/secret.js:1:1)`, `at f (http://localhost:5173.evil.example/x.js:1:1)`]
      return [
        frame(36, { thread: 0, first: 1, strings }),
        frame(34, { id: command.id, value: { objects: [], several: [] } }),
      ]
    })
    await dump
    expect(asked).toEqual([])
  })
})

// ---- pages

interface Site_ {
  connectHere(address: string): Promise<string>
  connectWorker(address: string): void
}

async function visit({ origin }: Site, path = "/"): Promise<OpenedPage> {
  const opened = await openPage(browser)
  await opened.page.goto(`${origin}${path}`)
  if (path === "/") await expect.poll(() => opened.page.evaluate(() => "connectHere" in globalThis)).toBe(true)
  return opened
}

const connectHere = (tab: Tab, address: string = pages.address): Promise<string> =>
  tab.evaluate((address) => (globalThis as unknown as Site_).connectHere(address), address)

/** As a bookmark does: its text is run as a script of the page. */
async function clickBookmark(tab: Tab): Promise<void> {
  await tab.evaluate((href) => {
    location.href = href
  }, pages.bookmarklet)
}

async function connected() {
  await expect.poll(() => pages.list().length).toBe(1)
  return pages.list()[0]!
}

const status = (ui: OpenedPage, words: string): Promise<void> =>
  ui.page.getByRole("banner").getByRole("status").filter({ hasText: words }).waitFor()

const globalsOf = (tab: Tab): Promise<ReadonlyArray<string>> =>
  tab.evaluate(() => [
    ...Object.getOwnPropertyNames(globalThis),
    ...Object.getOwnPropertySymbols(globalThis).map(String),
    ...Reflect.ownKeys((globalThis as unknown as Record<symbol, object>)[Symbol.for("@weft/core.attach")] ?? {}).map(
      String,
    ),
  ])

async function closed(...all: ReadonlyArray<OpenedPage>): Promise<void> {
  for (const { page } of all) await (page.context() satisfies BrowserContext).close()
}

// ---- clients that are no browsers

const hello = {
  token: key,
  pid: 1,
  thread: 0,
  name: "n",
  title: "t",
  argv: ["http://localhost:5173/"],
  runtime: "weft",
  host: "h",
  cores: 1,
  uptimeSeconds: 1,
  zero: 0,
}

const socketTo = (
  { host, origin = "http://localhost:5173" }: { readonly host?: string; readonly origin?: string | undefined },
  name = "p",
) =>
  new WebSocket(`${pages.origin.replace("http", "ws")}/page/${name}`, {
    headers: { origin, ...(host === undefined ? {} : { host }) },
  })

function outcome(headers: { readonly host?: string; readonly origin?: string | undefined }): Promise<number | string> {
  const socket =
    "origin" in headers && headers.origin === undefined
      ? new WebSocket(`${pages.origin.replace("http", "ws")}/page/p`)
      : socketTo(headers)
  return new Promise((resolve) => {
    socket.on("error", () => undefined)
    socket.on("unexpected-response", (_request, { statusCode }) => resolve(statusCode ?? 0))
    socket.on("open", () => {
      socket.terminate()
      resolve("open")
    })
  })
}

let names = 0

async function opened(headers: { readonly origin?: string }): Promise<WebSocket> {
  const socket = socketTo(headers, `p${++names}`)
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject)
    // Which thread it is.
    socket.once("message", () => resolve())
  })
  return socket
}

async function admitted(): Promise<WebSocket> {
  const socket = await opened({})
  socket.send(frame(32, hello))
  const command = await new Promise<Buffer>((resolve) => socket.once("message", resolve))
  socket.send(frame(34, { id: (JSON.parse(command.subarray(5).toString()) as { id: number }).id, value: undefined }))
  return socket
}

function answer(
  socket: WebSocket,
  reply: (command: { readonly id: number; readonly do: string }) => ReadonlyArray<Buffer>,
): void {
  socket.on("message", (message: Buffer) => {
    for (const each of reply(JSON.parse(message.subarray(5).toString()) as { id: number; do: string }))
      socket.send(each, () => undefined)
  })
}

const closeOf = (socket: WebSocket): Promise<{ readonly code: number }> =>
  new Promise((resolve) => {
    if (socket.readyState === socket.CLOSED) resolve({ code: 1006 })
    socket.once("close", (code: number) => resolve({ code }))
  })

const frame = (kind: number, value: unknown): Buffer => frameOf(kind, Buffer.from(JSON.stringify(value)))

function frameOf(kind: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(5)
  header.writeUInt32LE(payload.length, 0)
  header[4] = kind
  return Buffer.concat([header, payload])
}

async function openRecorder(asked: Array<string>) {
  const { createServer } = await import("node:http")
  const server = createServer(({ url = "" }, response) => {
    asked.push(url)
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
