/**
 * Who ran, and who waited, on one thread.
 *
 * Invariants, whenever no method of this file is running:
 *   1. Runs don't overlap, and at most the last one has no end.
 *   2. A goroutine whose state is `Waiting` has exactly one wait without an end, its `wait`; every other one has none.
 *   3. What is known of a goroutine is as of `epoch`, the number of gaps before. Where that is not the thread's, nothing is known of it now: `#renew` first.
 *
 * Rejected: carrying states over a gap. A goroutine that waited before may have run and waited again, so one long wait would be an invention.
 */
import type { TracedGoroutine } from "../format/trace-file.ts"
import { bytes, floats, ints, spans } from "./empty-columns.ts"
import { GoroutineRows } from "./goroutine-rows.ts"
import { Table } from "./table.ts"
import type { Texts } from "./texts.ts"
import {
  type AlsoWaitColumns,
  type GapColumns,
  GoroutineState,
  type RunColumns,
  RunEnding,
  type WaitColumns,
  Waker,
} from "./thread-timeline.ts"

const { Unknown, Runnable, Running, Waiting, Ended } = GoroutineState

/** Times must not go back. Rows of goroutines and texts are this trace's, as in {@link ThreadTimeline}. */
export class Scheduling {
  readonly goroutines: GoroutineRows
  readonly runs: Table<RunColumns> = new Table({
    ...spans(),
    ...{ goroutine: ints(), runnable: floats(), ending: bytes(), wait: ints() },
  })
  readonly waits: Table<WaitColumns> = new Table({
    ...spans(),
    ...{ goroutine: ints(), reason: ints(), object: ints(), waker: ints() },
  })
  readonly alsoWaits: Table<AlsoWaitColumns> = new Table({ wait: ints(), object: ints() })
  readonly gaps: Table<GapColumns> = new Table({ ...spans(), dropped: floats() })
  /** Row of the goroutine that runs, or -1. */
  running = -1
  readonly #texts: Texts
  /** What was said of those who waited, by row. */
  readonly #described = new Map<number, { readonly reason: number; readonly on: ReadonlyArray<number> }>()
  /** Since when nothing was lost. NaN before the first record. */
  #knownSince = NaN
  #epoch = 0
  #created = -1
  #parked = -1

  constructor(texts: Texts) {
    this.#texts = texts
    this.goroutines = new GoroutineRows(texts)
  }

