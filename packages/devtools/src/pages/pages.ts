/**
 * Pages: where the agents of browser pages connect, and those that have.
 *
 * A page imports the agent from here and opens a WebSocket, by which it is then asked like a process. What comes is bounded and believed in nothing: whoever sends what is no frame, too
 * long a one, or no hello in time, is cut off; of what nobody asked for nothing is kept.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import type { Duplex } from "node:stream"
import { loadPageAgent } from "#agent-source"
import type { ThreadLink } from "../attach/thread-link.ts"
import { welcome } from "../attach/welcome.ts"
import type { Hello } from "../format/wire.ts"
import { bookmarklet } from "./bookmarklet.ts"
import { Page } from "./page.ts"
import { originOf, PageGuard } from "./page-guard.ts"
import { WebSocketWire } from "./web-socket-wire.ts"
import { type WebSocket, type WebSocketServer, webSocketServer } from "./web-sockets.ts"

const longestFrame = 64 * 1024 * 1024
const headerBytes = 5
const mostConnections = 256
/** Connections that have not said hello: whoever is a page does so at once. */
const mostSilent = 16
/** Pages that are gone, and are still shown. */
const mostEnded = 8
const mostRefused = 8
const longestText = 2000
/** Of WebSocket: "Policy Violation". */
const refusal = 1008

export interface PagesOptions {
  /** 0: a free one. */
  readonly port: number
  readonly key: string
  /** Origins besides those of this machine. */
  readonly allowed: ReadonlyArray<string>
}

export class Pages {
  readonly origin: string
  /** What `connect` of `@weft/devtools/browser` is given. */
  readonly address: string
  readonly bookmarklet: string
  /** Origins that have asked, and are not allowed. */
  readonly refused: Set<string> = new Set()
  onPage: (page: Page) => void = () => undefined
  onRefused: (origin: string) => void = () => undefined
  /** By number; it grows. */
  readonly #pages = new Map<number, Page>()
  /** By what the page calls itself: threads of one page say the same. */
  readonly #groups = new Map<string, Group>()
  /** Those that have not said hello, oldest first; by what cuts them off. */
  readonly #silent = new Set<() => void>()
  readonly #server: Server
  readonly #sockets: WebSocketServer
  readonly #guard: PageGuard
  readonly #agent: string
  #lastPage = 0

  private constructor(server: Server, agent: string, { allowed, key }: PagesOptions) {
    const { port } = server.address() as AddressInfo
    this.#server = server
    this.#agent = agent
    this.#guard = new PageGuard(port, key, allowed)
    this.#sockets = webSocketServer(longestFrame + headerBytes)
    this.origin = `http://127.0.0.1:${port}`
    this.address = `${this.origin}/#${key}`
    this.bookmarklet = bookmarklet(this.origin, this.address)
    server.on("request", (request: IncomingMessage, response: ServerResponse) => this.#answer(request, response))
    server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#upgrade(request, socket, head),
    )
  }

