/** Go's test/fixedbugs, those about channels and select. */
import { chan, type Channel, type Next, nil, select, trySelect } from "@weft/channels"
import { DeadlockError, go, gosched, run } from "@weft/core"
import { describe, expect, it } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"
import { runVirtual, waitIdle } from "../../../core/test/support/virtual.ts"

describe("fixedbugs", () => {
  underSchedules(
    "bug067, bug147: the second unbuffered send waits for the receiver, however late it comes",
    function* () {
      const ch = chan<number>()
      let ok = false
      const sender = go(function* () {
        yield* ch.send(0)
        ok = true
        yield* ch.send(0)
      })
      yield* waitIdle()
      expect(ok).toBe(false)
      yield* ch.receive()
      yield* waitIdle()
      expect([ok, sender.status]).toEqual([true, "waiting"])
      yield* ch.receive()
      yield* sender
    },
    { time: "virtual" },
  )

  underSchedules("bug225: default while empty, and every later form agrees that it is", function* () {
    const ch = chan<boolean>(1)
    expect(trySelect({ in: ch.receive() })).toBeUndefined()
    const next = ch.tryReceive()
    expect(next).toBeUndefined()
    yield* ch.send(true)
    expect(trySelect({ in: ch.next() })).toEqual({ case: "in", value: { ok: true, value: true } })
  })

  underSchedules("bug234: ok is true for what was sent before the close, and false after it", function* () {
    const ch = chan<number>(1000)
    for (let i = 0; i < 10; i++) yield* ch.send(i)
    ch.close()
    for (let i = 0; i < 10; i++) expect(yield* ch.next()).toEqual({ ok: true, value: i })
    for (let i = 0; i < 3; i++) expect((yield* ch.next()).ok).toBe(false)
  })

  underSchedules("issue16870: all forms that give ok agree, on values and on the end", function* () {
    const ch = chan<number>(1)
    const forms: ReadonlyArray<() => Generator<unknown, Next<number>, unknown>> = [
      function* () {
        return yield* ch.next()
      },
      function* () {
        return ch.tryReceive()!
      },
      function* () {
        return (yield* select({ in: ch.next() })).value
      },
      function* () {
        return trySelect({ in: ch.next() })!.value
      },
    ]
    for (const form of forms) {
      yield* ch.send(96)
      expect(yield* form() as Generator<never, Next<number>, unknown>).toEqual({ ok: true, value: 96 })
    }
    ch.close()
    for (const form of forms)
      expect(yield* form() as Generator<never, Next<number>, unknown>).toEqual({ ok: false, value: undefined })
  })

  underSchedules("issue8347: a trySelect that misses leaves the variables alone", function* () {
    const ch = chan<number>()
    let ok: boolean | undefined = true
    let value: number | undefined = 5
    const hit = trySelect({
      in: ch.next().map((next) => {
        ok = next.ok
        value = next.value
      }),
    })
    expect([hit, ok, value]).toEqual([undefined, true, 5])
    yield* gosched()
  })

  underSchedules(
    "issue4313: a send's value is computed before the select, also where its case is not taken",
    function* () {
      const log: Array<string> = []
      const value = (name: string) => {
        log.push(name)
        return 1
      }
      const ready = chan<number>(1)
      const hit = yield* select({ idle: nil<number>().send(value("idle")), ready: ready.send(value("ready")) })
      expect([hit.case, log]).toEqual(["ready", ["idle", "ready"]])
    },
  )

  underSchedules("bug242: operands are evaluated once, in the order written", function* () {
    const log: Array<string> = []
    const operand = <T>(name: string, it: T): T => {
      log.push(name)
      return it
    }
    const [a, b] = [chan<number>(1), chan<number>(1)]
    yield* a.send(1)
    yield* select({
      first: operand("channel a", a).receive(),
      second: operand("channel b", b).send(operand("value", 2)),
      third: operand("channel nil", nil<number>()).receive(),
    })
    expect(log).toEqual(["channel a", "channel b", "value", "channel nil"])
  })

  underSchedules("issue8336: an operand that throws stops the later ones, and nothing has happened", function* () {
    const log: Array<string> = []
    const ch = chan<number>(1)
    const broken = (): number => {
      log.push("broken")
      throw new Error("operand")
    }
    let thrown: unknown
    try {
      yield* select({
        first: ch.send((log.push("first"), 1)),
        second: nil<number>().send(broken()),
        third: nil<number>().send(log.push("third")),
      })
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ message: "operand" })
    expect([log, ch.length]).toEqual([["first", "broken"], 0])
  })

  underSchedules("bug078: a select in a nested function", function* () {
    const ch = chan<number>()
    ch.close()
    function* outer() {
      function* inner() {
        return (yield* select({ in: ch.next() })).value.ok
      }
      return yield* inner()
    }
    expect(yield* outer()).toBe(false)
  })

  it("bug347: the report names the line of the select that waits", async () => {
    function* waitsHere(ch: Channel<number>) {
      yield* select({ in: ch.receive() })
    }
    const main = run(
      function* () {
        yield* waitsHere(chan<number>())
      },
      { deadlock: "fail" },
    )
    const error: unknown = await main.catch((error: unknown) => error)
    expect(error).toBeInstanceOf(DeadlockError)
    expect((error as Error).message).toMatch(/goroutine \d+ .*\[select/)
    expect((error as Error).message).toMatch(/waitsHere.*fixedbugs\.test\.ts/)
  })

  it("issue9110: released waiters leave no records", () =>
    runVirtual(function* () {
      const [never, wake] = [chan<number>(), chan<number>()]
      for (let round = 0; round < 20; round++) {
        const waiting = Array.from({ length: 50 }, () =>
          go(function* () {
            yield* select({ never: never.receive(), never2: never.receive(), wake: wake.receive() })
          }),
        )
        yield* waitIdle()
        expect([never.receivers.length, wake.receivers.length]).toEqual([100, 50])
        for (let i = 0; i < 50; i++) yield* wake.send(i)
        for (const goroutine of waiting) yield* goroutine
        expect([never.receivers.length, never.receivers.head, wake.receivers.head]).toEqual([0, null, null])
      }
    }))
})
