import { type Hit, select } from "@weft/channels"
import type { Op } from "@weft/core"
import { Cond, Mutex } from "@weft/sync"
import { expectTypeOf, it } from "vitest"

it("a select refuses a Cond's wait, and takes its changed", () => {
  const cond = new Cond(new Mutex())
  // @ts-expect-error no op
  void select({ woken: cond.wait() })
  expectTypeOf(select({ changed: cond.changed() })).toEqualTypeOf<Op<Hit<{ readonly changed: Op<void> }>>>()
})
