import { type Goroutine, type Op, sleep } from "@weft/core"
import type * as Effect from "effect/Effect"
import { describe, expectTypeOf, it } from "vitest"
import {
  batch,
  broadcast,
  type Broadcast,
  chan,
  debounce,
  fanOut,
  filter,
  type Flow,
  map,
  merge,
  type Next,
  pipe,
  pipeline,
  type Receiver,
  throttle,
} from "../index.ts"

declare const numbers: Receiver<number>
declare const failing: Flow<number, "broken">
declare const effect: Effect.Effect<string, "late">

describe("a flow", () => {
  it("fails each way to receive with its error", () => {
    expectTypeOf(failing.receive()).toEqualTypeOf<Op<number | undefined, "broken">>()
    expectTypeOf(failing.next()).toEqualTypeOf<Op<Next<number>, "broken">>()
    expectTypeOf(failing.drain()).toEqualTypeOf<Op<Array<number>, "broken">>()
    expectTypeOf(failing.goroutine).toEqualTypeOf<Goroutine<unknown, "broken">>()
  })

  it("can be received from only, and is no narrower receiver", () => {
    expectTypeOf(failing).not.toHaveProperty("send")
    expectTypeOf(failing).not.toExtend<Receiver<number>>()
    expectTypeOf(failing).toExtend<Receiver<unknown, string>>()
    expectTypeOf(chan<number>()).toExtend<Receiver<number, "broken">>()
  })
})

describe("map", () => {
  it("takes its type from a plain or a generator function, with its error", () => {
    expectTypeOf(map(numbers, String)).toEqualTypeOf<Flow<string>>()
    expectTypeOf(map(failing, (n) => [n] as const)).toEqualTypeOf<Flow<readonly [number], "broken">>()
    expectTypeOf(
      map(numbers, function* (n) {
        yield* sleep(n)
        return n > 1
      }),
    ).toEqualTypeOf<Flow<boolean>>()
    expectTypeOf(
      map(failing, function* () {
        return yield* effect
      }),
    ).toEqualTypeOf<Flow<string, "broken" | "late">>()
  })
})

describe("filter", () => {
  it("narrows by a type guard, and has the errors of both", () => {
    expectTypeOf(filter(failing, (n) => n > 1)).toEqualTypeOf<Flow<number, "broken">>()
    const mixed = chan<number | string>()
    expectTypeOf(filter(mixed, (value) => typeof value === "string")).toEqualTypeOf<Flow<string>>()
    expectTypeOf(
      filter(failing, function* () {
        return (yield* effect) === ""
      }),
    ).toEqualTypeOf<Flow<number, "broken" | "late">>()
    // @ts-expect-error a predicate answers a boolean
    filter(numbers, (n) => n)
  })
})

describe("the other combinators", () => {
  it("keep the value and the error", () => {
    expectTypeOf(merge(numbers, numbers)).toEqualTypeOf<Flow<number>>()
    expectTypeOf(merge(failing, failing)).toEqualTypeOf<Flow<number, "broken">>()
    expectTypeOf(fanOut(failing, 2)).toEqualTypeOf<ReadonlyArray<Flow<number, "broken">>>()
    expectTypeOf(broadcast(failing)).toEqualTypeOf<Broadcast<number, "broken">>()
    expectTypeOf(broadcast(failing).subscribe()).toEqualTypeOf<Flow<number, "broken">>()
    expectTypeOf(batch(failing, 2, "1 second")).toEqualTypeOf<Flow<Array<number>, "broken">>()
    expectTypeOf(debounce(failing, 5)).toEqualTypeOf<Flow<number, "broken">>()
    expectTypeOf(throttle(failing, 5)).toEqualTypeOf<Flow<number, "broken">>()
  })

  it("feed a sender of what they send", () => {
    expectTypeOf(pipe(failing, chan<number>())).toEqualTypeOf<Goroutine<void, "broken">>()
    // @ts-expect-error strings do not take numbers
    void (() => pipe(numbers, chan<string>()))
    expectTypeOf(pipeline(2, numbers, String, chan<string>())).toEqualTypeOf<Goroutine<void, never>>()
    const strings = chan<string>()
    const late = pipeline(
      2,
      failing,
      function* () {
        return yield* effect
      },
      strings,
    )
    expectTypeOf(late).toEqualTypeOf<Goroutine<void, "broken" | "late">>()
    // @ts-expect-error booleans do not take strings
    void (() => pipeline(2, numbers, String, chan<boolean>()))
  })
})
