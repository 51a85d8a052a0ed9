import type { Op } from "@weft/core"
import { Effect } from "effect"
import { expectTypeOf, it } from "vitest"
import type { Guard } from "./guard.ts"
import { Semaphore } from "./semaphore.ts"

it("Semaphore infers what a body gives and fails with", () => {
  const semaphore = new Semaphore(1)
  expectTypeOf(semaphore.acquire()).toEqualTypeOf<Op<Guard>>()
  expectTypeOf(semaphore.tryAcquire(2)).toEqualTypeOf<boolean>()
  const withPermits = semaphore.withPermits(2, function* () {
    yield* Effect.fail("no")
    return 1
  })
  expectTypeOf(withPermits).toEqualTypeOf<Op<number, string>>()
  expectTypeOf(semaphore.withPermits(1, () => "plain")).toEqualTypeOf<Op<string>>()
  // @ts-expect-error no number
  semaphore.release("1")
  // @ts-expect-error without a size
  new Semaphore()
})
