/**
 * PinnedTasks: tasks with a key (`{ on: key }`) that wait for the thread which the key stands for.
 *
 * A key stands for a place among the pool's threads, not for a thread: one that takes a dead one's place takes its keys, too.
 */
import type { Call } from "./call.ts"
import { Deque } from "./deque.ts"

export class PinnedTasks {
  readonly #places: number
  readonly #waiting = new Map<number, Deque<Call>>()

  constructor(places: number) {
    this.#places = places
  }

  get length(): number {
    let n = 0
    for (const calls of this.#waiting.values()) calls.forEach((call) => (n += call.isWanted ? 1 : 0))
    return n
  }

  /** The places that somebody waits for. */
  get places(): ReadonlyArray<number> {
    return [...this.#waiting.keys()]
  }

  /** Of equal keys, always the same. */
  placeOf({ options }: Pick<Call, "options">): number {
    let hash = 2166136261
    for (const char of String(options.on)) hash = Math.imul(hash ^ char.codePointAt(0)!, 16777619)
    return (hash >>> 0) % this.#places
  }

  hasWaiting(place: number): boolean {
    return this.#waiting.has(place)
  }

  push(call: Call): void {
    this.#at(this.placeOf(call)).push(call)
  }

  /** Before those that wait: it was there before. */
  putBack(call: Call): void {
    this.#at(this.placeOf(call)).unshift(call)
  }

  /** The first that still waits for `place`. One that was withdrawn is skipped. */
  shift(place: number): Call | undefined {
    const calls = this.#waiting.get(place)
    let call = calls?.shift()
    while (call !== undefined && !call.isWanted) call = calls!.shift()
    if (calls?.length === 0) this.#waiting.delete(place)
    return call
  }

  #at(place: number): Deque<Call> {
    let calls = this.#waiting.get(place)
    if (calls === undefined) this.#waiting.set(place, (calls = new Deque()))
    return calls
  }
}