  static async open(options: PagesOptions): Promise<Pages> {
    const agent = await loadPageAgent()
    const server = createServer()
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject)
      server.listen(options.port, "127.0.0.1", resolve)
    })
    return new Pages(server, agent, options)
  }

  /** In the order in which they came; those that are gone too, until they are too many. */
  list(): ReadonlyArray<Page> {
    return [...this.#pages.values()]
  }

  find(number: number): Page | undefined {
    return this.#pages.get(number)
  }

  async close(): Promise<void> {
    await Promise.all(this.list().map((page) => page.detach()))
    for (const socket of this.#sockets.clients) socket.terminate()
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeAllConnections()
    await closed
  }

  // ---- requests

  #answer({ headers, method, url }: IncomingMessage, response: ServerResponse): void {
    const { host, origin } = headers
    const say = (status: number, more: Readonly<Record<string, string>>, body = ""): void => {
      response.writeHead(status, { ...always, ...more })
      response.end(body)
    }
    if (!this.#guard.isOurs(host)) return say(421, {})
    if (origin === undefined) return say(404, {})
    const allowed = { "access-control-allow-origin": origin, vary: "origin" }
    const isAllowed = this.#guard.isAllowed(origin)
    // A site that is not of this machine is asked for this first, by some browsers.
    if (method === "OPTIONS")
      return say(204, isAllowed ? { ...allowed, "access-control-allow-private-network": "true" } : {})
    if (method !== "GET" || url !== "/agent.js") return say(404, {})
    if (!isAllowed) this.#isRefused(origin)
    // To anybody, as it tells nothing: what is not allowed hears in words what to do.
    say(
      200,
      { ...allowed, "content-type": "text/javascript; charset=utf-8" },
      isAllowed ? this.#agent : noAgent(origin),
    )
  }

  #isRefused(origin: string): void {
    // It is shown as a part of a command: whoever is no browser may have written more than an origin.
    if (originOf(origin) !== origin || !isOneWord.test(origin)) return
    if (origin.length > longestText || this.refused.has(origin) || this.refused.size >= mostRefused) return
    this.refused.add(origin)
    this.onRefused(origin)
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { host, origin } = request.headers
    const [, group] = /^\/page\/([\w-]{1,64})$/.exec(request.url ?? "") ?? []
    const status = !this.#guard.isOurs(host)
      ? "421 Misdirected Request"
      : !this.#guard.isAllowed(origin)
        ? "403 Forbidden"
        : group === undefined
          ? "404 Not Found"
          : this.#sockets.clients.size >= mostConnections
            ? "503 Service Unavailable"
            : undefined
    socket.on("error", () => socket.destroy())
    if (status !== undefined || group === undefined || origin === undefined)
      return void socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n\r\n`)
    this.#sockets.handleUpgrade(request, socket, head, (connected) => this.#connected(connected, group, origin))
  }

  // ---- threads

  #connected(socket: WebSocket, name: string, origin: string): void {
    const key = `${origin} ${name}`
    const group = this.#groups.get(key) ?? { links: new Set(), threads: 0, connections: 0, page: undefined }
    this.#groups.set(key, group)
    group.connections++
    // At once: nobody holds more of them open than there may be.
    const makeRoom = (): void => {
      socket.close(refusal, "others have come, and it had said no hello")
      socket.terminate()
    }
    this.#silent.add(makeRoom)
    socket.once("close", () => {
      this.#silent.delete(makeRoom)
      if (--group.connections === 0) this.#groups.delete(key)
    })
    if (this.#silent.size > mostSilent) this.#cutOffOldest()
    const thread = group.threads++
    socket.send(String(thread))
    const wire = new WebSocketWire(socket)
    const cutOff = (why: string): void => {
      socket.close(refusal, closeReason(why))
      setTimeout(() => socket.terminate(), closeMillis).unref()
    }
    welcome(wire, {
      longestFrame,
      cutOff,
      admit: (hello) => {
        if (!this.#guard.isKey(hello.token))
          throw new Error("its key is not the one that weft ui --pages prints; take that line or bookmark")
        if (thread > 0 && group.page === undefined) throw new Error("the page of this worker is not connected")
        return checked(hello, thread, group.page?.pid ?? this.#lastPage + 1)
      },
      onThread: (link) => {
        this.#silent.delete(makeRoom)
        this.#added(link, group, origin)
      },
    })
  }

  #cutOffOldest(): void {
    const [oldest] = this.#silent
    if (oldest === undefined) return
    this.#silent.delete(oldest)
    oldest()
  }

  #added(link: ThreadLink, group: Group, origin: string): void {
    group.links.add(link)
    void link.ended.then(() => group.links.delete(link))
    // A first command tells the agent that it has been let in.
    void link.ask({ do: "stop" }).catch(() => undefined)
    if (group.page !== undefined) return group.page.added(link)
    const page = new Page(link, group.links, origin)
    group.page = page
    this.#lastPage = page.pid
    this.#pages.set(page.pid, page)
    void page.ended.then(() => this.#forgetEnded())
    this.onPage(page)
  }

  #forgetEnded(): void {
    const ended = this.list().filter(({ endedBecause }) => endedBecause !== undefined)
    for (const { pid } of ended.slice(0, -mostEnded)) this.#pages.delete(pid)
  }
}

/** The connections of a page: its own, and those of its workers. */
interface Group {
  readonly links: Set<ThreadLink>
  threads: number
  connections: number
  page: Page | undefined
}

const closeMillis = 1000
/** To a shell. */
const isOneWord = /^[\w.:/[\]-]+$/

/** A WebSocket has room for 123 bytes of it, and throws at more: an error's words may be a page's own. */
const closeReason = (why: string): string => why.replace(/[^ -~]/g, "?").slice(0, 123)

const always = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'",
  "cross-origin-resource-policy": "cross-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
}

/** What a site gets that is not allowed. */
function noAgent(origin: string): string {
  const message = `pages of ${origin} may not connect; start weft ui --pages --allow ${origin}`
  return `export const connect = () => Promise.reject(new Error(${JSON.stringify(message)}))\n`
}

/** As much of a hello as is believed: texts of bounded length. What thread of which page it is, is ours to say. */
function checked(
  { argv, cores, host, name, runtime, title, uptimeSeconds, zero }: Hello,
  thread: number,
  pid: number,
): Hello {
  const [url = ""] = Array.isArray(argv) ? (argv as ReadonlyArray<string>) : []
  return {
    token: "",
    pid,
    thread,
    name: text(name),
    title: text(title),
    argv: [text(url)],
    runtime: text(runtime),
    host: text(host),
    cores: number(cores),
    uptimeSeconds: number(uptimeSeconds),
    zero: number(zero),
  }
}

const text = (value: unknown): string => (typeof value === "string" ? value.slice(0, longestText) : "")
const number = (value: unknown): number => (typeof value === "number" && Number.isFinite(value) ? value : 0)
