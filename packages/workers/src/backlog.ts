/** Backlog: the tasks that no thread has: those for whichever comes first, and those for the thread that their key stands for. */
import type { Call, RunOfCall } from "./call.ts"
import { PinnedTasks } from "./pinned-tasks.ts"
import { TaskQueue } from "./task-queue.ts"
import type { Thread } from "./thread-handle.ts"
import type { ThreadSet } from "./thread-set.ts"

export class Backlog {
  readonly #queue = new TaskQueue()
  readonly #pinned: PinnedTasks
  readonly #threads: ThreadSet

  constructor(places: number, threads: ThreadSet) {
    this.#pinned = new PinnedTasks(places)
    this.#threads = threads
  }

  get length(): number {
    return this.#queue.length + this.#pinned.length
  }

  /** How many wait that any thread may take. */
  get forAnyThread(): number {
    return this.#queue.length
  }

  /** The thread that is to have a new one at once, if none that waits goes before. */
  threadFor(call: Call): Thread | undefined {
    if (call.options.on === undefined) return this.#queue.length > 0 ? undefined : this.#threads.leastBusy(call)
    const place = this.#pinned.placeOf(call)
    const thread = this.#threads.at(place)
    return thread !== undefined && thread.room > 0 && !this.#pinned.hasWaiting(place) ? thread : undefined
  }

  push(call: Call): void {
    this.#of(call).push(call)
  }

  /** Before those that wait: it was there before. */
  putBack(call: Call): void {
    this.#of(call).putBack(call)
  }

  remove(call: Call): void {
    this.#of(call).remove(call)
  }

  takeInline(run: RunOfCall): Call | undefined {
    return this.#queue.takeInline(run)
  }

  takeAll(): Array<Call> {
    const all: Array<Call> = []
    for (let call = this.#queue.shift(); call !== undefined; call = this.#queue.shift()) all.push(call)
    for (const place of this.#pinned.places)
      for (let call = this.#pinned.shift(place); call !== undefined; call = this.#pinned.shift(place)) all.push(call)
    return all
  }

  /** Sends what waits to threads that have room. */
  feed(): void {
    for (const place of this.#pinned.places) {
      const thread = this.#threads.at(place)
      while (thread !== undefined && thread.room > 0) {
        const call = this.#pinned.shift(place)
        if (call === undefined) break
        thread.send(call)
      }
    }
    for (let call = this.#queue.first; call !== undefined; call = this.#queue.first) {
      const thread = this.#threads.leastBusy(call)
      if (thread === undefined) break
      thread.send(this.#queue.shift()!)
    }
  }

  /** Starts threads for what waits. */
  grow(): void {
    this.#threads.grow(this.#pinned.places, this.#queue.length)
  }

  #of(call: Call): TaskQueue | PinnedTasks {
    return call.options.on === undefined ? this.#queue : this.#pinned
  }
}
