/** Ops committed from plain async code, by `op.promise(signal)`. */
import { go, gosched, Op } from "@weft/core"
import { explore } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { expectNothingLeft } from "../support/left-over.ts"
import { Mailbox } from "../support/mailbox.ts"
import { planted } from "../support/planted.ts"

describe("op.promise", () => {
  it("takes a value or rejects with the signal's reason, never both and never neither", async () => {
    const ends = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const box = new Mailbox<number>()
      const abort = new AbortController()
      const reason = new Error("enough")
      const settled = box.take.promise(abort.signal).then(
        (value) => `took ${value}`,
        (error: unknown) => (error === reason ? "aborted" : String(error)),
      )
      const putter = go(function* () {
        box.put(1)
      })
      const aborter = go(function* () {
        abort.abort(reason)
      })
      for (const goroutine of [putter, aborter]) yield* goroutine
      const end = yield* Op.fromPromise(settled)
      expect(box.values).toEqual(end === "aborted" ? [1] : [])
      ends.add(end)
      expectNothingLeft(box)
    })
    expect(ends).toEqual(new Set(["took 1", "aborted"]))
    expect(schedules).toBe(8)
  })

  it("stands in line with goroutines, first come, first served", async () => {
    const { schedules } = await explore.check({}, function* () {
      const box = new Mailbox<number>()
      const order: Array<string> = []
      const promised = box.take.promise().then((value) => order.push(`promise ${value}`))
      const taker = go(function* () {
        order.push(`goroutine ${yield* box.take}`)
      })
      const putter = go(function* () {
        box.put(1)
        yield* gosched()
        box.put(2)
      })
      yield* taker
      yield* putter
      yield* Op.fromPromise(promised)
      expect(order.sort()).toEqual(["goroutine 2", "promise 1"])
      expectNothingLeft(box)
    })
    expect(schedules).toBe(18)
  })
})

describe("explore finds", () => {
  it("an abort that forgets to withdraw", async () => {
    class Sticky extends Mailbox<number> {
      override get take(): Op<number> {
        return Op.make<number>({
          name: "sticky",
          poll: () => super.take.poll() as number,
          enqueue: (waiter) => this.waiters.push(waiter),
          dequeue() {},
        })
      }
    }
    const error = await planted(function* () {
      const box = new Sticky()
      const abort = new AbortController()
      const settled = box.take.promise(abort.signal).catch(() => undefined)
      const putter = go(function* () {
        box.put(1)
      })
      const aborter = go(function* () {
        abort.abort()
      })
      for (const goroutine of [putter, aborter]) yield* goroutine
      if ((yield* Op.fromPromise(settled)) === undefined) expect(box.values).toEqual([1])
    })
    expect(error).toMatchObject({ name: "AssertionError" })
  })
})
