import type { Op } from "@weft/core"
import { Effect } from "effect"
import { expectTypeOf, it } from "vitest"
import { type Flown, SingleFlight } from "./single-flight.ts"

it("SingleFlight gives values of its type, and takes no work that gives or fails with something else", () => {
  const flights = new SingleFlight<string, number, "no">()
  const work = function* () {
    yield* Effect.fail("no" as const)
    return 1
  }
  expectTypeOf(flights.do("key", work)).toEqualTypeOf<Op<Flown<number>, "no">>()
  expectTypeOf<Flown<number>>().toEqualTypeOf<{ readonly value: number; readonly shared: boolean }>()
  expectTypeOf(
    new SingleFlight<string, number>().do("key", function* () {
      return 1
    }),
  ).toEqualTypeOf<Op<Flown<number>>>()
  // @ts-expect-error the wrong kind of key
  flights.do(1, work)
  // @ts-expect-error gives a string
  flights.do("key", function* () {
    return "1"
  })
  // @ts-expect-error fails with "no", which its type does not name
  new SingleFlight<string, number>().do("key", work)
})
