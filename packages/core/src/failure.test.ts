import { Effect, Exit } from "effect"
import { describe, expect, it } from "vitest"
import { failure, isFailure } from "./failure.ts"
import { go } from "./go.ts"
import { gosched } from "./gosched.ts"
import { run } from "./run-main.ts"

describe("a typed failure that is a primitive", () => {
  it("stays one while other goroutines fail with other primitives", () =>
    run(function* () {
      const errors = ["text", "other text", 7, null, undefined, 1n, true]
      const failing = errors.map((error) =>
        go(function* () {
          try {
            yield* Effect.fail(error)
          } finally {
            for (let i = 0; i < 5; i++) yield* gosched()
          }
        }),
      )
      for (const [i, goroutine] of failing.entries()) {
        try {
          yield* goroutine
        } catch (error) {
          expect(error).toBe(errors[i])
        }
        expect(goroutine.exit).toEqual(Exit.fail(errors[i]))
      }
    }))

  it("is told from a primitive that nobody failed with", () => {
    failure("failed with")
    expect([isFailure("failed with"), isFailure("thrown")]).toEqual([true, false])
  })

  it("is kept while it is among the last, so that failing with ever new ones keeps no more memory", () => {
    failure("first")
    for (let i = 0; i < 1000; i++) failure(`number ${i}`)
    expect(isFailure("first")).toBe(true)
    for (let i = 1000; i < 2000; i++) failure(`number ${i}`)
    expect([isFailure("first"), isFailure("number 0"), isFailure("number 1999")]).toEqual([false, false, true])
  })

  it("counts from when it was last failed with", () => {
    failure("again")
    for (let i = 0; i < 1000; i++) failure(`new ${i}`)
    failure("again")
    for (let i = 1000; i < 2000; i++) failure(`new ${i}`)
    expect(isFailure("again")).toBe(true)
  })
})
