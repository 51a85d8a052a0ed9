import { describe, expect, it } from "vitest"
import { accessed, Alarm, currentProcessor, go, gosched, made, NotReady, Op, sleep, WaitList } from "../index.ts"
import { explore } from "./explore.ts"

class Box {
  readonly waiters = new WaitList()
  private isFull = false

  constructor() {
    made(this)
  }

  get take(): Op<void> {
    return Op.make<void>({
      name: "box",
      on: this,
      poll: () => {
        if (!this.isFull) return NotReady
        this.isFull = false
        return undefined
      },
      enqueue: (waiter) => this.waiters.push(waiter),
      dequeue: (waiter) => this.waiters.remove(waiter),
    })
  }

  fill(): void {
    accessed(this)
    const waiter = this.waiters.shift()
    if (waiter === null) this.isFull = true
    else waiter.commit(undefined)
  }
}

describe("a schedule", () => {
  it("fires timers of one instant in any order", async () => {
    const orders = new Set<string>()
    const { complete } = await explore({}, function* () {
      let order = ""
      const processor = currentProcessor()
      for (const name of ["a", "b", "c"]) processor.startTimer(new Alarm(() => (order += name)), 1)
      yield* sleep(2)
      orders.add(order)
    })
    expect(complete).toBe(true)
    expect(orders).toEqual(new Set(["abc", "acb", "bac", "bca", "cab", "cba"]))
  })

  it("is not begun for an order that can't be: who was woken comes after all that his waker had done", async () => {
    let begun = 0
    const { complete, schedules } = await explore({ shares: "ops" }, function* () {
      begun++
      const [first, second, other] = [new Box(), new Box(), new Box()]
      const all = [
        go(function* () {
          yield* first.take
          yield* second.take
        }),
        go(function* () {
          second.fill()
          yield* gosched()
          first.fill()
        }),
        // There must be somebody who could run before.
        go(function* () {
          other.fill()
        }),
      ]
      for (const goroutine of all) yield* goroutine
    })
    expect(complete).toBe(true)
    expect(begun).toBe(schedules)
  })
})
