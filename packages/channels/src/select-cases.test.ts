/** What a select does with its cases, seen by the cases. */
import { go, gosched, NotReady, Op, run, type Waiter } from "@weft/core"
import { seeded, virtualTime } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { runVirtual, waitIdle } from "../../core/test/support/virtual.ts"
import { chan } from "./chan.ts"
import { select, trySelect } from "./select.ts"

/** An op that is never ready and notes what is done with it. */
class Noted extends Op<number> {
  readonly log: Array<string> = []
  readonly name: string = "noted"

  poll(): unknown {
    this.log.push("poll")
    return NotReady
  }
  enqueue(_waiter: Waiter): void {
    this.log.push("enqueue")
  }
  dequeue(_waiter: Waiter): void | Op<unknown> {
    this.log.push("dequeue")
  }
}

/** Ready as soon as it is enqueued. */
class AtOnce extends Noted {
  override enqueue(waiter: Waiter): void {
    super.enqueue(waiter)
    waiter.commit(1)
  }
}

class Refusing extends Noted {
  override enqueue(waiter: Waiter): void {
    super.enqueue(waiter)
    throw new Error("refused")
  }
}

/** Withdrawn once `end` is closed. */
class Slow extends Noted {
  readonly end = chan<void>()

  override dequeue(waiter: Waiter): Op<unknown> {
    void super.dequeue(waiter)
    return this.end.receive()
  }
}

/** Fails all that wait, also those whose withdrawal it has not heard of. */
class Doomed extends Noted {
  readonly waiters: Array<Waiter> = []

  override enqueue(waiter: Waiter): void {
    this.waiters.push(waiter)
  }
  failAll(): void {
    for (const waiter of this.waiters) waiter.fail(new Error("doomed"))
  }
}

describe("the cases of a select", () => {
  it("are each polled once, in whatever order", () =>
    run(
      function* () {
        const cases = { a: new Noted(), b: new Noted(), c: new Noted(), d: new Noted() }
        for (let i = 1; i <= 100; i++) {
          expect(trySelect(cases)).toBeUndefined()
          for (const { log } of Object.values(cases)) expect(log.length).toBe(i)
        }
      },
      { plugins: [seeded(1)] },
    ))

  it("are taken in the same order for the same seed", async () => {
    const taken = () =>
      run(
        function* () {
          const ready = chan<number>()
          ready.close()
          const either = select({ a: ready.receive(), b: ready.receive(), c: ready.receive() })
          let names = ""
          for (let i = 0; i < 50; i++) names += (yield* either).case
          return names
        },
        { plugins: [seeded(7), virtualTime()] },
      )
    expect(await taken()).toBe(await taken())
  })

  it("that are always ready let another goroutine proceed", () =>
    run(function* () {
      const ready = chan<number>()
      ready.close()
      const other = go(function* () {
        yield* gosched()
      })
      // A bound for a select that never gives way; one that does needs a slice.
      for (let i = 0; i < 1_000_000 && other.status !== "done"; i++)
        yield* select({ a: ready.receive(), b: ready.receive() })
      expect(other.status).toBe("done")
    }))

  it("that fail together fail the select once, with the error of the first", () =>
    run(function* () {
      const ch = chan<string>()
      const selecting = go(function* () {
        yield* select.ordered({ a: ch.send("a"), b: ch.send("b") })
      })
      yield* gosched()
      ch.close()
      let thrown: unknown
      try {
        yield* selecting
      } catch (error) {
        thrown = error
      }
      expect(thrown).toMatchObject({ name: "ChannelClosed", value: "a" })
    }))

  it("behind one that is ready when enqueued are neither enqueued nor withdrawn", () =>
    run(function* () {
      const [before, first, behind] = [new Noted(), new AtOnce(), new Noted()]
      expect((yield* select.ordered({ before, first, behind })).case).toBe("first")
      expect(before.log).toEqual(["poll", "enqueue", "dequeue"])
      expect(first.log).toEqual(["poll", "enqueue"])
      expect(behind.log).toEqual(["poll"])
    }))

  it("before one that refuses to be enqueued are withdrawn, and that one is not", () =>
    run(function* () {
      const [before, refusing] = [new Noted(), new Refusing()]
      let thrown: unknown
      try {
        yield* select.ordered({ before, refusing })
      } catch (error) {
        thrown = error
      }
      expect(thrown).toEqual(new Error("refused"))
      expect(before.log).toEqual(["poll", "enqueue", "dequeue"])
      expect(refusing.log).toEqual(["poll", "enqueue"])
    }))

  it("are left, work that was started ended, when one fails while it waits", () =>
    runVirtual(function* () {
      const [ch, other] = [chan<number>(), chan<number>()]
      let signal: AbortSignal | undefined
      const work = Op.fromPromise((given) => {
        signal = given
        return new Promise<never>(() => undefined)
      })
      const waiting = go(function* () {
        yield* select({ out: ch.send(1), other: other.receive(), work })
      })
      waiting
        .join()
        .promise()
        .catch(() => undefined)
      yield* gosched()
      expect([other.receivers.length, signal?.aborted]).toEqual([1, false])
      ch.close()
      expect([other.receivers.length, signal?.aborted]).toEqual([0, true])
    }))

  it("fail once, and are withdrawn once, where two of them fail together", () =>
    runVirtual(function* () {
      const [doomed, other, later] = [new Doomed(), new Noted(), chan<number>()]
      const log: Array<string> = []
      const waiting = go(function* () {
        try {
          yield* select({ a: doomed, b: doomed.map(String), other })
        } catch {
          log.push("failed")
        }
        log.push(`received ${yield* later.receive()}`)
      })
      yield* waitIdle()
      doomed.failAll()
      yield* waitIdle()
      expect(log).toEqual(["failed"])
      expect(other.log).toEqual(["poll", "enqueue", "dequeue"])
      yield* later.send(7)
      yield* waiting
      expect(log).toEqual(["failed", "received 7"])
    }))

  it("whose withdrawal takes time are all waited for by an interrupted goroutine", () =>
    runVirtual(function* () {
      const [first, second] = [new Slow(), new Slow()]
      let hasUnwound = false
      const waiting = go(function* () {
        try {
          yield* select({ first, second })
        } finally {
          hasUnwound = true
        }
      })
      yield* waitIdle()
      waiting.interrupt()
      for (const slow of [second, first]) {
        yield* waitIdle()
        expect(hasUnwound).toBe(false)
        slow.end.close()
      }
      yield* waitIdle()
      expect(hasUnwound).toBe(true)
    }))
})
