import { context, failure, go, gosched, never, NotReady, Op, run, sleep, WaitList } from "@weft/core"
import { seeded, virtualTime } from "@weft/core/testing"
import { Effect, Fiber } from "effect"
import { describe, expect, it } from "vitest"
import { runVirtual, waitIdle } from "../../core/test/support/virtual.ts"
import { chan } from "./chan.ts"
import { ChannelClosed } from "./closed.ts"
import { CasesChanged, InvalidCase, select, trySelect, UnorderedCase } from "./select.ts"

/** An op that counts what a select does with it. */
class Counted extends Op<number> {
  polls = 0
  readonly log: Array<string> = []
  readonly name = "counted"

  poll(): unknown {
    this.polls++
    return NotReady
  }
  enqueue(): void {
    this.log.push("enqueue")
  }
  dequeue(): void {
    this.log.push("dequeue")
  }
}

describe("select", () => {
  it("names the case it took and gives its result", () =>
    run(function* () {
      const numbers = chan<number>(1)
      yield* numbers.send(7)
      expect(yield* select({ number: numbers.receive(), never })).toEqual({ case: "number", value: 7 })
      expect(yield* select({ sent: numbers.send(8), never })).toEqual({ case: "sent", value: undefined })
      expect(numbers.length).toBe(1)
    }))

  it("takes each of several ready cases as often, wherever it stands", () =>
    run(
      function* () {
        const counts = { a: 0, b: 0, c: 0 }
        const ready = chan<number>()
        ready.close()
        const either = select({ a: ready.receive(), b: ready.receive(), c: ready.receive() })
        for (let i = 0; i < 3000; i++) counts[(yield* either).case]++
        for (const count of Object.values(counts)) expect(count).toBeGreaterThan(900)
      },
      { plugins: [seeded(1), virtualTime()] },
    ))

  it("goes by the first of its names where one op stands in two cases", () =>
    run(function* () {
      const ch = chan<number>(1)
      const receive = ch.receive()
      for (let i = 0; i < 20; i++) {
        yield* ch.send(i)
        expect(yield* select({ first: receive, second: receive })).toEqual({ case: "first", value: i })
      }
      expect(ch.receivers.isEmpty).toBe(true)
    }))

  it("takes no case that it only inherits", () =>
    run(function* () {
      const [own, inherited] = [chan<number>(1), chan<number>(1)]
      yield* own.send(1)
      yield* inherited.send(2)
      const cases = Object.create({ inherited: inherited.receive(), note: "no op" }) as { own: Op<number | undefined> }
      cases.own = own.receive()
      for (let i = 0; i < 20; i++) {
        expect(yield* select(cases)).toEqual({ case: "own", value: 1 })
        yield* own.send(1)
      }
      expect(inherited.length).toBe(1)
    }))

  it("waits again in a fiber that its own close resumed, though that close comes to its other case", () =>
    run(function* () {
      const [ch, later] = [chan<number>(), chan<number>()]
      const hits: Array<unknown> = []
      const fiber = Effect.runFork(
        Effect.gen(function* () {
          hits.push((yield* select({ a: ch.receive(), b: ch.receive() })).value)
          hits.push(yield* select({ c: later.receive(), d: later.receive() }))
        }),
      )
      yield* gosched()
      ch.close()
      yield* gosched()
      expect(hits).toEqual([undefined])
      yield* later.send(7)
      yield* Fiber.await(fiber)
      expect(hits[1]).toMatchObject({ value: 7 })
    }))

  it("is fair to two parked cases on one channel", () =>
    run(
      function* () {
        const counts = { a: 0, b: 0 }
        const ch = chan<number>()
        const sender = go(function* () {
          for (let i = 0; i < 2000; i++) {
            yield* gosched()
            yield* ch.send(i)
          }
        })
        for (let i = 0; i < 2000; i++) counts[(yield* select({ a: ch.receive(), b: ch.receive() })).case]++
        yield* sender
        expect(counts.a).toBeGreaterThan(850)
        expect(counts.b).toBeGreaterThan(850)
      },
      { plugins: [seeded(2)] },
    ))

  it("takes the first ready one as written where it is ordered", () =>
    run(function* () {
      const ch = chan<number>()
      ch.close()
      for (let i = 0; i < 100; i++) {
        const hit = yield* select.ordered({ idle: never, first: ch.receive(), second: ch.receive() })
        expect(hit.case).toBe("first")
      }
    }))

  it("leaves no waiter behind, whichever way it ends", () =>
    runVirtual(function* () {
      const [a, b] = [chan<number>(), chan<number>()]
      const waiters = () => [a, b].map((ch) => ch.receivers.length + ch.senders.length)
      const selecting = go(function* () {
        return yield* select({ in: a.receive(), out: b.send(1), time: sleep("1 hour") })
      })
      yield* waitIdle()
      expect(waiters()).toEqual([1, 1])
      yield* a.send(5)
      expect(waiters()).toEqual([0, 0])
      expect(yield* selecting).toEqual({ case: "in", value: 5 })

      const interrupted = go(function* () {
        yield* select({ in: a.receive(), out: b.send(1) })
      })
      yield* waitIdle()
      interrupted.interrupt()
      expect(waiters()).toEqual([0, 0])

      const aborter = new AbortController()
      const promise = select({ in: a.receive(), out: b.send(1) }).promise(aborter.signal)
      expect(waiters()).toEqual([1, 1])
      aborter.abort(new Error("enough"))
      expect(waiters()).toEqual([0, 0])
      yield* Op.fromPromise(expect(promise).rejects.toThrow("enough"))
    }))

  it("withdraws the losers before the winner runs, and only where they wait", () =>
    runVirtual(function* () {
      const [winner, loser] = [chan<number>(), new Counted()]
      const selecting = go(function* () {
        yield* select({ winner: winner.receive(), loser })
        expect(loser.log).toEqual(["enqueue", "dequeue"])
      })
      yield* waitIdle()
      yield* winner.send(1)
      expect(loser.log).toEqual(["enqueue", "dequeue"])
      yield* selecting
    }))

  it("enqueues nobody where a case is ready", () =>
    run(function* () {
      const ch = chan<number>()
      ch.close()
      const loser = new Counted()
      for (let i = 0; i < 20; i++) yield* select({ ready: ch.receive(), loser })
      expect(loser.log).toEqual([])
      expect(loser.polls).toBeGreaterThan(0)
    }))

  it("never meets itself", () =>
    runVirtual(function* () {
      const ch = chan<string>()
      const selecting = ["a", "b"].map((name) =>
        go(function* () {
          return yield* select({ in: ch.receive(), out: ch.send(name) })
        }),
      )
      const hits = [yield* selecting[0]!, yield* selecting[1]!]
      const receiver = hits.findIndex((hit) => hit.case === "in")
      expect(hits[receiver]).toEqual({ case: "in", value: receiver === 0 ? "b" : "a" })
      expect(hits[1 - receiver]).toEqual({ case: "out", value: undefined })
    }))

  it("waits for ever with no cases", () =>
    runVirtual(function* () {
      const waiting = go(function* () {
        yield* select({})
      })
      yield* waitIdle()
      expect(waiting.waitReason).toBe("select (no cases)")
      waiting.interrupt()
    }))

  it("is an op: nested, its inner case is chosen with the outer one", () =>
    runVirtual(function* () {
      const [a, b, c] = [chan<number>(), chan<number>(), chan<number>()]
      const nested = () => select({ inner: select({ a: a.receive(), b: b.receive() }), c: c.receive() })
      const waiting = go(function* () {
        return [yield* nested(), yield* nested(), yield* nested()]
      })
      yield* waitIdle()
      yield* b.send(2)
      yield* waitIdle()
      yield* c.send(3)
      yield* waitIdle()
      yield* a.send(1)
      expect(yield* waiting).toEqual([
        { case: "inner", value: { case: "b", value: 2 } },
        { case: "c", value: 3 },
        { case: "inner", value: { case: "a", value: 1 } },
      ])
      expect([a, b, c].map((ch) => ch.receivers.length)).toEqual([0, 0, 0])
    }))

  it("can be committed again, and by several goroutines at once", () =>
    runVirtual(function* () {
      const [a, b] = [chan<number>(), chan<number>()]
      const either = select({ a: a.receive(), b: b.receive() })
      const got: Array<unknown> = []
      for (let i = 0; i < 3; i++) {
        go(function* () {
          for (let j = 0; j < 2; j++) got.push((yield* either).value)
        })
      }
      for (let i = 0; i < 6; i++) {
        yield* waitIdle()
        yield* (i % 2 === 0 ? a : b).send(i)
      }
      yield* waitIdle()
      expect(got.sort()).toEqual([0, 1, 2, 3, 4, 5])
      expect([a.receivers.length, b.receivers.length]).toEqual([0, 0])
    }))

  it("happens once where one context, or one channel, ends two of its cases together", () =>
    runVirtual(function* () {
      const [ctx, cancel] = context.withCancel(context.background)
      const waiting = go(function* () {
        return (yield* select({ a: ctx.done, b: ctx.done, time: sleep("1 hour") })).case
      })
      yield* waitIdle()
      cancel()
      expect(["a", "b"]).toContain(yield* waiting)
    }))

  it("fails with a case's typed failure", () =>
    run(function* () {
      const ch = chan<number>()
      ch.close()
      let failed: unknown
      try {
        yield* select({ value: ch.take(), never })
      } catch (error) {
        failed = error
      }
      expect(failed).toBeInstanceOf(ChannelClosed)
    }))

  it("fails with what a waiting case fails with, and has left the others", () =>
    runVirtual(function* () {
      const [ch, other] = [chan<number>(), chan<number>()]
      const waiting = go(function* () {
        return yield* select({ value: ch.take(), other: other.receive() })
      })
      yield* waitIdle()
      ch.close()
      let failed: unknown
      try {
        yield* waiting
      } catch (error) {
        failed = error
      }
      expect(failed).toBeInstanceOf(ChannelClosed)
      expect(other.receivers.length).toBe(0)
    }))

  it("runs a mapped case's function only if that case is taken", () =>
    run(function* () {
      const [ready, idle] = [chan<number>(1), chan<number>()]
      yield* ready.send(20)
      const hit = yield* select({
        ready: ready.receive().map((value) => value! + 1),
        idle: idle.receive().map(() => expect.unreachable()),
      })
      expect(hit.value).toBe(21)
    }))

  it("works in an Effect, and interrupting the fiber withdraws it", async () => {
    const [a, b] = [chan<number>(), chan<number>()]
    const program = Effect.gen(function* () {
      return yield* select({ a: a.receive(), b: b.receive() })
    })
    const fiber = Effect.runFork(program)
    await Promise.resolve()
    expect(a.trySend(3)).toBe(true)
    expect(await Effect.runPromise(Fiber.join(fiber))).toEqual({ case: "a", value: 3 })
    const late = await Effect.runPromise(program.pipe(Effect.timeoutOption(1)))
    expect(late._tag).toBe("None")
    expect([a.receivers.length, b.receivers.length]).toEqual([0, 0])
  })
})

