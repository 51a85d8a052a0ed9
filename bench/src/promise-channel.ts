/**
 * PromiseChannel: the channel one writes by hand when there are only promises. It is what "plain promises" means in the tables: a promise
 * for each operation, nothing else. No select, no withdrawal, one host microtask per step.
 *
 * Invariants: senders wait only while the buffer is full, receivers only while it is empty and no sender waits.
 */
export class PromiseChannel<T> {
  readonly #capacity: number
  readonly #buffer = new Fifo<T>()
  readonly #senders = new Fifo<{ value: T; sent: () => void }>()
  readonly #receivers = new Fifo<(value: T | undefined) => void>()
  #closed = false

  constructor(capacity = 0) {
    this.#capacity = capacity
  }

  send(value: T): Promise<void> {
    const receiver = this.#receivers.shift()
    if (receiver !== undefined) {
      receiver(value)
      return done
    }
    if (this.#buffer.length < this.#capacity) {
      this.#buffer.push(value)
      return done
    }
    return new Promise((sent) => {
      this.#senders.push({ value, sent })
    })
  }

  /** `undefined` once closed and drained. */
  receive(): Promise<T | undefined> {
    if (this.#buffer.length > 0) {
      const value = this.#buffer.shift()
      const sender = this.#senders.shift()
      if (sender !== undefined) {
        this.#buffer.push(sender.value)
        sender.sent()
      }
      return Promise.resolve(value)
    }
    const sender = this.#senders.shift()
    if (sender !== undefined) {
      sender.sent()
      return Promise.resolve(sender.value)
    }
    if (this.#closed) return Promise.resolve(undefined)
    return new Promise((receiver) => {
      this.#receivers.push(receiver)
    })
  }

  close(): void {
    this.#closed = true
    for (let receiver = this.#receivers.shift(); receiver !== undefined; receiver = this.#receivers.shift()) {
      receiver(undefined)
    }
  }
}

const done = Promise.resolve()

/** Two stacks' worth of queue: amortised O(1), where Array.shift is O(n). */
class Fifo<T> {
  #items: Array<T | undefined> = []
  #head = 0

  get length(): number {
    return this.#items.length - this.#head
  }

  push(item: T): void {
    this.#items.push(item)
  }

  shift(): T | undefined {
    if (this.#head === this.#items.length) return undefined
    const item = this.#items[this.#head]
    this.#items[this.#head++] = undefined
    if (this.#head === this.#items.length || this.#head >= 1024) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return item
  }
}
