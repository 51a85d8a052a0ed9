/** A select of which one case may happen on another thread, which then says so by a message. */
import { type Elsewhere, go, gosched, NotReady, Op, type Waiter } from "@weft/core"
import { describe, expect, it } from "vitest"
import { runVirtual, waitIdle } from "../../core/test/support/virtual.ts"
import { select } from "./select.ts"

/** Keeps the waiter, and what was done with it. */
class Kept extends Op<number> {
  readonly log: Array<string> = []
  readonly name: string = "kept"
  waiter: Waiter | undefined

  poll(): unknown {
    return NotReady
  }
  enqueue(waiter: Waiter): void {
    this.log.push("enqueue")
    this.waiter = waiter
  }
  dequeue(_waiter: Waiter): void {
    this.log.push("dequeue")
  }
}

/** Happens there, and comes later. */
class Remote extends Kept implements Elsewhere {
  readonly comesLater = true
  hasHappened = false
  arriving: Waiter | undefined

  override enqueue(waiter: Waiter): void {
    super.enqueue(waiter)
    waiter.happensElsewhere(this)
  }
  takeBack(): boolean {
    return !this.hasHappened
  }
  offerAgain(): void {}
  settles(waiter: Waiter): boolean {
    return this.arriving === waiter
  }
  arrive(value: number): void {
    this.arriving = this.waiter
    this.waiter!.commit(value)
  }
}

describe("a select whose case has happened on another thread, and is on its way", () => {
  it("refuses another case, sees nothing more of that, and takes what comes", () =>
    runVirtual(function* () {
      const [remote, local, third] = [new Remote(), new Kept(), new Kept()]
      const selecting = go(function* () {
        return yield* select.ordered({ remote, local, third })
      })
      yield* waitIdle()
      remote.hasHappened = true
      expect(local.waiter!.commit(1)).toBe(false)
      yield* gosched()
      expect(selecting.status).toBe("waiting")
      remote.arrive(7)
      expect(yield* selecting).toEqual({ case: "remote", value: 7 })
      // The refused one has forgotten it, the third has not.
      expect([remote.log, local.log, third.log]).toEqual([["enqueue"], ["enqueue"], ["enqueue", "dequeue"]])
    }))

  it("withdraws in the next select what it had not to withdraw in this one", () =>
    runVirtual(function* () {
      const [remote, local, third] = [new Remote(), new Kept(), new Kept()]
      const next = [new Kept(), new Kept(), new Kept()] as const
      const selecting = go(function* () {
        yield* select.ordered({ remote, local, third })
        return yield* select.ordered({ a: next[0], b: next[1], c: next[2] })
      })
      yield* waitIdle()
      remote.hasHappened = true
      expect(local.waiter!.commit(1)).toBe(false)
      remote.arrive(7)
      yield* waitIdle()
      next[0].waiter!.commit(8)
      expect(yield* selecting).toEqual({ case: "a", value: 8 })
      expect(next.map(({ log }) => log)).toEqual([["enqueue"], ["enqueue", "dequeue"], ["enqueue", "dequeue"]])
    }))

  it("takes another case where it could be taken back", () =>
    runVirtual(function* () {
      const [remote, local] = [new Remote(), new Kept()]
      const selecting = go(function* () {
        return yield* select.ordered({ remote, local })
      })
      yield* waitIdle()
      expect(local.waiter!.commit(1)).toBe(true)
      expect(yield* selecting).toEqual({ case: "local", value: 1 })
      expect([remote.log, local.log]).toEqual([["enqueue", "dequeue"], ["enqueue"]])
    }))
})