  /** The row of goroutine `id`; what is known of it is true now. */
  row(id: number): number {
    const row = this.goroutines.row(id, this.#epoch)
    if (this.goroutines.columns.epoch[row] !== this.#epoch) this.#renew(row)
    return row
  }

  /** The recording begins. */
  begin(time: number): void {
    this.#knownSince = time
  }

  /**
   * Who was there when recording began, or in a flight recorder's snapshot is there now. The list is made while records are, so what it says of states counts
   * only for who is not heard of otherwise: then it held from the beginning.
   */
  describe(goroutine: TracedGoroutine): void {
    const row = this.row(goroutine.id)
    this.goroutines.describe(goroutine, this.#epoch)
    if (goroutine.status !== "waiting" || this.goroutines.columns.state[row] !== Unknown) return
    this.#described.set(row, { reason: this.#texts.number(goroutine.reason ?? ""), on: goroutine.on ?? [] })
  }

  create(id: number, time: number, name: number): void {
    const row = this.row(id)
    const { created, ended, name: names, state, wait } = this.goroutines.columns
    // No goroutine begins after its end.
    if (ended[row]! < Infinity) {
      this.#created = -1
      return
    }
    // It was listed, and not waiting yet.
    if (state[row] === Waiting) this.#wake(row, this.waits.columns.begin[wait[row]!]!, Waker.Unknown)
    created[row] = time
    names[row] = name
    this.#created = row
    this.#enter(row, Runnable, time)
  }

  /** Of who was created last. */
  createdBy(parent: number, site: number): void {
    const row = this.#created
    if (row === -1) return
    const parentRow = parent === 0 ? -1 : this.row(parent)
    this.goroutines.columns.parent[row] = parentRow
    this.goroutines.columns.site[row] = site
  }

  start(row: number, time: number): void {
    // Each frame begins anew with whoever runs.
    if (row === this.running) return
    if (this.running !== -1) this.leave(time, RunEnding.Lost, Unknown)
    const { state, since } = this.goroutines.columns
    if (state[row] === Waiting) this.#wake(row, time, Waker.Unknown)
    const run = this.runs.length++
    const runs = this.runs.columns
    runs.goroutine[run] = row
    runs.runnable[run] = state[row] === Runnable ? since[row]! : NaN
    runs.begin[run] = time
    runs.end[run] = Infinity
    runs.ending[run] = RunEnding.Running
    runs.wait[run] = -1
    this.running = row
    this.#enter(row, Running, time)
  }

  park(time: number, reason: number, object: number): void {
    const row = this.running
    if (row === -1) return
    const run = this.runs.length - 1
    this.leave(time, RunEnding.Park, Waiting)
    this.#wait(row, time, reason, object)
    this.runs.columns.wait[run] = this.#parked
  }

  /** One more object that whoever parked last waits on. */
  parkAlso(object: number): void {
    if (this.#parked === -1) return
    const row = this.alsoWaits.length++
    this.alsoWaits.columns.wait[row] = this.#parked
    this.alsoWaits.columns.object[row] = object
  }

  /** `waker` is a row, or -1 for outside. */
  unpark(row: number, time: number, waker: number): void {
    const state = this.goroutines.columns.state[row]
    if (state === Unknown) this.#waitFromBegin(row)
    else if (state !== Waiting) return
    this.#wake(row, time, waker)
    this.#enter(row, Runnable, time)
  }

  yield(time: number): void {
    this.leave(time, RunEnding.Yield, Runnable)
  }

  end(time: number, ending: number): void {
    const row = this.running
    if (row === -1) return
    this.leave(time, RunEnding.End, Ended)
    this.goroutines.columns.ended[row] = time
    this.goroutines.columns.ending[row] = ending
  }

  /** Whoever runs does so no longer. */
  leave(time: number, ending: number, state: number): void {
    if (this.running === -1) return
    const run = this.runs.length - 1
    this.runs.columns.end[run] = time
    this.runs.columns.ending[run] = ending
    this.#enter(this.running, state, time)
    this.running = -1
  }

  /** Records between `begin` and `end` were lost. */
  lose(dropped: number, begin: number, end: number): void {
    this.leave(begin, RunEnding.Lost, Unknown)
    this.gaps.reserve(1)
    const gap = this.gaps.length++
    this.gaps.columns.begin[gap] = begin
    this.gaps.columns.end[gap] = end
    this.gaps.columns.dropped[gap] = dropped
    this.#epoch++
    this.#knownSince = end
    this.#described.clear()
    this.#created = -1
    this.#parked = -1
  }

  /** Up to now: no state is from before a gap, and who was said to wait and not heard of since does. */
  settle(): void {
    for (let row = 0; row < this.goroutines.length; row++) this.#renew(row)
    if (Number.isNaN(this.#knownSince)) return
    for (const row of this.#described.keys()) {
      if (this.goroutines.columns.state[row] !== Unknown) continue
      this.waits.reserve(1)
      this.#waitFromBegin(row)
    }
    this.#described.clear()
  }

  #renew(row: number): void {
    const { epoch, state } = this.goroutines.columns
    const before = epoch[row]!
    if (before === this.#epoch) return
    epoch[row] = this.#epoch
    if (state[row] === Ended) return
    if (state[row] === Waiting) this.#wake(row, this.gaps.columns.begin[before]!, Waker.Unknown)
    this.#enter(row, Unknown, NaN)
  }

  /** It has done nothing else since everything is known. */
  #waitFromBegin(row: number): void {
    const described = this.#described.get(row)
    const { reason, on } = described ?? { reason: 0, on: [] }
    this.#wait(row, this.#knownSince, reason, on.length === 1 ? on[0]! : 0)
    if (on.length > 1) {
      this.alsoWaits.reserve(on.length)
      for (const object of on) this.parkAlso(object)
    }
    this.#enter(row, Waiting, this.#knownSince)
  }

  #wait(goroutine: number, time: number, reason: number, object: number): void {
    const wait = this.waits.length++
    const { columns } = this.waits
    columns.goroutine[wait] = goroutine
    columns.begin[wait] = time
    columns.end[wait] = Infinity
    columns.reason[wait] = reason
    columns.object[wait] = object
    columns.waker[wait] = Waker.None
    this.goroutines.columns.wait[goroutine] = wait
    this.#parked = wait
  }

  #wake(row: number, time: number, waker: number): void {
    const { wait } = this.goroutines.columns
    this.waits.columns.end[wait[row]!] = time
    this.waits.columns.waker[wait[row]!] = waker
    wait[row] = -1
  }

  #enter(row: number, state: number, time: number): void {
    this.goroutines.columns.state[row] = state
    this.goroutines.columns.since[row] = time
  }
}
