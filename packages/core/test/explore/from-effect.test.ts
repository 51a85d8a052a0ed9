/** Effects in goroutines: they end at every moment, and goroutines give up on them at every moment. */
import { go, Op } from "@weft/core"
import { explore } from "@weft/core/testing"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { Gate } from "../support/gate.ts"
import { expectNothingLeft } from "../support/left-over.ts"
import { Mailbox } from "../support/mailbox.ts"
import { planted } from "../support/planted.ts"
import { thrownBy } from "../support/thrown-by.ts"

const doing = (f: () => void) =>
  go(function* () {
    f()
  })

describe("an Effect yielded in a goroutine", () => {
  it("gives its value, whenever it ends", async () => {
    const { schedules } = await explore.check({}, function* () {
      const gate = new Gate<number>()
      const waiting = go(function* () {
        return (yield* gate.effect) + 1
      })
      yield* doing(() => gate.end(Effect.succeed(6)))
      expect(yield* waiting).toBe(7)
      expect(gate.log).toEqual(["begins"])
      expectNothingLeft()
    })
    expect(schedules).toBe(21)
  })

  it("throws its failure at the yield, and its defect likewise, whenever they come", async () => {
    const { schedules } = await explore.check({}, function* () {
      const [failing, dying] = [new Gate<number, string>(), new Gate<number>()]
      const boom = new Error("boom")
      const waiting = [go(thrownBy, Op.fromEffect(failing.effect)), go(thrownBy, Op.fromEffect(dying.effect))]
      failing.end(Effect.fail("typed"))
      dying.end(Effect.die(boom))
      expect([yield* waiting[0]!, yield* waiting[1]!]).toEqual(["typed", boom])
      expectNothingLeft()
    })
    expect(schedules).toBe(193)
  })

  it("is interrupted with its goroutine at every step, its finalizers before the goroutine's finally", async () => {
    const ends = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const gate = new Gate<number>()
      const waiting = go(function* () {
        try {
          return yield* gate.effect
        } finally {
          gate.log.push("finally")
        }
      })
      const helpers = [doing(() => gate.end(Effect.succeed(6))), doing(() => waiting.interrupt())]
      const error = yield* thrownBy(waiting.join())
      for (const helper of helpers) yield* helper
      ends.add(`${error === undefined ? "returned" : "interrupted"}: ${gate.log.join()}`)
      expectNothingLeft()
    })
    expect([...ends].sort()).toEqual([
      "interrupted: ",
      "interrupted: begins,finalized,finally",
      "returned: begins,finally",
    ])
    expect(schedules).toBe(68)
  })

  it("waits for finalizers that wait, and nothing cuts them short", async () => {
    const { schedules } = await explore.check({}, function* () {
      const box = new Mailbox<number>()
      const log: Array<string> = []
      const cleaning = Effect.never.pipe(Effect.onInterrupt(() => Effect.map(box.take, () => void log.push("cleaned"))))
      const waiting = go(function* () {
        try {
          yield* cleaning
        } finally {
          log.push("finally")
        }
      })
      const interrupters = [doing(() => waiting.interrupt()), doing(() => waiting.interrupt())]
      const putter = doing(() => box.put(1))
      yield* thrownBy(waiting.join())
      for (const helper of [...interrupters, putter]) yield* helper
      // Before its first step there is nothing to clean up.
      if (log.length > 0) expect(log).toEqual(["cleaned", "finally"])
      expect(box.values.length).toBe(log.length > 0 ? 0 : 1)
      expectNothingLeft(box)
    })
    expect(schedules).toBe(367)
  })

  it("loses nothing that it took, where the goroutine is interrupted", async () => {
    const ends = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const box = new Mailbox<number>()
      const taken: Array<number> = []
      const waiting = go(function* () {
        taken.push(yield* Effect.map(box.take, (n) => n))
      })
      const helpers = [doing(() => box.put(1)), doing(() => waiting.interrupt())]
      const error = yield* thrownBy(waiting.join())
      for (const helper of helpers) yield* helper
      expect([...taken, ...box.values]).toEqual([1])
      ends.add(`${error === undefined ? "returned" : "interrupted"}, ${taken.length} taken`)
      expectNothingLeft(box)
    })
    expect([...ends].sort()).toEqual(["interrupted, 0 taken", "returned, 1 taken"])
    expect(schedules).toBe(68)
  })

  it("that never waits is over at once, in every order of two", async () => {
    const orders = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const order: Array<string> = []
      const waiting = ["a", "b"].map((name) =>
        go(function* () {
          order.push(yield* Effect.succeed(name))
        }),
      )
      for (const goroutine of waiting) yield* goroutine
      orders.add(order.join(""))
      expectNothingLeft()
    })
    expect(orders).toEqual(new Set(["ab", "ba"]))
    expect(schedules).toBe(54)
  })
})

describe("explore finds", () => {
  it("a value that an effect takes in one step and hands over in another", async () => {
    const error = await planted(function* () {
      const box = new Mailbox<number>()
      const taken: Array<number> = []
      const waiting = go(function* () {
        taken.push(yield* Effect.flatMap(box.take, (n) => Effect.map(Effect.yieldNow, () => n)))
      })
      const helpers = [doing(() => box.put(1)), doing(() => waiting.interrupt())]
      yield* thrownBy(waiting.join())
      for (const helper of helpers) yield* helper
      if (taken.length + box.values.length === 0) throw new Error("the value is lost")
    })
    expect(error).toEqual(new Error("the value is lost"))
  })
})
