import { type Op, scope } from "@weft/core"
import { Effect } from "effect"
import { expectTypeOf, it } from "vitest"
import type { Guard } from "./guard.ts"
import type { Locker } from "./locker.ts"
import { Mutex } from "./mutex.ts"
import { RWMutex } from "./rw-mutex.ts"

it("a lock gives a guard, which is disposable and made by locks alone", () => {
  const mutex = new Mutex()
  const rw = new RWMutex()
  expectTypeOf(mutex.lock()).toEqualTypeOf<Op<Guard>>()
  expectTypeOf(rw.lock()).toEqualTypeOf<Op<Guard>>()
  expectTypeOf(rw.rlock()).toEqualTypeOf<Op<Guard>>()
  expectTypeOf<Guard>().toExtend<Disposable>()
  // @ts-expect-error not what a lock has made
  const guard: Guard = { [Symbol.dispose]: () => undefined }
  void guard
  void scope(function* () {
    using held = yield* mutex.lock()
    expectTypeOf(held).toEqualTypeOf<Guard>()
  })
})

it("withLock gives what its body returns, and fails with what that fails with", () => {
  for (const lock of [new Mutex(), new RWMutex()]) {
    expectTypeOf(lock.withLock(() => 1)).toEqualTypeOf<Op<number>>()
    expectTypeOf(
      lock.withLock(function* () {
        yield* Effect.fail("no")
        return 1
      }),
    ).toEqualTypeOf<Op<number, string>>()
    // @ts-expect-error a body that needs an argument
    lock.withLock((_: number) => 1)
    // @ts-expect-error no function
    lock.withLock(1)
  }
  expectTypeOf(
    new RWMutex().withRLock(function* () {
      return yield* Effect.succeed("read")
    }),
  ).toEqualTypeOf<Op<string>>()
})

it("a Locker is any lock, the read side of an RWMutex, and one of one's own", () => {
  expectTypeOf<Mutex>().toExtend<Locker>()
  expectTypeOf<RWMutex>().toExtend<Locker>()
  expectTypeOf(new RWMutex().rlocker()).toEqualTypeOf<Locker>()
  const own: Locker = { lock: () => new Mutex().lock().map(() => ({ [Symbol.dispose]: () => undefined })), unlock() {} }
  void own
  expectTypeOf(new Mutex()).not.toHaveProperty("rlock")
})

it("says what it is, and nobody sets it", () => {
  const [mutex, rw] = [new Mutex(), new RWMutex()]
  expectTypeOf(mutex.locked).toEqualTypeOf<boolean>()
  expectTypeOf(mutex.tryLock()).toEqualTypeOf<boolean>()
  expectTypeOf(rw.readers).toEqualTypeOf<number>()
  // @ts-expect-error read only
  mutex.locked = true
  // @ts-expect-error read only
  rw.readers = 0
})
