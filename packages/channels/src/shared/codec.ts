import { describe, Panic } from "@weft/core"
import type { Layout } from "./ring-layout.ts"
import type { SharedRing } from "./shared-ring.ts"

/** The shared memory of a channel, seen as what codecs write. All views begin at its first byte. */
export interface SlotMemory {
  readonly i32: Int32Array
  readonly f64: Float64Array
  readonly i64: BigInt64Array
  readonly u8: Uint8Array
}

/**
 * How values of a shared channel lie in memory, at most `bytes` of it each.
 *
 * A send encodes its value when it is made, so one that does not fit is refused there, and later changes to it are not sent.
 *
 * @since 0.2.0
 */
export interface Codec<T> {
  /** Says what it is, in full: threads that attach a channel by another one are refused. "struct(x:f64,n:i32)" */
  readonly name: string
  /** Bytes of a place, a multiple of 8. */
  readonly bytes: number
  /** @internal What `write` writes of a value: its number, its bytes. Throws {@link ValueDoesNotFit}. */
  encode(value: T): unknown
  /** @internal Writes what `encode` has made, from byte `at` on, which is a multiple of 8. */
  write(memory: SlotMemory, at: number, encoded: unknown): void
  /** @internal Copies out what `write` has written: the value, or what `open` makes it of. Others wait for the slot meanwhile, so it runs no code of the user's. */
  read(memory: SlotMemory, at: number): unknown
  /** @internal Makes the value of what was read, once the slot has been handed on: it may take its time, and throw. */
  open?(raw: unknown): T
  /** @internal Where values take several places: the bytes of one, and what a channel has in place of a `SharedRing`. */
  readonly spread?: {
    readonly place: number
    /** Throws `InvalidCapacity` where a channel can't have so many. */
    readonly checkCapacity: (places: number) => void
    readonly Ring: new <V>(codec: Codec<V>, layout: Layout, words: Int32Array<SharedArrayBuffer>) => SharedRing<V>
  }
}

/**
 * A codec of what has no size of its own, and is bytes: `codec.bytes`, `codec.utf8`, `codec.json`, `schema`.
 *
 * @since 0.2.0
 */
export interface SizedCodec<T> extends Codec<T> {
  /** @internal The most bytes of a value. */
  readonly max: number
  /** @internal */
  encode(value: T): Uint8Array
  /** @internal */
  open(bytes: Uint8Array<ArrayBuffer>): T
}

/**
 * A codec whose values take several places, as `spread` makes it: of a channel, not of a field of a `codec.struct`, which has one place.
 *
 * @since 0.3.0
 */
export interface SpreadCodec<T> extends Codec<T> {
  /** @internal */
  readonly spread: NonNullable<Codec<T>["spread"]>
}

/** @throws TypeError, in the name of `where`, unless it is a codec: a `max` that was forgotten makes it a function. */
export function checkCodec(where: string, given: unknown): void {
  const { bytes = -1, encode, name, read, write } = (given ?? {}) as Partial<Codec<unknown>>
  const isWhole = bytes >= 0 && bytes % 8 === 0
  if (typeof name === "string" && isWhole && [encode, read, write].every((each) => typeof each === "function")) return
  throw new TypeError(
    `channels: ${where} is ${describe(given)}, which is no codec; pass one, such as codec.f64 or codec.utf8(100)`,
  )
}

/**
 * A value that its codec can't carry: of another type, out of range, or larger than the codec's `max`. Nothing was written or sent.
 *
 * `fields` has the codec, the value that did not fit, what the codec takes, and where in what was sent it is: "value.user.name".
 *
 * @since 0.2.0
 */
export class ValueDoesNotFit extends Panic<{ codec: string; value: unknown; wanted: string; path: string }> {
  override readonly name = "ValueDoesNotFit"

  constructor(codec: string, value: unknown, wanted: string, path = "value") {
    const where = path === "value" ? "" : ` at ${path}`
    super(`channels: codec ${codec} can't carry ${describe(value)}${where}; it takes ${wanted}`, {
      codec,
      value,
      wanted,
      path,
    })
  }

  /** @internal The same of an object that has the value in its `field`. */
  in(field: string): ValueDoesNotFit {
    const { codec, path, value, wanted } = this.fields
    const step = /^[A-Za-z_$][\w$]*$/.test(field) ? `.${field}` : `[${JSON.stringify(field)}]`
    return new ValueDoesNotFit(codec, value, wanted, `value${step}${path.slice("value".length)}`)
  }
}
