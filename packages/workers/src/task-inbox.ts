/**
 * TaskInbox: tasks that were sent to a thread and have not started, in their order, and what the thread knows of each kind.
 *
 * Invariant: entries are numbered as the pool numbers them, one for each that a Run message has brought.
 */
import { nextNumber } from "./control.ts"
import { Fifo } from "./fifo.ts"
import type { TaskPlace } from "./load-task.ts"
import { type AnyTask, taskOf } from "./task.ts"

/** A task by its number, once it is here. */
export interface Known {
  /** As the pool numbers tasks. */
  readonly index: number
  readonly place: TaskPlace
  task: AnyTask | undefined
  /** Why it is not there, once its module has been imported. */
  missing: string | undefined
  /** Claimed entries that wait for the module: see `isSlow`. */
  readonly waiting: Array<Entry>
  /** Its module has kept the queue for long enough: its tasks wait apart. */
  isSlow: boolean
  /** What one takes, on the average, until it ends or parks; below 0 while that is not known. */
  millis: number
}

export interface Entry {
  readonly number: number
  readonly slot: number
  readonly known: Known
  readonly flags: number
  readonly args: ReadonlyArray<unknown>
  isInterrupted: boolean
}

const none: ReadonlyArray<unknown> = []

export class TaskInbox {
  readonly #known: Array<Known> = []
  readonly #entries = new Fifo<Entry>()
  #last = 0

  get length(): number {
    return this.#entries.length
  }

  /** Whether claimed tasks wait for their module. */
  get hasWaiting(): boolean {
    return this.#known.some(({ waiting }) => waiting.length > 0)
  }

  peek(): Entry | undefined {
    return this.#entries.peek()
  }

  shift(): Entry | undefined {
    return this.#entries.shift()
  }

  /** [Define, task, key, name, ...modules] */
  define(message: ReadonlyArray<unknown>): void {
    const [, , key, name, ...modules] = message as [number, number, string, string, ...Array<string>]
    const place = { key, name, modules }
    this.#known.push({
      index: this.#known.length,
      place,
      task: taskOf(key),
      missing: undefined,
      waiting: [],
      isSlow: false,
      millis: -1,
    })
  }

  /** [Run, (slot, task, flags, count of arguments, ...arguments)*] */
  run(message: ReadonlyArray<unknown>): void {
    for (let i = 1; i < message.length;) {
      const count = message[i + 3] as number
      this.#entries.push({
        number: (this.#last = nextNumber(this.#last)),
        slot: message[i] as number,
        known: this.#known[message[i + 1] as number]!,
        flags: message[i + 2] as number,
        args: count === 0 ? none : message.slice(i + 4, i + 4 + count),
        isInterrupted: false,
      })
      i += 4 + count
    }
  }

  /** Takes out one that waits for its module. */
  takeWaiting(number: number): Entry | undefined {
    for (const { waiting } of this.#known) {
      const at = waiting.findIndex((entry) => entry.number === number)
      if (at >= 0) return waiting.splice(at, 1)[0]
    }
    return undefined
  }

  /** One in the queue, where it can't be taken back: it is answered for at its turn. */
  interrupt(number: number): void {
    this.#entries.forEach((entry) => {
      if (entry.number === number) entry.isInterrupted = true
    })
  }
}