describe("trySelect", () => {
  it("answers undefined where nothing is ready, and leaves nobody waiting", () => {
    const ch = chan<number>()
    expect(trySelect({ in: ch.receive(), out: ch.send(1) })).toBeUndefined()
    expect([ch.receivers.length, ch.senders.length]).toEqual([0, 0])
    expect(trySelect({})).toBeUndefined()
  })

  it("never misses while some case is ready at every moment", () =>
    run(function* () {
      const [a, b] = [chan<number>(1), chan<number>(1)]
      yield* a.send(0)
      let hits = 0
      for (let i = 0; i < 1000; i++) {
        const hit = trySelect({ a: a.receive(), b: b.receive() })
        if (hit !== undefined) hits++
        yield* (hit?.case === "a" ? b : a).send(i)
      }
      expect(hits).toBe(1000)
    }))

  it("panics where it chose a send on a closed channel", () => {
    const ch = chan<number>(1)
    ch.close()
    expect(() => trySelect({ out: ch.send(1) })).toThrow("send on closed channel")
  })

  it("throws a case's typed failure", () => {
    const boom = new Error("boom")
    const failing = Op.make<number, Error>({
      name: "failing",
      poll: () => {
        throw failure(boom)
      },
      enqueue: () => undefined,
      dequeue: () => undefined,
    })
    expect(() => trySelect({ failing })).toThrow(boom)
  })
})

