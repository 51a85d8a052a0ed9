/**
 * Lays a timeline's runs and waits out into tracks.
 *
 * Twice the same walk, first to count and then to write, so that every slice is written once, where it stays. A thread's runs are in order and so are its
 * waits; merged by their beginning they are in order for each goroutine.
 */
import type { ThreadTimeline } from "../../src/trace/thread-timeline.ts"
import type { Timeline } from "../../src/trace/timeline.ts"
import { reasonClass, StateClasses } from "../model/reason-class.ts"
import { sumUp } from "./sum-up.ts"
import type { Tracks } from "./tracks.ts"

const { NONE, RUNNABLE, RUNNING } = StateClasses

export function layTracks(timeline: Timeline): Tracks {
  const threads = timeline.threads.length
  const count = threads + timeline.threads.reduce((sum, thread) => sum + thread.goroutines.length, 0)
  const reasons = Uint8Array.from(timeline.texts, reasonClass)
  const counter = new Counter(count)
  walk(timeline, reasons, counter)
  const writer = new Writer(counter)
  walk(timeline, reasons, writer)
  const { offset, start, stateClass, ref, ends } = writer
  return { count, threads, offset, end: ends, start, stateClass, ref, ...sumUp(offset, start, ends, stateClass) }
}

interface Sink {
  slice(track: number, begin: number, end: number, stateClass: number, ref: number): void
}

function walk(timeline: Timeline, reasons: Uint8Array, sink: Sink): void {
  let base = timeline.threads.length
  timeline.threads.forEach((thread, i) => {
    walkThread(thread, i, base, reasons, sink)
    base += thread.goroutines.length
  })
}

function walkThread(
  { end: threadEnd, goroutines, runs, waits }: ThreadTimeline,
  threadTrack: number,
  base: number,
  reasons: Uint8Array,
  sink: Sink,
): void {
  let wait = 0
  for (let run = 0; run <= runs.length; run++) {
    const runBegin = run < runs.length ? runs.begin[run]! : Infinity
    while (wait < waits.length && waits.begin[wait]! <= runBegin) {
      // A run that parks at the very time it began stands before its wait.
      if (waits.begin[wait] === runBegin && run < runs.length && runs.wait[run] === wait) break
      const end = Math.min(waits.end[wait]!, threadEnd)
      sink.slice(base + waits.goroutine[wait]!, waits.begin[wait]!, end, reasons[waits.reason[wait]!]!, wait)
      wait++
    }
    if (run === runs.length) break
    const goroutine = base + runs.goroutine[run]!
    const end = Math.min(runs.end[run]!, threadEnd)
    const runnable = runs.runnable[run]!
    // NaN: not known since when.
    if (runnable < runBegin) sink.slice(goroutine, runnable, runBegin, RUNNABLE, run)
    sink.slice(goroutine, runBegin, end, RUNNING, run)
    sink.slice(threadTrack, runBegin, end, RUNNING, run)
  }
  for (let row = 0; row < goroutines.length; row++) {
    // Woken, and not run before the end.
    if (goroutines.state[row] === 1 && goroutines.since[row]! < threadEnd) {
      sink.slice(base + row, goroutines.since[row]!, threadEnd, RUNNABLE, -1)
    }
  }
}

class Counter implements Sink {
  readonly counts: Int32Array
  readonly ends: Float64Array

  constructor(tracks: number) {
    this.counts = new Int32Array(tracks)
    this.ends = new Float64Array(tracks).fill(NaN)
  }

  slice(track: number, begin: number, end: number): void {
    // The first slice has no gap before it: nothing is greater than NaN.
    this.counts[track]! += begin > this.ends[track]! ? 2 : 1
    this.ends[track] = end
  }
}

class Writer implements Sink {
  readonly offset: Int32Array
  readonly start: Float64Array
  readonly stateClass: Uint8Array
  readonly ref: Int32Array
  readonly ends: Float64Array
  readonly #next: Int32Array

  constructor({ counts }: Counter) {
    this.offset = new Int32Array(counts.length + 1)
    for (let i = 0; i < counts.length; i++) this.offset[i + 1] = this.offset[i]! + counts[i]!
    const slices = this.offset[counts.length]!
    this.start = new Float64Array(slices)
    this.stateClass = new Uint8Array(slices)
    this.ref = new Int32Array(slices)
    this.ends = new Float64Array(counts.length).fill(NaN)
    this.#next = this.offset.slice(0, -1)
  }

  slice(track: number, begin: number, end: number, stateClass: number, ref: number): void {
    if (begin > this.ends[track]!) this.#write(track, this.ends[track]!, NONE, -1)
    this.#write(track, begin, stateClass, ref)
    this.ends[track] = end
  }

  #write(track: number, start: number, stateClass: number, ref: number): void {
    const at = this.#next[track]!++
    this.start[at] = start
    this.stateClass[at] = stateClass
    this.ref[at] = ref
  }
}
