/**
 * FlightRecorder: the last seconds of a process, always.
 *
 * Each thread records into a ring of its own; nothing leaves it until somebody asks. What it costs, in time and memory, is in docs/devtools.md.
 */
import { Buffer } from "node:buffer"
import { randomBytes } from "node:crypto"
import { writeFileSync } from "node:fs"
import { writeFile } from "node:fs/promises"
import { constants, tmpdir } from "node:os"
import { join } from "node:path"
import { checkOptions, type KnownOptions } from "@weft/core"
import { attachTo } from "./attach/attach.ts"
import type { AgentOptions } from "./agent/expression.ts"
import type { AttachedProcess } from "./attach/attached.ts"
import { siteOf } from "./attach/own-frames.ts"
import { type ValueOptions, wantedValues } from "./format/value-options.ts"
import { SourceMaps } from "./source-maps/source-maps.ts"

type OnEvent = NonNullable<AgentOptions["onEvent"]>

export interface FlightRecorderOptions {
  /** How far back a snapshot goes, at most. 10. */
  readonly seconds?: number
  /** Memory of each thread for it: when it is full, the oldest goes, whatever `seconds` says. 4. */
  readonly megabytes?: number
  /**
   * What messages contain, as short texts, secrets left out by their keys ({@link ValueOptions}): of those of which a goroutine waited, which for a channel without a buffer are all.
   * Not recorded unless asked for.
   */
  readonly values?: boolean | ValueOptions
  /** Where snapshots that nobody asked for are written: a folder. The system's for temporary files. */
  readonly folder?: string
  /** At most one a minute for each of these, but for the signal. Take a snapshot when all goroutines are asleep, when one panics (both by default), and when the event loop was late by that many milliseconds. */
  readonly on?: {
    readonly deadlock?: boolean
    readonly panic?: boolean
    readonly loopDelayMillis?: number
    readonly signal?: string
  }
  /** Told of each snapshot that nobody asked for. A line on stderr. */
  readonly onSnapshot?: (path: string, reason: string) => void
}

/** At most one snapshot in that time for each of deadlock, panic and a late loop: what has gone wrong once goes wrong again. A signal always has one. */
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
  /** By what has happened. */
  readonly #quietUntil = new Map<string, number>()

  private constructor(attached: AttachedProcess, options: FlightRecorderOptions) {
    this.#attached = attached
    this.#options = options
  }

  static async start(options: FlightRecorderOptions = {}): Promise<FlightRecorder> {
    checkOptions("FlightRecorder.start", options, known)
    const { megabytes = 4, on = {}, seconds = 10 } = options
    checkOptions("FlightRecorder.start: on", on, knownEvents)
    for (const [name, value] of Object.entries({ seconds, megabytes }))
      if (!(value > 0)) throw new RangeError(`devtools: FlightRecorder's ${name} is ${value}; it must be above 0`)
    wantedValues(options.values)
    const happened: { here?: OnEvent } = {}
    const attached = await attachTo(process.pid, {
      onEvent: (event, detail, snapshot) => happened.here?.(event, detail, snapshot),
    })
    const recorder = new FlightRecorder(attached, options)
    happened.here = (event, detail, snapshot) => recorder.#happenedHere(event, detail, snapshot)
    attached.unref()
    const request = { ops: false, bufferBytes: megabytes * 1024 * 1024, values: options.values ?? false }
    const recording = await attached.record(request, (event, detail) => recorder.#happened(event, detail))
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

  /** In this thread, and in the same breath: the process may be about to end. It has no time for the other threads. */
  #happenedHere(event: string, detail: string, snapshot: (siteOf: (text: string) => string) => Uint8Array): void {
    const reason = event === "loop delay" ? undefined : this.#reasonFor(event, detail)
    if (reason === undefined || !this.#mayWrite(event)) return
    const maps = new SourceMaps()
    const path = this.#newPath()
    try {
      writeFileSync(
        path,
        snapshot((text) => siteOf(text, maps)),
        whole,
      )
      this.#written(path, reason)
    } catch (error) {
      failed(reason, error)
    }
  }

  #happened(event: string, detail: string): void {
    const reason = this.#reasonFor(event, detail)
    if (reason !== undefined && this.#mayWrite(event)) this.#write(reason)
  }

  /** Undefined where it is not asked for. */
  #reasonFor(event: string, detail: string): string | undefined {
    const { deadlock = true, loopDelayMillis = Infinity, panic = true } = this.#options.on ?? {}
    const [headline = ""] = detail.split("\n")
    if (event === "deadlock") return deadlock ? `deadlock: ${headline}` : undefined
    if (event === "panic") return panic ? `panic: ${headline}` : undefined
    return parseFloat(detail) >= loopDelayMillis ? `the event loop was ${detail} late` : undefined
  }

  #mayWrite(event: string): boolean {
    const now = performance.now()
    if (now < (this.#quietUntil.get(event) ?? 0)) return false
    this.#quietUntil.set(event, now + pauseMillis)
    return true
  }

  #write(reason: string): void {
    const path = this.#newPath()
    void this.snapshot()
      .then((bytes) => writeFile(path, bytes, whole))
      .then(
        () => this.#written(path, reason),
        (error: unknown) => failed(reason, error),
      )
  }

  /** A name that nobody can have known: what lies there is never followed, and never written over. */
  #newPath(): string {
    const { folder = tmpdir() } = this.#options
    return join(folder, `weft-${process.pid}-${randomBytes(6).toString("hex")}.weft`)
  }

  #written(path: string, reason: string): void {
    const { onSnapshot } = this.#options
    if (onSnapshot !== undefined) onSnapshot(path, reason)
    else console.error(`weft: ${reason}; the last seconds are in ${path}`)
  }
}

const known: KnownOptions<FlightRecorderOptions> = {
  seconds: undefined,
  megabytes: undefined,
  folder: undefined,
  values: undefined,
  on: undefined,
  onSnapshot: undefined,
}
const knownEvents: KnownOptions<NonNullable<FlightRecorderOptions["on"]>> = {
  deadlock: [true, false],
  panic: [true, false],
  loopDelayMillis: undefined,
  signal: Object.keys(constants.signals),
}

const whole = { mode: 0o600, flag: "wx" } as const

function failed(reason: string, error: unknown): void {
  console.error(`weft: the flight recorder could not write its snapshot (${reason}):`, error)
}