describe("a select used wrongly", () => {
  const wrong: ReadonlyArray<readonly [string, unknown, string]> = [
    ["a promise", Promise.resolve(1), "for a promise write Op.fromPromise((signal) => ...)"],
    ["a channel", chan<number>(), "for a channel write ch.receive() or ch.send(value)"],
    ["an Effect", Effect.succeed(1), "for an Effect write Op.fromEffect(effect)"],
    ["what says why not", { notACase: "it gives its lock away" }, "it gives its lock away"],
    ["undefined", undefined, "give an op, such as ch.receive()"],
    ["null", null, "give an op, such as ch.receive()"],
    ["a number", 5, "give an op, such as ch.receive()"],
    ["a function", () => 1, "give an op, such as ch.receive()"],
  ]

  it.each(wrong)("refuses %s at the call, names the case and says what to write", (_, given, advice) => {
    for (const [name, call] of Object.entries({ select, "select.ordered": select.ordered, trySelect })) {
      const misuse = () => void (call as (cases: unknown) => unknown)({ fine: never, wrong: given })
      expect(misuse).toThrow(InvalidCase)
      expect(misuse).toThrow(`${name}: case "wrong" is no op; ${advice}`)
    }
  })

  it("refuses a goroutine at the call and says to join", () =>
    run(function* () {
      const goroutine = go(function* () {})
      expect(() => select({ goroutine: goroutine as unknown as Op<void> })).toThrow(
        "for a goroutine write goroutine.join()",
      )
      yield* goroutine
    }))

  it.each([null, undefined, 5, "cases", never])("refuses %s in place of the cases", (cases) => {
    for (const call of [select, select.ordered, trySelect])
      expect(() => (call as (cases: unknown) => unknown)(cases)).toThrow("write select({ name: op, ... })")
  })

  it("says so when it takes what its record no longer has", () =>
    run(function* () {
      const ch = chan<number>(1)
      const cases: Record<string, Op<unknown>> = { value: ch.receive(), never }
      const either = select(cases)
      yield* ch.send(1)
      cases["value"] = never
      let thrown: unknown
      try {
        yield* either
      } catch (error) {
        thrown = error
      }
      expect(thrown).toBeInstanceOf(CasesChanged)
      expect(thrown).toMatchObject({ name: "CasesChanged", fields: { cases: ["value", "never"] } })
    }))

  it("with an op that keeps a waiter which was withdrawn does no harm to other selects", () =>
    run(
      function* () {
        const kept = new WaitList()
        const keeps = Op.make<void>({
          name: "keeps",
          poll: () => NotReady,
          enqueue: (waiter) => kept.push(waiter),
          dequeue() {},
        })
        const late = chan<void>()
        const first = go(keeps)
        yield* gosched()
        go(late.send())
        expect((yield* select({ keeps, late: late.receive() })).case).toBe("late")
        const [a, b] = [chan<string>(), chan<string>()]
        const other = go(function* () {
          const taken: Array<string> = []
          for (let i = 0; i < 4; i++) {
            const { case: name, value } = yield* select({ a: a.receive(), b: b.receive() })
            taken.push(`${name} ${value}`)
          }
          return taken
        })
        yield* gosched()
        const second = go(keeps)
        yield* gosched()
        for (const value of ["1", "2"]) {
          yield* a.send(value)
          yield* b.send(value)
        }
        expect(yield* other).toEqual(["a 1", "b 1", "a 2", "b 2"])
        first.interrupt()
        second.interrupt()
      },
      { deadlock: "fail" },
    ))

  it("refuses an ordered select whose order JavaScript would change", () => {
    expect(() => select.ordered({ b: never, 1: never })).toThrow(UnorderedCase)
    expect(() => select.ordered({ b: never, 1: never })).toThrow('case "1" would come first')
    for (const name of ["01", "-1", "1.5", "one"]) expect(() => select.ordered({ [name]: never })).not.toThrow()
  })

  it("leaves integer-like names to the fair one", () =>
    run(function* () {
      const ch = chan<number>()
      ch.close()
      expect((yield* select({ 1: ch.receive() })).case).toBe("1")
    }))
})
