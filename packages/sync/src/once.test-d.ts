import type { Op } from "@weft/core"
import { Effect } from "effect"
import { expectTypeOf, it } from "vitest"
import { Once } from "./once.ts"
import { onceFunc, onceValue } from "./once-value.ts"

it("Once.do takes a plain or a generator function, and fails with what that fails with", () => {
  const once = new Once()
  expectTypeOf(once.do(() => 1)).toEqualTypeOf<Op<void>>()
  expectTypeOf(
    once.do(function* () {
      yield* Effect.fail("no")
      return 1
    }),
  ).toEqualTypeOf<Op<void, string>>()
  // @ts-expect-error a body that needs an argument
  once.do((_: number) => 1)
  // @ts-expect-error no function
  once.do(1)
})

it("onceValue gives a function of an op of what its function returns", () => {
  expectTypeOf(onceValue(() => 1)).toEqualTypeOf<() => Op<number>>()
  expectTypeOf(onceValue((): [number, string] => [1, "two"])).toEqualTypeOf<() => Op<[number, string]>>()
  expectTypeOf(
    onceValue(function* () {
      yield* Effect.fail("no")
      return 1
    }),
  ).toEqualTypeOf<() => Op<number, string>>()
  // @ts-expect-error a function that needs an argument
  onceValue((_: number) => 1)
})

it("onceFunc gives nothing", () => {
  expectTypeOf(onceFunc(() => 1)).toEqualTypeOf<() => Op<void>>()
  expectTypeOf(
    onceFunc(function* () {
      yield* Effect.fail("no")
    }),
  ).toEqualTypeOf<() => Op<void, string>>()
})
