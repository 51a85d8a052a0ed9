/** Go's sync/oncefunc_test.go. What several return is a tuple here, so OnceValues is onceValue. */
import { go, goexit, GoroutineInterrupted, type Op } from "@weft/core"
import { onceFunc, onceValue, WaitGroup } from "@weft/sync"
import { describe, expect } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"

describe("sync/oncefunc_test", () => {
  underSchedules("OnceFunc: called once", function* () {
    let calls = 0
    const f = onceFunc(() => {
      calls++
    })
    for (let i = 0; i < 10; i++) yield* f()
    expect(calls).toBe(1)
  })

  underSchedules("OnceValue: called once, the same result", function* () {
    let calls = 0
    const f = onceValue(() => ++calls)
    for (let i = 0; i < 10; i++) expect(yield* f()).toBe(1)
    expect(calls).toBe(1)
  })

  underSchedules("OnceValues: called once, the same results", function* () {
    let calls = 0
    const f = onceValue((): [number, number] => [++calls, calls + 1])
    for (let i = 0; i < 10; i++) expect(yield* f()).toEqual([1, 2])
    expect(calls).toBe(1)
  })

  for (const [name, once] of [
    ["OnceFunc", onceFunc],
    ["OnceValue", onceValue],
    ["OnceValues", onceValue],
  ] as ReadonlyArray<[string, (f: () => unknown) => () => Op<unknown>]>) {
    underSchedules(`${name}Panic: the same value thrown twice; called once`, function* () {
      let calls = 0
      const x = { thrown: "x" }
      const f = once(() => {
        calls++

        throw x
      })
      for (let i = 0; i < 2; i++) expect(yield* thrownBy(f)).toEqual({ error: x })
      expect(calls).toBe(1)
    })
  }

  underSchedules("OnceFuncPanicNil: undefined thrown twice; called once", function* () {
    let calls = 0
    const f = onceFunc((): void => {
      calls++
      throw undefined
    })
    for (let i = 0; i < 2; i++) expect(yield* thrownBy(f)).toEqual({ error: undefined })
    expect(calls).toBe(1)
  })

  underSchedules("OnceFuncGoexit: one that ends itself is not called again", function* () {
    let calls = 0
    const f = onceFunc(function* () {
      calls++
      yield* goexit()
    })
    const wg = new WaitGroup()
    for (let i = 0; i < 2; i++) {
      wg.add(1)
      go(function* () {
        expect((yield* thrownBy(f))?.error).toBeInstanceOf(GoroutineInterrupted)
        wg.done()
      })
      yield* wg.wait()
    }
    expect(calls).toBe(1)
  })

  underSchedules("OnceFuncPanicTraceback: what it throws has the stack of its origin", function* () {
    const onceFuncPanic = (): never => {
      throw new Error("x")
    }
    const thrown = yield* thrownBy(onceFunc((): void => onceFuncPanic()))
    expect((thrown!.error as Error).message).toMatch(/^x/)
    expect((thrown!.error as Error).stack).toContain("onceFuncPanic")
  })
})

function* thrownBy(f: () => Op<unknown>): Generator<Op<unknown>, { readonly error: unknown } | undefined, unknown> {
  try {
    yield* f()
  } catch (error) {
    return { error }
  }
  return undefined
}
