import {
  type Context,
  type ContextCanceled,
  type DeadlineExceeded,
  go,
  type Goroutine,
  type Op,
  scope,
} from "@weft/core"
import { Effect } from "effect"
import { expectTypeOf, it } from "vitest"
import { Cond, type CondWait } from "./cond.ts"
import type { Locker } from "./locker.ts"
import { Mutex } from "./mutex.ts"
import { RWMutex } from "./rw-mutex.ts"

it("Cond takes any lock, and gives it back", () => {
  expectTypeOf(new Cond(new Mutex()).locker).toEqualTypeOf<Locker>()
  void new Cond(new RWMutex())
  void new Cond(new RWMutex().rlocker())
  // @ts-expect-error no lock
  void new Cond({})
})

it("wait is no op; a goroutine and an Effect take it", () => {
  const cond = new Cond(new Mutex())
  expectTypeOf(cond.wait()).toEqualTypeOf<CondWait>()
  expectTypeOf(cond.wait()).toExtend<Effect.Effect<void>>()
  expectTypeOf(cond.wait().promise()).toEqualTypeOf<Promise<void>>()
  expectTypeOf(cond.wait()).not.toExtend<Op<unknown, unknown>>()
  expectTypeOf(cond.changed()).toEqualTypeOf<Op<void>>()
  expectTypeOf(go(cond.wait())).toEqualTypeOf<Goroutine<void, never>>()
})

it("wait fails with its context's end, if it has one", () => {
  const cond = new Cond(new Mutex())
  const ctx = {} as Context
  expectTypeOf(cond.wait(ctx)).toExtend<Effect.Effect<void, ContextCanceled | DeadlineExceeded>>()
  expectTypeOf(
    scope(function* () {
      yield* cond.wait(ctx)
      return 1
    }),
  ).toEqualTypeOf<Op<number, ContextCanceled | DeadlineExceeded>>()
  expectTypeOf(
    Effect.gen(function* () {
      yield* cond.wait()
    }),
  ).toEqualTypeOf<Effect.Effect<void>>()
})
