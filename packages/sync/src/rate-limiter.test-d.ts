import type { Context, ContextCanceled, DeadlineExceeded, Op } from "@weft/core"
import { expectTypeOf, it } from "vitest"
import { RateLimiter, type RateWaitExceedsDeadline } from "./rate-limiter.ts"
import type { Reservation } from "./token-bucket.ts"

it("RateLimiter's wait can fail with a context only", () => {
  const limiter = new RateLimiter(RateLimiter.every("1 second"), 1)
  expectTypeOf(limiter.wait()).toEqualTypeOf<Op<void>>()
  expectTypeOf(limiter.wait(2)).toEqualTypeOf<Op<void>>()
  expectTypeOf(limiter.wait(1, {} as Context)).toEqualTypeOf<
    Op<void, RateWaitExceedsDeadline | ContextCanceled | DeadlineExceeded>
  >()
  expectTypeOf(limiter.reserve()).toEqualTypeOf<Reservation>()
  // @ts-expect-error no length of time
  RateLimiter.every("a while")
})
