import type { Op } from "@weft/core"
import { Effect } from "effect"
import { expectTypeOf, it } from "vitest"
import { SharedWaitGroup } from "./shared/shared-wait-group.ts"
import { WaitGroup } from "./wait-group.ts"

it("WaitGroup infers what the goroutines that it starts give and fail with", () => {
  const wg = new WaitGroup()
  const goroutine = wg.go(function* () {
    yield* Effect.fail("no")
    return 1
  })
  expectTypeOf(goroutine.join()).toEqualTypeOf<Op<number, string>>()
  expectTypeOf(wg.wait()).toEqualTypeOf<Op<void>>()
  // @ts-expect-error an async function
  wg.go(async () => {})
  // @ts-expect-error a body that needs an argument
  wg.go(function* (_: number) {})
  // @ts-expect-error no number
  wg.add("1")
})

it("SharedWaitGroup infers what the goroutines that it starts take, give and fail with", () => {
  const wg = new SharedWaitGroup()
  const body = function* (n: number) {
    yield* Effect.fail("no")
    return n
  }
  expectTypeOf(wg.go(body, 1).join()).toEqualTypeOf<Op<number, string>>()
  // @ts-expect-error an argument of another type
  wg.go(body, "1")
  // @ts-expect-error a body that needs an argument
  wg.go(body)
})
