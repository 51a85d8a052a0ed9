import { describe, expect, it } from "vitest"
import { go } from "../go.ts"
import { gosched } from "../gosched.ts"
import { Op } from "../op-statics.ts"
import { run } from "../run-main.ts"
import { sleep } from "../sleep.ts"
import { explore } from "./explore.ts"
import { invariant, InvariantBroken } from "./invariant.ts"
import { synctest } from "./synctest.ts"

const failureOf = async (program: () => Generator<Op<void>, unknown, never>): Promise<unknown> =>
  (await explore({}, program)).failure?.error

describe("invariant", () => {
  it("is checked after every step, so that a later step which mends it comes too late", async () => {
    const error = await failureOf(function* () {
      let n = 0
      invariant(() => n === 0, "n is zero")
      n = 1
      yield* gosched()
      n = 0
    })
    expect(error).toBeInstanceOf(InvariantBroken)
    expect(error).toMatchObject({ what: "n is zero", message: "invariant broken: n is zero" })
  })

  it("is not checked inside a step, where it may be broken for a moment", async () => {
    const error = await failureOf(function* () {
      let n = 0
      invariant(() => n === 0)
      n = 1
      n = 0
      yield* gosched()
    })
    expect(error).toBeUndefined()
  })

  it("holds for the last step too, whoever takes it", async () => {
    expect(
      await failureOf(function* () {
        let n = 0
        invariant(() => n === 0, "n is zero")
        yield* gosched()
        n = 1
      }),
    ).toMatchObject({ name: "InvariantBroken" })
    expect(
      await failureOf(function* () {
        let n = 0
        invariant(() => n === 0, "n is zero")
        go(function* () {
          n = 1
        })
      }),
    ).toMatchObject({ name: "InvariantBroken" })
  })

  it("is checked after a timer has fired and after a promise was told", async () => {
    const checks: Array<number> = []
    await explore({}, function* () {
      let n = 0
      invariant(() => {
        checks.push(n)
        return true
      })
      n = 1
      yield* sleep(1)
      n = 2
      yield* Op.fromPromise(Promise.resolve())
      n = 3
    })
    // Started, parked, fired, resumed; parked, told, resumed: n as it was then.
    expect(checks).toEqual([1, 1, 1, 2, 2, 2, 3])
  })

  it("fails with what it throws", async () => {
    const boom = new Error("boom")
    const error = await failureOf(function* () {
      invariant(() => {
        throw boom
      })
      yield* gosched()
    })
    expect(error).toBe(boom)
  })

  it("is called by its own text where it has no other name", async () => {
    const error = await failureOf(function* () {
      let full = false
      invariant(() => !full)
      full = true
      yield* gosched()
    })
    expect((error as Error).message).toContain("invariant broken: () => !full")
  })

  it("belongs to the schedule in which it was stated, beside others", async () => {
    const broken = new Set<string>()
    for (const [first, second] of [
      [1, 0],
      [0, 1],
    ]) {
      const error = await failureOf(function* () {
        const n = { first: 0, second: 0 }
        invariant(() => n.first === 0, "first")
        invariant(() => n.second === 0, "second")
        yield* gosched()
        n.first = first!
        n.second = second!
        yield* gosched()
      })
      broken.add((error as InvariantBroken).what)
    }
    expect(broken).toEqual(new Set(["first", "second"]))
    // Nothing of all that is left.
    expect(
      await failureOf(function* () {
        yield* gosched()
      }),
    ).toBeUndefined()
  })

  it("is checked in synctest as well; elsewhere once, where it is stated", async () => {
    const stated = function* () {
      let n = 0
      invariant(() => n === 0, "n is zero")
      n = 1
      yield* gosched()
    }
    await expect(synctest(stated)).rejects.toThrow(InvariantBroken)
    await run(stated)
    expect(() => invariant(() => false, "nothing")).toThrow("invariant broken: nothing")
  })
})
