/**
 * The agent: what runs in each thread of a process that somebody looks at.
 *
 * It is one self-contained script, evaluated there, so nothing has to be installed in the process. It connects to its client's socket, which only the same user can
 * open, shows a token, and does what the client asks: nothing that changes the program. When the connection ends, for whatever reason, all of it goes: hooks, timers,
 * the socket, the inspector's session.
 */
import type { AttachPoint } from "@weft/core"
import { FrameKind } from "../format/trace-file.ts"
import type { WantedValues } from "../format/value-options.ts"
import { type Command, type DumpReply, type Hello, type LeaksReply, WireKind } from "../format/wire.ts"
import { Busy } from "./busy.ts"
import { CommandQueue } from "./command-queue.ts"
import { Connection } from "./connection.ts"
import type { AgentOptions } from "./expression.ts"
import { ThreadStarter } from "./inspected.ts"
import { findLeaks } from "./leaks.ts"
import { hasInspectorWithin, node } from "./node.ts"
import { watchPoints } from "./points.ts"
import { Rows } from "./rows.ts"
import { sendAll, sendRows } from "./send-rows.ts"
import type { SnapshotOf } from "./snapshot-now.ts"
import { Statistics } from "./stats.ts"
import { nameOfThread } from "./thread-name.ts"
import { Tracing } from "./tracing.ts"
import { WaitingValues } from "./waiting-values.ts"

/**
 * Starts the agent in this thread. Resolves to whether it has reached its client, and never rejects: nobody may be there to catch that.
 *
 * An inspector evaluates in the middle of whatever the thread is doing. One that starts, or imports, is loading its host's modules, and whoever asks for one then gets it
 * half loaded: a `threadId` of undefined, a connection that throws, or one of which nothing is heard again. So nothing is asked for before a microtask runs, when all that
 * was being loaded is whole. Not by a timer: before the thread has its event loop, setting one ends the process.
 */
export async function startAgent(source: string, options: AgentOptions): Promise<boolean> {
  await Promise.resolve()
  return new Promise((resolve) => {
    try {
      new Agent(source, options, resolve)
    } catch {
      resolve(false)
    }
  })
}

const mostStacks = 5000
/** How long the inspector may be open, where its client does not say. */
const inspectorMillis = 5000
const looks: ReadonlySet<string> = new Set(["dump", "stats", "leaks"])
/** Of core's attach point. */
const protocol = 1

class Agent {
  readonly points = new Set<AttachPoint>()
  readonly #connection: Connection
  readonly #commands: CommandQueue
  /** Attach protocols of copies of Weft that this agent does not know. */
  readonly #others = new Set<number>()
  readonly #thread: number
  readonly #options: AgentOptions
  readonly #stops: Array<() => void>
  #tracing: Tracing | undefined
  #isStreamed = false
  #statistics: Statistics | undefined
  #isOver = false
  #isInspectorOpen: boolean

  constructor(source: string, options: AgentOptions, onConnected: (isConnected: boolean) => void) {
    this.#thread = node.threads.threadId
    this.#isInspectorOpen = options.closesInspector === true
    this.#options = options
    this.#connection = new Connection(
      options.path,
      (command) => this.#commands.take(command),
      () => onConnected(true),
      () => {
        onConnected(false)
        this.#end()
      },
    )
    this.#commands = new CommandQueue(this.#connection, (command) => this.#do(command))
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
    if (this.#isInspectorOpen) {
      const timer = node.timers.setTimeout(() => this.#closeInspector(), inspectorMillis)
      timer.unref()
      this.#stops.push(() => node.timers.clearTimeout(timer))
    }
    if (!hasInspectorWithin()) return
    try {
      const starter = new ThreadStarter(source, { path: options.path, token: options.token }, (threads, known) =>
        this.#commands.reply({ id: 0, threads, known }),
      )
      this.#stops.push(() => starter.close())
    } catch {
      // Node may be forbidden to use its inspector (`--permission`): then this thread is all there is to see.
    }
  }

  async #do(command: Command): Promise<unknown> {
    const [other] = this.#others
    if (other !== undefined && this.points.size === 0 && command.do !== "detach" && command.do !== "close inspector")
      throw new Error(
        `weft: this process runs a @weft/core with attach protocol ${other}, and this is a weft for ${protocol}; use the @weft/devtools of its version`,
      )
    if (this.points.size === 0 && node.threads.isMainThread && looks.has(command.do))
      throw new Error("weft: no @weft/core has been loaded in this process")
    switch (command.do) {
      case "dump":
        return this.#dump(command.mostStacks, command.values)
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
        return this.#closeInspector()
      case "detach":
        return undefined
      default:
        throw new Error(`weft: this agent does not know ${JSON.stringify((command as { do: unknown }).do)}`)
    }
  }

  async #dump(most: number, wanted: WantedValues | undefined): Promise<DumpReply> {
    const values = wanted === undefined ? undefined : new WaitingValues(wanted)
    const rows = new Rows(Math.min(most, mostStacks), values)
    const { longestPauseMillis } = await sendAll(this.points, rows, this.#connection, this.#thread)
    return { ...this.#dumpReply(rows, longestPauseMillis), ...values?.reply() }
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

  async #leaks(suspectSeconds: number): Promise<LeaksReply> {
    this.#tracing?.forgetRecent()
    const { checked, gone, rows, suspects } = await findLeaks(this.points, suspectSeconds, mostStacks)
    sendRows(rows, this.#connection, this.#thread)
    return { ...this.#dumpReply(rows, 0), checked, gone, suspects }
  }

  async #trace({ bytes, isStreamed, ops, values }: Extract<Command, { do: "trace" }>): Promise<void> {
    if (this.#tracing !== undefined) throw new Error("weft: this connection traces already; stop that first")
    this.#isStreamed = isStreamed
    this.#connection.sendJson(FrameKind.Thread, { thread: this.#thread, name: threadName(), zero: zero() })
    this.#tracing = new Tracing(
      this.#connection,
      this.#thread,
      this.points,
      { ops, bytes, isStreamed, values },
      (event, detail) => this.#tell(event, detail),
    )
    if (isStreamed) await this.#tracing.sendGoroutines()
  }

  #tell(event: "deadlock" | "panic" | "loop delay", detail: string): void {
    const tracing = this.#tracing
    if (tracing !== undefined)
      this.#options.onEvent?.(event, detail, (siteOf) => tracing.snapshotNow(this.#asSnapshot(), siteOf))
    this.#commands.reply({ id: 0, event, detail })
  }

  #asSnapshot(): SnapshotOf {
    const { argv, cores, host, pid, runtime, title } = hello("")
    const meta = { pid, title, argv, host, runtime, cores, startedAt: Date.now(), ops: false }
    return { meta, thread: this.#thread, name: threadName(), zero: zero() }
  }

  #closeInspector(): void {
    if (!this.#isInspectorOpen) return
    this.#isInspectorOpen = false
    // It waits for its last client: he is gone before he asks for this.
    node.inspector.close()
  }

  #end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#commands.end()
    this.#tracing?.dispose()
    this.#tracing = undefined
    this.#statistics?.close()
    this.#closeInspector()
    for (const stop of this.#stops) stop()
    this.points.clear()
  }
}

const threadName = (): string => {
  // Since Node 24.6.
  const { isMainThread, threadId, threadName } = node.threads as Partial<typeof node.threads>
  return isMainThread === true ? "main" : nameOfThread(threadId!, threadName)
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
