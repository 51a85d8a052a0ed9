import type { Waiter } from "./waiter.ts"

/**
 * A FIFO of waiters with O(1) removal from anywhere, linked through the waiters themselves: waiting allocates nothing.
 *
 * @since 0.1.0
 */
export class WaitList {
  declare head: Waiter | null
  declare tail: Waiter | null

  constructor() {
    this.head = null
    this.tail = null
  }

  get isEmpty(): boolean {
    return this.head === null
  }

  /** Counts the waiters: O(n), for reports. */
  get length(): number {
    let n = 0
    for (let waiter = this.head; waiter !== null; waiter = waiter.next) n++
    return n
  }

  push(waiter: Waiter): void {
    const tail = this.tail
    waiter.prev = tail
    if (tail === null) this.head = waiter
    else tail.next = waiter
    this.tail = waiter
  }

  /** Takes the longest waiter out. */
  shift(): Waiter | null {
    const waiter = this.head
    if (waiter === null) return null
    const next = waiter.next
    this.head = next
    if (next === null) this.tail = null
    else {
      next.prev = null
      waiter.next = null
    }
    return waiter
  }

  /** Takes a waiter out that stands in this list; one that doesn't stand in any is left alone. */
  remove(waiter: Waiter): void {
    const { next, prev } = waiter
    if (prev === null && this.head !== waiter) return
    if (prev === null) this.head = next
    else prev.next = next
    if (next === null) this.tail = prev
    else next.prev = prev
    waiter.next = null
    waiter.prev = null
  }

  /** Takes every waiter out, then commits them in order: whoever waits again meanwhile is not among them. */
  commitAll(raw: unknown): void {
    if (this.head === this.tail) return void this.shift()?.commit(raw)
    for (const waiter of this.shiftAll()) waiter.commit(raw)
  }

  /** Takes every waiter out, then fails them in order, each with an error of its own. */
  failAll(error: () => unknown): void {
    for (const waiter of this.shiftAll()) waiter.fail(error())
  }

  /**
   * Takes every waiter out, in order. Of a select with several cases among them the first that is committed withdraws the others, and
   * that must find them unlinked: they ignore their own commit then.
   */
  shiftAll(): Array<Waiter> {
    const all: Array<Waiter> = []
    for (let waiter = this.shift(); waiter !== null; waiter = this.shift()) all.push(waiter)
    return all
  }
}
