/**
 * The agent of a page: what a browser loads from `weft ui --pages`. In workers too, where they load it.
 *
 * It does what the agent of a process does (`agent.ts`), as far as a browser lets it, and changes as little. When the connection ends, from either side, all of it goes: hooks, timers, the socket.
 */
import type { AttachPoint } from "@weft/core"
import { FrameKind } from "../../format/trace-file.ts"
import { type Command, type DumpReply, WireKind } from "../../format/wire.ts"
import { CommandQueue } from "../command-queue.ts"
import { heapUsedBytes } from "../heap.ts"
import { watchPoints } from "../points.ts"
import { Rows } from "../rows.ts"
import { nobodyThere } from "../../pages/nobody-there.ts"
import { sendAll } from "../send-rows.ts"
import { Statistics } from "../stats.ts"
import { Tracing } from "../tracing.ts"
import { about, threadName } from "./about.ts"
import { PageConnection } from "./page-connection.ts"

const mostStacks = 5000
/** Of core's attach point. */
const protocol = 1
const looks: ReadonlySet<string> = new Set(["dump", "stats"])

/** A connection of this page, or worker, to `weft ui --pages`. */
export interface PageLink {
  /** For workers of this page: connected to it they are its threads. */
  readonly address: string
  /** Why it was closed. */
  readonly closed: Promise<string>
  close(): void
}

const links = new Map<string, Promise<PageLink>>()

/** Connects to the address that `weft ui --pages` printed; once, however often it is called. */
export function connect(address: string): Promise<PageLink> {
  let link = links.get(address)
  if (link === undefined) {
    link = PageAgent.connect(new URL(address))
    links.set(address, link)
    const forget = () => links.delete(address)
    link.then(({ closed }) => closed.then(forget), forget)
  }
  return link
}

class PageAgent {
  readonly #points = new Set<AttachPoint>()
  /** Attach protocols of copies of Weft that this agent does not know. */
  readonly #others = new Set<number>()
  readonly #connection: PageConnection
  readonly #commands: CommandQueue
  readonly #thread: number
  readonly #unwatch: () => void
  #tracing: Tracing | undefined
  #isStreamed = false
  #statistics: Statistics | undefined

  static connect({ hash, host, origin, protocol }: URL): Promise<PageLink> {
    const [, key = "", page = newPage()] = /^#([\w-]+)(?:\/([\w-]+))?$/.exec(hash) ?? []
    const socket = `${protocol === "https:" ? "wss" : "ws"}://${host}/page/${page}`
    return new Promise((resolve, reject) => {
      let agent: PageAgent | undefined
      let end!: (why: string) => void
      const closed = new Promise<string>((settle) => (end = settle))
      const connection = new PageConnection(socket, {
        onAdmitted: (thread) => {
          connection.sendJson(WireKind.Hello, about(key, thread))
          agent = new PageAgent(connection, thread)
        },
        onCommand: (command) => {
          // Who is told to do something has been let in.
          resolve({ address: `${origin}/#${key}/${page}`, closed, close: () => connection.close() })
          agent?.take(command)
        },
        onEnd: (why) => {
          agent?.end()
          end(why || "the connection was closed")
          // The agent is of a command that did run: a browser loads it once for a page.
          reject(new Error(why || `${nobodyThere(origin)}, then connect again`))
        },
      })
    })
  }

  private constructor(connection: PageConnection, thread: number) {
    this.#connection = connection
    this.#commands = new CommandQueue(connection, (command) => this.#do(command))
    this.#thread = thread
    this.#unwatch = watchPoints((point) => {
      if ((point.protocol as number) !== protocol) return void this.#others.add(point.protocol)
      this.#points.add(point)
      this.#tracing?.listenTo(point)
    })
  }

  take(command: Command): void {
    this.#commands.take(command)
  }

  async #do(command: Command): Promise<unknown> {
    if (this.#points.size === 0 && looks.has(command.do)) this.#refuse()
    switch (command.do) {
      case "dump":
        return this.#dump(command.mostStacks)
      case "stats":
        this.#statistics ??= new Statistics()
        return {
          ...(await this.#statistics.take(this.#points)),
          rssBytes: 0,
          cpuSeconds: 0,
          uptimeSeconds: performance.now() / 1000,
        }
      case "trace":
        return this.#trace(command)
      case "stop": {
        const tracing = this.#tracing
        this.#tracing = undefined
        return tracing?.stop(this.#isStreamed)
      }
      case "detach":
        return undefined
      case "leaks":
        throw new Error(
          "weft: in a page it can't be proven that goroutines have leaked, as browsers give pages no way to collect garbage; those that wait longest are suspects, and code that runs in Node too can be checked there with weft leaks",
        )
      default:
        throw new Error(`weft: the agent of a page does not know ${JSON.stringify(command.do)}`)
    }
  }

  #refuse(): never {
    const [other] = this.#others
    throw new Error(
      other === undefined
        ? "weft: no @weft/core was found in this page: it has loaded none, or only in workers that have not connected"
        : `weft: this page runs a @weft/core with attach protocol ${other}, and this is a weft for ${protocol}; use the @weft/devtools of its version`,
    )
  }

  async #dump(most: number): Promise<DumpReply> {
    const rows = new Rows(Math.min(most, mostStacks))
    const { longestPauseMillis } = await sendAll(this.#points, rows, this.#connection, this.#thread)
    const { objects, several, stacksTaken } = rows
    return { heapUsedBytes: heapUsedBytes(), utilization: 0, stacksTaken, longestPauseMillis, objects, several }
  }

  async #trace({ bytes, isStreamed, ops }: Extract<Command, { do: "trace" }>): Promise<void> {
    if (this.#tracing !== undefined) throw new Error("weft: this page is traced already; stop that first")
    this.#isStreamed = isStreamed
    const thread = this.#thread
    this.#connection.sendJson(FrameKind.Thread, { thread, name: threadName(thread), zero: performance.timeOrigin })
    const options = { ops, bytes: Math.min(bytes, mostRingBytes), isStreamed }
    this.#tracing = new Tracing(this.#connection, thread, this.#points, options, (event, detail) =>
      this.#commands.reply({ id: 0, event, detail }),
    )
    if (isStreamed) await this.#tracing.sendGoroutines()
  }

  end(): void {
    this.#commands.end()
    this.#tracing?.dispose()
    this.#tracing = undefined
    this.#statistics?.close()
    this.#unwatch()
    this.#points.clear()
  }
}

const mostRingBytes = 256 * 1024 * 1024

/** No `randomUUID`: it is there in secure contexts only. */
const newPage = (): string => Array.from(crypto.getRandomValues(new Uint32Array(3)), (n) => n.toString(36)).join("")
