import type { Op } from "@weft/core"
import { expectTypeOf, it } from "vitest"
import { Latch } from "./latch.ts"

it("Latch has a count, and waits give nothing", () => {
  expectTypeOf(new Latch(2).wait()).toEqualTypeOf<Op<void>>()
  // @ts-expect-error without a count
  new Latch()
})
