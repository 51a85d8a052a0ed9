import { go, gosched, NotReady, Op, run, type Waiter } from "@weft/core"
import { expect, it } from "vitest"
import { isCollected } from "../../core/test/support/collected.node.ts"
import { chan } from "./chan.ts"
import { select } from "./select.ts"

it("a wait that is over keeps neither its channels nor what it took", async () => {
  const make = () =>
    run(function* () {
      const [taken, lost] = [chan<object>(), chan<object>()]
      const value = { big: new Array<number>(1000) }
      const waiting = go(function* () {
        yield* select({ taken: taken.receive(), lost: lost.receive(), send: lost.send(value) })
      })
      yield* gosched()
      yield* taken.send(value)
      yield* waiting
      return [new WeakRef<object>(taken), new WeakRef<object>(lost), new WeakRef<object>(value)]
    })
  for (const which of [0, 1, 2]) expect(await isCollected(async () => (await make())[which]!)).toBe(true)
})

/** Leaves something big with whoever waits. */
class Leaving extends Op<void> {
  declare readonly big: object
  readonly name = "leaving"

  constructor(big: object) {
    super()
    this.big = big
  }
  poll(): unknown {
    return NotReady
  }
  enqueue(waiter: Waiter): void {
    waiter.slot = this.big
  }
  dequeue(): void {}
}

it("a wait that is over keeps nothing of what a case that lost has left with it", async () => {
  const make = () =>
    run(function* () {
      const taken = chan<number>()
      const big = { big: new Array<number>(1000) }
      const waiting = go(function* () {
        yield* select({ taken: taken.receive(), leaving: new Leaving(big) })
      })
      yield* gosched()
      yield* taken.send(1)
      yield* waiting
      return new WeakRef<object>(big)
    })
  expect(await isCollected(make)).toBe(true)
})
