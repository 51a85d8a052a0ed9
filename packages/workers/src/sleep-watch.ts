/**
 * SleepWatch: says when a thread can't go on by itself, so that the pool knows when all wait for each other.
 *
 * The thread says so once it has been idle for a while with nothing in Weft to wake it, and nothing in the host either: a timer of the program's own, a
 * socket. Tasks that it has spawned itself wake it by their pool, which sees for itself whether they can go on. It says how many messages it had received by then; one that is on its way makes what was said worthless.
 */
import { goroutines, type Processor } from "@weft/core"
import { later, now } from "./host.ts"
import type { ThreadSide } from "./platform/platform.ts"
import { threadReports } from "./threads-report.ts"
import * as FromThread from "./from-thread.ts"

/** Pauses between messages are nobody's concern. */
const asleepMillis = 20
/** Between two looks at a host that has something to do. */
const againMillis = 100
const listed = 100
/** Waits for somebody whom the report lists in his turn. */
const leadOn: ReadonlySet<string | undefined> = new Set(["join", "task", "task queued", "task interrupted"])

export class SleepWatch {
  readonly #side: ThreadSide
  readonly #processor: Processor
  readonly #nested: { readonly waits: number }
  /** Modules that are being imported, and what else the thread waits for by itself. */
  #holds = 0
  #received = 0
  #isIdle = true
  #idleSince = 0
  #isSaid = false
  #isTimed = false

  constructor(side: ThreadSide, processor: Processor, nested: { readonly waits: number }) {
    this.#side = side
    this.#processor = processor
    this.#nested = nested
  }

  received(): void {
    this.#received++
  }

  hold(): void {
    this.#holds++
  }

  release(): void {
    this.#holds--
  }

  wakes(): void {
    this.#isIdle = false
    if (!this.#isSaid) return
    this.#isSaid = false
    this.#side.post([FromThread.Awake], [])
  }

  idles(): void {
    if (!this.#isIdle) this.#idleSince = now()
    this.#isIdle = true
    this.#lookAfter(asleepMillis)
  }

  #lookAfter(millis: number): void {
    if (this.#isTimed) return
    this.#isTimed = true
    later(() => {
      this.#isTimed = false
      this.#look()
    }, millis)
  }

  get #isAsleep(): boolean {
    const processor = this.#processor
    const { waits } = this.#nested
    // For whoever runs here they are outside, and no deadlock: only the pool looks at both sides.
    processor.outside -= waits
    const { isAsleep } = processor
    processor.outside += waits
    return isAsleep
  }

  #look(): void {
    if (!this.#isIdle || this.#isSaid || this.#holds > 0) return
    if (!this.#isAsleep) {
      // Nobody calls when there is nothing else to wait for any more: the processor takes tasks that are out for what it waits for.
      if (this.#nested.waits > 0) this.#lookAfter(againMillis)
      return
    }
    const idleMillis = now() - this.#idleSince
    if (idleMillis < asleepMillis) return this.#lookAfter(asleepMillis - idleMillis)
    if (!this.#side.isHostIdle()) return this.#lookAfter(againMillis)
    this.#isSaid = true
    this.#side.post([FromThread.Asleep, this.#received, report()], [])
  }
}

/** What the goroutines of this thread wait for, and those of the threads of its own pools. */
function report(): string {
  const here = goroutines()
    .slice(0, listed)
    .map(
      ({ id, name, startedAt, status, waitDetail, waitReason, waitsAt }) =>
        `goroutine ${id} [${waitReason ?? status}]: ${name}` +
        (waitDetail !== undefined && leadOn.has(waitReason) ? `\n    waits for ${waitDetail}` : "") +
        waitsAt.map((frame) => `\n    at ${frame}`).join("") +
        (startedAt === undefined ? "" : `\n  started at ${startedAt}`),
    )
  return [...here, ...threadReports()].join("\n\n")
}
