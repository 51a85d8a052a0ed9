import { NotReady, Op, WaitList } from "@weft/core"

/**
 * The smallest thing that can be waited for: what is put in comes out once, in order, to whoever waited longest.
 *
 * Core has no channels, and a test of ops needs to see who is enqueued.
 */
export class Mailbox<T> {
  readonly waiters = new WaitList()
  readonly values: Array<T> = []
  polls = 0

  get take(): Op<T> {
    return Op.make<T>({
      name: "mailbox",
      poll: () => {
        this.polls++
        return this.values.length === 0 ? NotReady : this.values.shift()!
      },
      enqueue: (waiter) => this.waiters.push(waiter),
      dequeue: (waiter) => this.waiters.remove(waiter),
    })
  }

  put(value: T): void {
    const waiter = this.waiters.shift()
    if (waiter === null) this.values.push(value)
    else waiter.commit(value)
  }

  fail(error: unknown): void {
    this.waiters.shift()?.fail(error)
  }
}
