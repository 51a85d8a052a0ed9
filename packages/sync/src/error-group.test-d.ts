import type { Context, Op } from "@weft/core"
import { Effect } from "effect"
import { expectTypeOf, it } from "vitest"
import { ErrorGroup } from "./error-group.ts"

it("ErrorGroup fails with what its type names, and takes no member that fails with something else", () => {
  const group = new ErrorGroup<"no" | "never">()
  const member = function* (n: number) {
    yield* Effect.fail("no" as const)
    return n
  }
  expectTypeOf(group.go(member, 1)).toEqualTypeOf<Op<void>>()
  expectTypeOf(group.tryGo(member, 1)).toEqualTypeOf<boolean>()
  expectTypeOf(group.wait()).toEqualTypeOf<Op<void, "no" | "never">>()
  expectTypeOf(group.context).toEqualTypeOf<Context>()
  expectTypeOf(new ErrorGroup().wait()).toEqualTypeOf<Op<void>>()
  // @ts-expect-error it fails with "no", and the group is of those that don't fail
  new ErrorGroup().go(member, 1)
  // @ts-expect-error the same
  new ErrorGroup().tryGo(member, 1)
  // @ts-expect-error the argument is missing
  group.go(member)
  // @ts-expect-error an async function
  group.go(async () => {})
})
