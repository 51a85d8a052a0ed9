/**
 * Attachment: what the threads of a target say, put together.
 *
 * A thread is one connection. Threads that start later connect by themselves; those that end are left out from then on. One that never gives way to its event loop can't
 * connect, and is counted as silent.
 */
import type { MissingSourceMap, ProcessDump, ThreadDump } from "../format/dump.ts"
import type { ProcessLeaks, ThreadLeaks } from "../format/leaks.ts"
import type { SilentThread } from "../format/silent-thread.ts"
import type { ProcessStats, ThreadStats } from "../format/stats.ts"
import { type ValueOptions, type WantedValues, wantedValues } from "../format/value-options.ts"
import type { DumpReply, Hello, LeaksReply } from "../format/wire.ts"
import type { SourceMaps } from "../source-maps/source-maps.ts"
import type { AttachedProcess, RecordedEvent, Recording, RunningTrace, TraceRequest } from "./attached.ts"
import { DumpReader } from "./dump-reader.ts"
import { siteOf } from "./own-frames.ts"
import type { Listener } from "./listener.ts"
import type { ThreadLink } from "./thread-link.ts"
import { TraceStream } from "./trace-stream.ts"

/** How long a thread may take to connect, before it is taken for silent. */
const connectMillis = 2000
const mostStacks = 5000
/** How long detaching waits for what is under way. */
const lastAnswerMillis = 1000

export class Attachment implements AttachedProcess {
  readonly pid: number
  readonly title: string
  readonly argv: ReadonlyArray<string>
  readonly runtime: string
  inspectorOpenMillis = 0
  readonly ended: Promise<string>
  readonly #main: ThreadLink
  readonly #links: Set<ThreadLink>
  readonly #maps: SourceMaps
  readonly #close: () => void
  readonly #unref: () => void
  #stream: TraceStream | undefined
  #isDetached = false
  #silent = 0
  /** Commands wait for one another: the frames of a reply are told apart by their order. */
  #queue: Promise<unknown> = Promise.resolve()

  constructor(main: ThreadLink, links: Set<ThreadLink>, maps: SourceMaps, listener: Pick<Listener, "close" | "unref">) {
    const { argv, pid, runtime, title } = main.hello
    this.pid = pid
    this.title = title
    this.argv = argv
    this.runtime = runtime
    this.#main = main
    this.#links = links
    this.#maps = maps
    this.#close = () => listener.close()
    this.#unref = () => listener.unref()
    this.ended = main.ended.then(() => {
      this.#close()
      return this.#isDetached ? "detached" : "the process has ended"
    })
  }

  /** A thread has connected. */
  added(link: ThreadLink): void {
    void this.#stream?.add(link)
  }

  /** @internal Has the agent close the port. */
  async closeInspector(openedAt: number): Promise<void> {
    await this.#main.ask({ do: "close inspector" })
    this.inspectorOpenMillis = performance.now() - openedAt
  }

  /** Threads that have not connected, after a wait for them. */
  async #silence(): Promise<{ readonly silentThreads: number; readonly silent?: ReadonlyArray<SilentThread> }> {
    const deadline = performance.now() + connectMillis
    const missing = () => {
      let expected = 1
      for (const { childThreads } of this.#links) expected += childThreads
      return Math.max(0, expected - this.#links.size)
    }
    // Those that were waited for once are not waited for again.
    while (missing() > this.#silent && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 5))
    const silentThreads = (this.#silent = missing())
    if (silentThreads === 0) return { silentThreads }
    const here = new Set([...this.#links].map(({ hello }) => hello.thread))
    const known = [...this.#links].flatMap(({ knownThreads }) => knownThreads)
    const silent = known.filter(({ thread }) => !here.has(thread)).sort((a, b) => a.thread - b.thread)
    return silent.length === 0 ? { silentThreads } : { silentThreads, silent }
  }

  dump({ values }: { readonly values?: boolean | ValueOptions } = {}): Promise<ProcessDump> {
    return this.#inTurn(async () => {
      const wanted = wantedValues(values)
      const began = performance.now()
      const silence = await this.#silence()
      const { threads, longestPauseMillis } = await this.#dumpThreads(wanted)
      const { uptimeSeconds } = this.#main.hello
      return {
        pid: this.pid,
        title: this.title,
        argv: this.argv,
        runtime: this.runtime,
        takenAt: new Date().toISOString(),
        uptimeSeconds: uptimeSeconds + (performance.now() - this.#connectedAt) / 1000,
        longestPauseMillis,
        tookMillis: performance.now() - began,
        inspectorOpenMillis: this.inspectorOpenMillis,
        ...silence,
        ...(this.#maps.missing.size === 0 ? {} : { missingSourceMaps: missingOf(this.#maps) }),
        threads,
      }
    })
  }

  readonly #connectedAt = performance.now()

  async #dumpThreads(
    values: WantedValues | undefined,
  ): Promise<{ threads: Array<ThreadDump>; longestPauseMillis: number }> {
    let longestPauseMillis = 0
    const threads = await this.#ofThreads(async (link): Promise<ThreadDump> => {
      const reader = new DumpReader(this.#maps)
      const reply = (await reader.read(link, {
        do: "dump",
        mostStacks,
        ...(values === undefined ? {} : { values }),
      })) as DumpReply
      longestPauseMillis = Math.max(longestPauseMillis, reply.longestPauseMillis)
      const { heapUsedBytes, objects, stacksTaken, utilization, valuesLeftOut } = reply
      return {
        ...idOf(link.hello),
        heapUsedBytes,
        utilization,
        stacksTaken,
        // They come newest first.
        goroutines: reader.goroutines(reply).sort((a, b) => a.id - b.id),
        objects,
        ...(valuesLeftOut === undefined ? {} : { valuesLeftOut }),
      }
    })
    return { threads, longestPauseMillis }
  }

  stats(): Promise<ProcessStats> {
    return this.#inTurn(async () => {
      const silence = await this.#silence()
      let process = { rssBytes: 0, cpuSeconds: 0, uptimeSeconds: 0 }
      const threads = await this.#ofThreads(async (link): Promise<ThreadStats> => {
        const { cpuSeconds, rssBytes, uptimeSeconds, ...stats } = (await link.ask({ do: "stats" })) as Omit<
          ThreadStats,
          "thread" | "name"
        > &
          typeof process
        if (link === this.#main) process = { rssBytes, cpuSeconds, uptimeSeconds }
        await this.#maps.prepare(stats.groups.map(({ startedAt = "" }) => startedAt))
        const groups = stats.groups.map((group) =>
          group.startedAt === undefined ? group : { ...group, startedAt: siteOf(group.startedAt, this.#maps) },
        )
        return { ...idOf(link.hello), ...stats, groups }
      })
      return { pid: this.pid, ...silence, ...process, threads }
    })
  }

  leaks({ suspectSeconds = 60 }: { readonly suspectSeconds?: number } = {}): Promise<ProcessLeaks> {
    return this.#inTurn(async () => {
      const silence = await this.#silence()
      const failures: Array<Error> = []
      const threads = await this.#ofThreads(async (link): Promise<ThreadLeaks> => {
        const reader = new DumpReader(this.#maps)
        let reply: LeaksReply
        try {
          reply = (await reader.read(link, { do: "leaks", suspectSeconds })) as LeaksReply
        } catch (error) {
          if (!link.isOpen) throw error
          const { message } = error as Error
          failures.push(error as Error)
          return { ...idOf(link.hello), checked: 0, leaked: [], suspects: [], suspectSeconds, failed: message }
        }
        const all = reader.goroutines(reply)
        return {
          ...idOf(link.hello),
          checked: reply.checked,
          leaked: all.slice(0, reply.gone),
          suspects: all.slice(reply.gone),
          suspectSeconds,
        }
      })
      const [failure] = failures
      if (failure !== undefined && failures.length === threads.length) throw failure
      return { pid: this.pid, ...silence, threads }
    })
  }

