/**
 * PinnedTasks: tasks with a key (`{ on: key }`) that wait for the thread which the key stands for.
 *
 * A key stands for a place among the pool's threads, not for a thread: one that takes a dead one's place takes its keys, too.
 *
 * Invariant: a place has a row exactly while a call waits for it; one that is withdrawn leaves at once.
 */
import type { Call } from "./call.ts"
import { Row } from "./row.ts"

export class PinnedTasks {
  readonly #places: number
  readonly #waiting = new Map<number, Row<Call>>()
  #length = 0

  constructor(places: number) {
    this.#places = places
  }

  get length(): number {
    return this.#length
  }

  /** The places that somebody waits for. */
  get places(): ReadonlyArray<number> {
    return this.#length === 0 ? none : [...this.#waiting.keys()]
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
    this.#length++
  }

  /** Before those that wait: it was there before. */
  putBack(call: Call): void {
    this.#at(this.placeOf(call)).unshift(call)
    this.#length++
  }

  /** One that waits. */
  remove(call: Call): void {
    const place = this.placeOf(call)
    const calls = this.#waiting.get(place)!
    calls.remove(call)
    this.#left(place, calls)
  }

  /** The first that waits for `place`. */
  shift(place: number): Call | undefined {
    const calls = this.#waiting.get(place)
    if (calls === undefined) return undefined
    const call = calls.shift()
    this.#left(place, calls)
    return call
  }

  #left(place: number, { length }: Row<Call>): void {
    this.#length--
    if (length === 0) this.#waiting.delete(place)
  }

  #at(place: number): Row<Call> {
    let calls = this.#waiting.get(place)
    if (calls === undefined) this.#waiting.set(place, (calls = new Row()))
    return calls
  }
}

const none: ReadonlyArray<number> = []
