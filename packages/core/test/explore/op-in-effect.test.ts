/** Ops committed in Effect fibers: with Effect's own combinators around them they lose nothing either. */
import { go, Op } from "@weft/core"
import { explore } from "@weft/core/testing"
import { Effect, Fiber } from "effect"
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

const inGen = <A, E>(op: Op<A, E>): Effect.Effect<A, E> =>
  Effect.gen(function* () {
    return yield* op
  })

const ways: ReadonlyArray<readonly [string, <A, E>(op: Op<A, E>) => Effect.Effect<A, E>]> = [
  ["Effect.gen", inGen],
  ["a combinator", (op) => Effect.map(op, (value) => value)],
]

describe.each(ways)("an op in an Effect, by %s", (_, commit) => {
  it("takes what one goroutine puts, each value once", async () => {
    const { schedules } = await explore.check({}, function* () {
      const box = new Mailbox<number>()
      const takers = [go(commit(box.take)), go(commit(box.take))]
      const putter = go(function* () {
        box.put(1)
        yield* go(function* () {})
        box.put(2)
      })
      const got = [yield* takers[0]!, yield* takers[1]!]
      expect(got.sort()).toEqual([1, 2])
      yield* putter
      expectNothingLeft(box)
    })
    expect(schedules).toBe(3489)
  })

  it("interrupted at every step has taken nothing, or what it took is known", async () => {
    const ends = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const box = new Mailbox<number>()
      const taken: Array<number> = []
      const fiber = Effect.runFork(Effect.map(commit(box.take), (n) => void taken.push(n)))
      const helpers = [doing(() => box.put(1)), doing(() => fiber.interruptUnsafe())]
      const exit = yield* Fiber.await(fiber)
      for (const helper of helpers) yield* helper
      expect([...taken, ...box.values]).toEqual([1])
      ends.add(`${exit._tag}, ${taken.length} taken`)
      expectNothingLeft(box)
    })
    expect([...ends].sort()).toEqual(["Failure, 0 taken", "Success, 1 taken"])
    expect(schedules).toBe(7)
  })

  it("that loses an Effect.race has taken nothing", async () => {
    const winners = new Set<unknown>()
    const { schedules } = await explore.check({}, function* () {
      const box = new Mailbox<string>()
      const gate = new Gate<string>()
      const racing = go(Effect.race(commit(box.take), gate.effect))
      const helpers = [doing(() => box.put("taken")), doing(() => gate.end(Effect.succeed("gate")))]
      const winner = yield* racing
      for (const helper of helpers) yield* helper
      expect(box.values).toEqual(winner === "taken" ? [] : ["taken"])
      winners.add(winner)
      expectNothingLeft(box)
    })
    expect(winners).toEqual(new Set(["taken", "gate"]))
    expect(schedules).toBe(69)
  })

  it("that is too late for a time limit has taken nothing", async () => {
    const ends = new Set<unknown>()
    const { schedules } = await explore.check({}, function* () {
      const box = new Mailbox<string>()
      const limit = new Gate<void>()
      // Effect.timeout is a race with a sleep; here the search says when that is over.
      const limited = go(
        Effect.raceFirst(
          commit(box.take),
          Effect.flatMap(limit.effect, () => Effect.fail("too late")),
        ),
      )
      const helpers = [doing(() => box.put("taken")), doing(() => limit.end(Effect.void))]
      const error = yield* thrownBy(limited.join())
      for (const helper of helpers) yield* helper
      expect(box.values).toEqual(error === undefined ? [] : ["taken"])
      ends.add(error ?? "taken")
      expectNothingLeft(box)
    })
    expect(ends).toEqual(new Set(["taken", "too late"]))
    expect(schedules).toBe(69)
  })

  it("in a goroutine that is interrupted, beside a fiber that waits for the same: each value goes to one", async () => {
    const { schedules } = await explore.check({}, function* () {
      const box = new Mailbox<number>()
      const taken: Array<number> = []
      const take = Effect.map(commit(box.take), (n) => void taken.push(n))
      const first = go(take)
      const second = go(take)
      const interrupter = doing(() => first.interrupt())
      box.put(1)
      const error = yield* thrownBy(first.join())
      if (error === undefined) box.put(2)
      yield* second
      yield* interrupter
      expect([...taken, ...box.values].sort()).toEqual(error === undefined ? [1, 2] : [1])
      expectNothingLeft(box)
    })
    expect(schedules).toBe(267)
  })
})

describe("Effect.timeout", () => {
  it("leaves an op that it gave up on without a waiter", async () => {
    const { schedules } = await explore.check({}, function* () {
      const box = new Mailbox<number>()
      const error = yield* thrownBy(Op.fromEffect(Effect.timeout(box.take, 1)))
      expect(error).toMatchObject({ _tag: "TimeoutError" })
      box.put(1)
      expect(box.values).toEqual([1])
      expectNothingLeft(box)
    })
    expect(schedules).toBe(1)
  })
})

describe("explore finds", () => {
  it("a mailbox that hands over to a fiber in two steps", async () => {
    class TwoStep extends Mailbox<number> {
      override put(value: number): void {
        const waiter = this.waiters.shift()
        if (waiter === null) this.values.push(value)
        else doing(() => void waiter.commit(value))
      }
    }
    const error = await planted(function* () {
      const box = new TwoStep()
      const gate = new Gate<number>()
      const racing = go(Effect.race(box.take, gate.effect))
      const helpers = [doing(() => box.put(1)), doing(() => gate.end(Effect.succeed(2)))]
      const winner = yield* racing
      for (const helper of helpers) yield* helper
      if (winner === 2 && box.values.length === 0) throw new Error("the value is lost")
    })
    expect(error).toEqual(new Error("the value is lost"))
  })
})
