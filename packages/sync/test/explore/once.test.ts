/** A Once and onceValue in every schedule. */
import { go, gosched } from "@weft/core"
import { explore, shadow } from "@weft/core/testing"
import { Once, onceValue } from "@weft/sync"
import { describe, expect, it } from "vitest"
import { expectNothingLeft } from "../../../core/test/support/left-over.ts"
import { planted } from "../../../core/test/support/planted.ts"
import { byChance } from "../../../core/test/support/soak.ts"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"

type Do = (body: () => Generator<unknown, void, unknown>) => Generator<unknown, void, unknown>

/** All see the work done, which was done once. */
const doing = (make: () => Do, goroutines = 2) =>
  function* () {
    const once = make()
    let runs = 0
    let hasEnded = false
    const all = Array.from({ length: goroutines }, () =>
      go(function* () {
        yield* once(function* () {
          runs++
          yield* gosched()
          hasEnded = true
        }) as Generator<never, void, unknown>
        expect(hasEnded).toBe(true)
      }),
    )
    for (const goroutine of all) yield* goroutine
    expect(runs).toBe(1)
    expectNothingLeft()
  }

const makeOnce = (): Do => {
  const once = new Once()
  return function* (body) {
    yield* once.do(body as () => Generator<never, void, never>)
  }
}

describe("Once", () => {
  it("runs a body once, and nobody returns before it has ended", async () => {
    const { schedules } = await explore.check({}, doing(makeOnce))
    expect(schedules).toBe(124)
  })

  it("runs a body once, and nobody returns before it has ended: three callers, one preemption", async () => {
    const { schedules } = await explore.check({ preemptions: 1 }, doing(makeOnce, 3))
    expect(schedules).toBe(5724)
  })

  it("lets a caller go that is interrupted at whatever step, and runs on for the other", async () => {
    const { schedules } = await explore.check({}, function* () {
      const once = new Once()
      let ends = 0
      const call = function* () {
        yield* once.do(function* () {
          yield* gosched()
          ends++
        })
      }
      const callers = [go(call), go(call)]
      const interrupter = go(function* () {
        callers[0]!.interrupt()
      })
      yield* thrownBy(callers[0]!.join())
      yield* callers[1]!
      expect(ends).toBe(1)
      yield* interrupter
      expectNothingLeft()
    })
    expect(schedules).toBe(2662)
  })

  it("throws to the one that made it run, and to no other", async () => {
    const { schedules } = await explore.check({}, function* () {
      const once = new Once()
      const body = function* () {
        yield* gosched()
        throw new Error("boom")
      }
      const callers = [go(thrownBy, once.do(body)), go(thrownBy, once.do(body))]
      const thrown = []
      for (const caller of callers) thrown.push(yield* caller)
      expect(thrown.filter((error) => error === undefined)).toHaveLength(1)
      expectNothingLeft()
    })
    expect(schedules).toBe(124)
  })

  it("orders the body before whoever returns: no data race", async () => {
    const { schedules } = await explore.check({ shares: "ops" }, function* () {
      const once = new Once()
      const n = shadow(0)
      const callers = [0, 1].map(() =>
        go(function* () {
          yield* once.do(function* () {
            yield* gosched()
            n.value++
          })
          expect(n.value).toBe(1)
        }),
      )
      for (const caller of callers) yield* caller
    })
    expect(schedules).toBe(24)
  })
})

describe("onceValue", () => {
  it("gives one value, or one error, to all, whoever of them is interrupted", async () => {
    const { schedules } = await explore.check({}, function* () {
      const value = onceValue(function* () {
        yield* gosched()
        return {}
      })
      const callers = [go(value()), go(value())]
      const interrupter = go(function* () {
        callers[0]!.interrupt()
      })
      const first = yield* callers[1]!
      yield* thrownBy(callers[0]!.join())
      expect(yield* value()).toBe(first)
      yield* interrupter
      expectNothingLeft()
    })
    expect(schedules).toBe(1690)
  })

  it.each(byChance(300))("for many, by $strategy", async (options) => {
    await explore.check(options, doing(makeOnce, 5))
  })
})

describe("explore finds a once that", () => {
  it("lets others return while the body runs", async () => {
    const early = (): Do => {
      let hasBegun = false
      return function* (body) {
        if (hasBegun) return
        hasBegun = true
        yield* body()
      }
    }
    expect(await planted(doing(early))).toMatchObject({ cause: { name: "AssertionError" } })
  })

  it("looks, waits, and only then says that it runs", async () => {
    const twice = (): Do => {
      let hasBegun = false
      return function* (body) {
        if (hasBegun) return
        yield* gosched()
        hasBegun = true
        yield* body()
      }
    }
    expect(await planted(doing(twice))).toBeInstanceOf(Error)
  })
})
