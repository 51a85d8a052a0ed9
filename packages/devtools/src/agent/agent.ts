/**
 * The agent: what runs in each thread of a process that somebody looks at.
 *
 * It is one self-contained script, evaluated there, so nothing has to be installed in the process. It connects to its client's socket, which only the same user can
 * open, shows a token, and does what the client asks: nothing that changes the program. When the connection ends, for whatever reason, all of it goes: hooks, timers,
 * the socket, the inspector's session.
 */
import type { AttachPoint } from "@weft/core"
import { FrameKind } from "../format/trace-file.ts"
import { type Command, type DumpReply, type Hello, type LeaksReply, type Reply, WireKind } from "../format/wire.ts"
import { Busy } from "./busy.ts"
import { Connection } from "./connection.ts"
import type { AgentOptions } from "./expression.ts"
import { ThreadStarter } from "./inspected.ts"
import { findLeaks } from "./leaks.ts"
import { hasInspectorWithin, node } from "./node.ts"
import { watchPoints } from "./points.ts"
import { Rows } from "./rows.ts"
import { Statistics } from "./stats.ts"
import { Tracing } from "./tracing.ts"
import { walk } from "./walk.ts"

/** Starts the agent in this thread. Answers how many copies of Weft it has found so far. */
export function startAgent(source: string, options: AgentOptions): number {
  return new Agent(source, options).points.size
}

const mostStacks = 5000
/** Of core's attach point. */
const protocol = 1

class Agent {
  readonly points = new Set<AttachPoint>()
  readonly #connection: Connection
  /** Attach protocols of copies of Weft that this agent does not know. */
  readonly #others = new Set<number>()
  readonly #thread: number
  readonly #stops: Array<() => void>
  #tracing: Tracing | undefined
  #isStreamed = false
  #statistics: Statistics | undefined
  #isOver = false

  constructor(source: string, options: AgentOptions) {
    this.#thread = node.threads.threadId
    this.#connection = new Connection(
      options.path,
      (command) => void this.#obey(command),
      () => this.#end(),
    )
    this.#connection.sendJson(WireKind.Hello, hello(options.token))
    const unwatch = watchPoints((point) => {
      if ((point.protocol as number) !== protocol) {
        this.#others.add(point.protocol)
        return
      }
      this.points.add(point)
      this.#tracing?.listenTo(point)
    })
    this.#stops = [unwatch]
    if (!hasInspectorWithin()) return
    const starter = new ThreadStarter(source, options, (threads) => this.#reply({ id: 0, threads }))
    this.#stops.push(() => starter.close())
  }

