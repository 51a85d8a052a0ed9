import { expectTypeOf, it } from "vitest"
import type { SharedHandle } from "../shared/shared-handle.ts"
import { AtomicBool } from "./atomic-bool.ts"
import { AtomicFloat64 } from "./atomic-float64.ts"
import { AtomicInt32 } from "./atomic-int32.ts"
import { AtomicInt64 } from "./atomic-int64.ts"
import { AtomicUint32 } from "./atomic-uint32.ts"
import { AtomicUint64 } from "./atomic-uint64.ts"

const buffer = new SharedArrayBuffer(8)

it("an atomic takes and gives its own kind of value", () => {
  for (const atomic of [new AtomicInt32(1), AtomicUint32.at(buffer, 4)]) {
    expectTypeOf(atomic.load()).toEqualTypeOf<number>()
    expectTypeOf(atomic.swap(1)).toEqualTypeOf<number>()
    expectTypeOf(atomic.compareAndSwap(1, 2)).toEqualTypeOf<boolean>()
    expectTypeOf(atomic.add(1)).toEqualTypeOf<number>()
    expectTypeOf(atomic.and(1)).toEqualTypeOf<number>()
    expectTypeOf(atomic.or(1)).toEqualTypeOf<number>()
    // @ts-expect-error no bigint
    atomic.add(1n)
  }
  for (const atomic of [new AtomicInt64(1n), new AtomicUint64(1)]) {
    expectTypeOf(atomic.load()).toEqualTypeOf<bigint>()
    expectTypeOf(atomic.loadNumber()).toEqualTypeOf<number>()
    expectTypeOf(atomic.swap(1)).toEqualTypeOf<bigint>()
    expectTypeOf(atomic.compareAndSwap(1, 2n)).toEqualTypeOf<boolean>()
    expectTypeOf(atomic.add(1)).toEqualTypeOf<bigint>()
    expectTypeOf(atomic.addNumber(1)).toEqualTypeOf<number>()
    // @ts-expect-error whoever has a bigint adds by add
    atomic.addNumber(1n)
    // @ts-expect-error no string
    atomic.store("1")
  }
  expectTypeOf(new AtomicFloat64(0.5).add(0.5)).toEqualTypeOf<number>()
  expectTypeOf(new AtomicBool().swap(true)).toEqualTypeOf<boolean>()
})

it("an atomic has no operation that its values have not", () => {
  // @ts-expect-error booleans don't add up
  new AtomicBool().add(true)
  // @ts-expect-error doubles have no bits to mask
  new AtomicFloat64().and(1)
  // @ts-expect-error nor
  new AtomicFloat64().or(1)
})

it("a handle is of one class", () => {
  expectTypeOf(new AtomicInt32().share()).toEqualTypeOf<SharedHandle<"AtomicInt32">>()
  expectTypeOf(AtomicUint64.from(new AtomicUint64().share())).toEqualTypeOf<AtomicUint64>()
  // @ts-expect-error 32 bits are not 64
  AtomicInt64.from(new AtomicInt32().share())
  // @ts-expect-error nor has the one that has no sign the other's
  AtomicInt32.from(new AtomicUint32().share())
  // @ts-expect-error a buffer alone says not where
  AtomicInt32.from(buffer)
})

it("an atomic lies in shared memory, at an offset that is given", () => {
  expectTypeOf(AtomicBool.at(buffer, 0)).toEqualTypeOf<AtomicBool>()
  // @ts-expect-error not shared
  AtomicInt32.at(new ArrayBuffer(8), 0)
  // @ts-expect-error where?
  AtomicInt32.at(buffer)
})