  trace(request: TraceRequest, onBytes: (bytes: Uint8Array) => void | Promise<void>): Promise<RunningTrace> {
    return this.#inTurn(async () => {
      if (this.#stream !== undefined)
        throw new Error("weft: this attachment traces already; stop that first, or attach once more")
      const silence = await this.#silence()
      const stream = new TraceStream(this.#main.hello, request, true, this.#maps, onBytes)
      this.#stream = stream
      stream.silence = silence
      await Promise.all([...this.#links].map((link) => stream.add(link)))
      return {
        stop: async () => {
          if (this.#stream !== stream) return
          this.#stream = undefined
          if (this.#main.isOpen) await this.#inTurn(() => stream.stop())
          else await stream.end("process ended")
        },
      }
    })
  }

  record(request: TraceRequest, onEvent: (event: RecordedEvent, detail: string) => void): Promise<Recording> {
    return this.#inTurn(async () => {
      const parts: Array<Uint8Array> = []
      const stream = new TraceStream(this.#main.hello, request, false, this.#maps, (bytes) => void parts.push(bytes))
      this.#stream = stream
      stream.onEvent = onEvent
      await Promise.all([...this.#links].map((link) => stream.add(link)))
      return {
        snapshot: (seconds) =>
          this.#inTurn(async () => {
            await stream.snapshot(seconds)
            return Buffer.concat(parts.splice(0))
          }),
      }
    })
  }

  /** This process may end though it is attached, to itself for one. */
  unref(): void {
    this.#unref()
  }

  async detach(): Promise<void> {
    if (this.#isDetached) return
    this.#isDetached = true
    // `await using` and `return attached.dump()`: what was asked for is still under way.
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise((resolve) => (timer = setTimeout(resolve, lastAnswerMillis)))
    await Promise.race([this.#queue, patience])
    clearTimeout(timer)
    await Promise.all([...this.#links].map((link) => link.ask({ do: "detach" }).catch(() => undefined)))
    this.#close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.detach()
  }

  /** One after the other; a thread that ends meanwhile is left out. */
  async #ofThreads<T>(ask: (link: ThreadLink) => Promise<T>): Promise<Array<T>> {
    const links = [...this.#links].sort((a, b) => a.hello.thread - b.hello.thread)
    const answers = await Promise.all(
      links.map((link) =>
        ask(link).catch((error: unknown) => {
          if (link === this.#main || this.#links.has(link)) throw error
          return undefined
        }),
      ),
    )
    return answers.filter((answer) => answer !== undefined)
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(() => {
      if (!this.#main.isOpen) throw new Error(`weft: process ${this.pid} has ended, or was detached from`)
      return work()
    })
    this.#queue = turn.catch(() => undefined)
    return turn
  }
}

const missingOf = ({ missing }: SourceMaps): ReadonlyArray<MissingSourceMap> =>
  Array.from(missing, ([file, map]) => ({ file, map }))

const idOf = ({ name, thread }: Hello): { readonly thread: number; readonly name: string } => ({ thread, name })