  async #obey(command: Command): Promise<void> {
    try {
      const value = await this.#do(command)
      this.#reply({ id: command.id, value })
    } catch (error) {
      this.#reply({ id: command.id, error: error instanceof Error ? error.message : String(error) })
    }
    if (command.do === "detach") this.#connection.close()
  }

  #reply(reply: Reply): void {
    this.#connection.sendJson(WireKind.Reply, reply)
  }

  async #do(command: Command): Promise<unknown> {
    const [other] = this.#others
    if (other !== undefined && this.points.size === 0 && command.do !== "detach" && command.do !== "close inspector")
      throw new Error(
        `weft: this process runs a @weft/core with attach protocol ${other}, and this is a weft for ${protocol}; use the @weft/devtools of its version`,
      )
    switch (command.do) {
      case "dump":
        return this.#dump(command.mostStacks)
      case "stats":
        this.#statistics ??= new Statistics()
        return {
          ...(await this.#statistics.take(this.points)),
          rssBytes: process.memoryUsage.rss(),
          cpuSeconds: cpuSeconds(),
          uptimeSeconds: process.uptime(),
        }
      case "leaks":
        return this.#leaks(command.suspectSeconds)
      case "trace":
        return this.#trace(command)
      case "snapshot":
        return this.#tracing?.snapshot(command.seconds)
      case "stop": {
        const tracing = this.#tracing
        this.#tracing = undefined
        return tracing?.stop(this.#isStreamed)
      }
      case "close inspector":
        // It waits for its last client: he is gone before he asks for this.
        return node.inspector.close()
      case "detach":
        return undefined
      default:
        throw new Error(`weft: this agent does not know ${JSON.stringify((command as { do: unknown }).do)}`)
    }
  }

  async #dump(most: number): Promise<DumpReply> {
    const rows = new Rows(Math.min(most, mostStacks))
    const connection = this.#connection
    let isFlushing = Promise.resolve()
    const { longestPauseMillis } = await walk(this.points, (goroutine) => {
      rows.add(goroutine)
      if (rows.length < 16_384) return
      this.#sendRows(rows)
      isFlushing = isFlushing.then(() => connection.whenWritable())
    })
    this.#sendRows(rows)
    await isFlushing
    return this.#dumpReply(rows, longestPauseMillis)
  }

  #dumpReply({ objects, several, stacksTaken }: Rows, longestPauseMillis: number): DumpReply {
    return {
      heapUsedBytes: process.memoryUsage().heapUsed,
      utilization: new Busy().take(),
      stacksTaken,
      longestPauseMillis,
      objects,
      several,
    }
  }

  #sendRows(rows: Rows): void {
    const strings = rows.strings.takeNew()
    if (strings !== undefined) this.#connection.sendJson(WireKind.DumpStrings, { thread: this.#thread, ...strings })
    this.#connection.send(WireKind.DumpRows, rows.takeBytes())
  }

  async #leaks(suspectSeconds: number): Promise<LeaksReply> {
    this.#tracing?.forgetRecent()
    const { checked, gone, rows, suspects } = await findLeaks(this.points, suspectSeconds, mostStacks)
    this.#sendRows(rows)
    return { ...this.#dumpReply(rows, 0), checked, gone, suspects }
  }

  async #trace({ bytes, isStreamed, ops }: Extract<Command, { do: "trace" }>): Promise<void> {
    if (this.#tracing !== undefined) throw new Error("weft: this connection traces already; stop that first")
    this.#isStreamed = isStreamed
    this.#connection.sendJson(FrameKind.Thread, { thread: this.#thread, name: threadName(), zero: zero() })
    this.#tracing = new Tracing(
      this.#connection,
      this.#thread,
      this.points,
      { ops, bytes, isStreamed },
      (event, detail) => this.#reply({ id: 0, event, detail }),
    )
    if (isStreamed) await this.#tracing.sendGoroutines()
  }

  #end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#tracing?.dispose()
    this.#tracing = undefined
    this.#statistics?.close()
    for (const stop of this.#stops) stop()
    this.points.clear()
  }
}

const threadName = (): string => {
  // Since Node 24.6.
  const { isMainThread, threadId, threadName } = node.threads as Partial<typeof node.threads>
  if (isMainThread === true) return "main"
  const isNamed = typeof threadName === "string" && threadName !== "" && threadName !== "WorkerThread"
  return isNamed ? threadName : `thread ${threadId}`
}

const zero = (): number => node.performance.performance.timeOrigin

function cpuSeconds(): number {
  const { system, user } = process.cpuUsage()
  return (system + user) / 1e6
}

function hello(token: string): Hello {
  const { os, threads } = node
  return {
    token,
    pid: process.pid,
    thread: threads.threadId,
    name: threadName(),
    title: title(),
    argv: process.argv,
    runtime: runtime(),
    host: os.hostname(),
    cores: os.availableParallelism(),
    uptimeSeconds: process.uptime(),
    zero: zero(),
  }
}

/** What the program calls itself; otherwise its script, with the folder it stands in. */
function title(): string {
  const { argv, execPath, title } = process
  const [, script] = argv
  if (
    script === undefined ||
    (title !== "node" && title !== "deno" && title !== execPath && !title.startsWith(execPath))
  )
    return title
  return script.split(/[\\/]/).slice(-2).join("/")
}

function runtime(): string {
  const { bun, deno, node: version } = process.versions as { bun?: string; deno?: string; node: string }
  return deno !== undefined ? `deno ${deno}` : bun !== undefined ? `bun ${bun}` : `node ${version}`
}
