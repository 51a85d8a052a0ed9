import { describe, expectTypeOf, it } from "vitest"
import type { Codec } from "./codec.ts"
import { codec, sharedChan } from "./shared-chan.ts"
import type { SharedChannel, SharedChannelHandle } from "./shared-channel.ts"
import { spread } from "./spread.ts"

const numbers = sharedChan(codec.f64, 1)
const person = codec.struct({ name: codec.utf8(20), age: codec.u32 })

describe("a shared channel", () => {
  it("carries what its codec carries", () => {
    expectTypeOf(numbers).toEqualTypeOf<SharedChannel<number>>()
    expectTypeOf(sharedChan(person, 0).tryReceive()).toExtend<
      { readonly ok: boolean; readonly value?: { readonly name: string; readonly age: number } | undefined } | undefined
    >()
  })

  it("has a handle that knows what it carries", () => {
    expectTypeOf(numbers.share()).toEqualTypeOf<SharedChannelHandle<number>>()
    expectTypeOf(sharedChan.from(codec.f64, numbers.share())).toEqualTypeOf<SharedChannel<number>>()
    expectTypeOf(sharedChan.from(person, sharedChan(person, 1).share())).toEqualTypeOf(sharedChan(person, 1))
  })

  it("is not attached by a codec of something else", () => {
    // @ts-expect-error numbers are no texts
    sharedChan.from(codec.utf8(20), numbers.share())
    // @ts-expect-error numbers are no bigints
    sharedChan.from(codec.i64, numbers.share())
    // @ts-expect-error another field
    sharedChan.from(codec.struct({ name: codec.utf8(20), size: codec.u32 }), sharedChan(person, 1).share())
    // @ts-expect-error nor is a handle of the one a handle of the other
    const other: SharedChannelHandle<string> = numbers.share()
    void other
  })

  it("has values that are spread as a whole, and no field that is", () => {
    const text = spread(codec.utf8(100), 16)
    expectTypeOf(sharedChan(text, 8)).toEqualTypeOf<SharedChannel<string>>()
    // @ts-expect-error a struct has one place
    const inStruct = () => codec.struct({ id: codec.i32, text })
    void inStruct
  })

  it("is attached by any codec where its handle does not say, as in a message", () => {
    const handle: SharedChannelHandle = numbers.share()
    expectTypeOf(sharedChan.from(codec.f64, handle)).toEqualTypeOf<SharedChannel<number>>()
    expectTypeOf(sharedChan.from(codec.utf8(20), handle)).toEqualTypeOf<SharedChannel<string>>()
    const typed: SharedChannelHandle<string> = handle
    expectTypeOf(sharedChan.from(codec.utf8(20), typed)).toEqualTypeOf<SharedChannel<string>>()
    const { handles } = { handles: [] as ReadonlyArray<SharedChannelHandle> }
    for (const each of handles) expectTypeOf(sharedChan.from(person, each)).toEqualTypeOf(sharedChan(person, 1))
  })

  it("of JSON is attached by a codec that says what it is", () => {
    interface Job {
      readonly id: number
    }
    const jobs = sharedChan(codec.json<Job>(100), 1)
    expectTypeOf(sharedChan.from(codec.json<Job>(100), jobs.share())).toEqualTypeOf<SharedChannel<Job>>()
    // @ts-expect-error JSON may be anything
    sharedChan.from(codec.json(100), jobs.share())
  })

  it("of any codec, in generic code, keeps the type", () => {
    function again<T>(by: Codec<T>, ch: SharedChannel<T>): SharedChannel<T> {
      return sharedChan.from(by, ch.share())
    }
    expectTypeOf(again(codec.f64, numbers)).toEqualTypeOf<SharedChannel<number>>()
  })
})
