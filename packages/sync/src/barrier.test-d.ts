import type { Op } from "@weft/core"
import { expectTypeOf, it } from "vitest"
import { Barrier } from "./barrier.ts"

it("Barrier tells the place in the round", () => {
  expectTypeOf(new Barrier(2).wait()).toEqualTypeOf<Op<number>>()
  // @ts-expect-error without a number of parties
  new Barrier()
})
