/**
 * FlightRecorder: the last seconds of a process, always.
 *
 * Each thread records into a ring of its own; nothing leaves it until somebody asks. What it costs, in time and memory, is in docs/devtools.md.
 */
import { Buffer } from "node:buffer"
import { writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { attach } from "./attach/attach.ts"
import type { AttachedProcess } from "./attach/attached.ts"

export interface FlightRecorderOptions {
  /** How far back a snapshot goes, at most. 10. */
  readonly seconds?: number
  /** Memory of each thread for it: when it is full, the oldest goes, whatever `seconds` says. 4. */
  readonly megabytes?: number
  /** Where snapshots that nobody asked for are written: a folder. The system's for temporary files. */
  readonly folder?: string
  /** Take a snapshot when all goroutines are asleep, when one panics (both by default), and when the event loop was late by that many milliseconds. */
  readonly on?: {
    readonly deadlock?: boolean
    readonly panic?: boolean
    readonly loopDelayMillis?: number
    readonly signal?: string
  }
  /** Told of each snapshot that nobody asked for. A line on stderr. */
  readonly onSnapshot?: (path: string, reason: string) => void
}

/** At most one unasked snapshot in that time: what has gone wrong once goes wrong again. */
const pauseMillis = 60_000

/**
 * Records the last seconds of this process, in all its threads, in bounded memory.
 *
 * It does not keep the process up. A snapshot is a trace file: `weft summary` and `weft ui` read it.
 *
 * @example
 * await using recorder = await FlightRecorder.start({ seconds: 10, on: { loopDelayMillis: 200 } })
 * await writeFile("now.weft", await recorder.snapshot())
 *
 * @see Go: runtime/trace.FlightRecorder
 * @since 0.3.0
 */
export class FlightRecorder implements AsyncDisposable {
  readonly #attached: AttachedProcess
  readonly #options: FlightRecorderOptions
  readonly #stops: Array<() => void> = []
  #take: (seconds: number) => Promise<Uint8Array> = () => Promise.resolve(Buffer.alloc(0))
  #quietUntil = 0
  #snapshots = 0

  private constructor(attached: AttachedProcess, options: FlightRecorderOptions) {
    this.#attached = attached
    this.#options = options
  }

  static async start(options: FlightRecorderOptions = {}): Promise<FlightRecorder> {
    const { megabytes = 4, on = {}, seconds = 10 } = options
    for (const [name, value] of Object.entries({ seconds, megabytes }))
      if (!(value > 0)) throw new RangeError(`devtools: FlightRecorder's ${name} is ${value}; it must be above 0`)
    const recorder = new FlightRecorder(await attach(process.pid), options)
    recorder.#attached.unref()
    const recording = await recorder.#attached.record(
      { ops: false, bufferBytes: megabytes * 1024 * 1024 },
      (event, detail) => recorder.#happened(event, detail),
    )
    recorder.#take = (span) => recording.snapshot(span)
    if (on.signal !== undefined) {
      const { signal } = on
      const listener = () => recorder.#write(`signal ${signal}`)
      process.on(signal as NodeJS.Signals, listener)
      recorder.#stops.push(() => process.off(signal, listener))
    }
    return recorder
  }

  /** The last seconds, as a trace file. The recorder goes on. */
  snapshot(): Promise<Uint8Array> {
    return this.#take(this.#options.seconds ?? 10)
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0)) stop()
    await this.#attached.detach()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  #happened(event: string, detail: string): void {
    const { deadlock = true, loopDelayMillis = Infinity, panic = true } = this.#options.on ?? {}
    const [headline = ""] = detail.split("\n")
    if (event === "deadlock" && deadlock) this.#write(`deadlock: ${headline}`)
    else if (event === "panic" && panic) this.#write(`panic: ${headline}`)
    else if (event === "loop delay" && parseFloat(detail) >= loopDelayMillis)
      this.#write(`the event loop was ${detail} late`)
  }

  #write(reason: string): void {
    const now = performance.now()
    if (now < this.#quietUntil) return
    this.#quietUntil = now + pauseMillis
    void this.#writeNow(reason).catch((error: unknown) => {
      console.error(`weft: the flight recorder could not write its snapshot (${reason}):`, error)
    })
  }

  async #writeNow(reason: string): Promise<void> {
    const { folder = tmpdir(), onSnapshot } = this.#options
    const path = join(folder, `weft-${process.pid}-${++this.#snapshots}.weft`)
    await writeFile(path, await this.snapshot(), { mode: 0o600 })
    if (onSnapshot !== undefined) onSnapshot(path, reason)
    else console.error(`weft: ${reason}; the last seconds are in ${path}`)
  }
}
