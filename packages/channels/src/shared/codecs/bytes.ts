/** What has no size of its own: its length, and then its bytes. */
import { check } from "../../chan.ts"
import { type Codec, type SlotMemory, ValueDoesNotFit } from "../codec.ts"

/** Bytes of the length before the bytes. */
const lengthBytes = 4

/** A codec for what can be made bytes of, and of bytes again. */
export function sized<T>(
  name: string,
  max: number,
  toBytes: (value: T) => Uint8Array,
  fromBytes: (bytes: Uint8Array<ArrayBuffer>) => T,
): Codec<T> {
  check(max, 1)
  return {
    name,
    bytes: (lengthBytes + max + 7) & ~7,
    encode(value) {
      const bytes = toBytes(value)
      if (bytes.byteLength > max)
        throw new ValueDoesNotFit(name, value, `at most ${max} bytes, and these are ${bytes.byteLength}`)
      return bytes
    },
    write({ i32, u8 }: SlotMemory, at: number, encoded: unknown) {
      const bytes = encoded as Uint8Array
      i32[at >> 2] = bytes.byteLength
      u8.set(bytes, at + lengthBytes)
    },
    // A copy: what is in shared memory will be written again, and a TextDecoder refuses it.
    read({ i32, u8 }: SlotMemory, at: number) {
      const from = at + lengthBytes
      return fromBytes(u8.slice(from, from + i32[at >> 2]!))
    },
  }
}

/** Bytes, at most `max` of them. The receiver gets a copy. */
export function bytes(max: number): Codec<Uint8Array> {
  const name = `bytes(${max})`
  return sized<Uint8Array>(
    name,
    max,
    (value) => {
      if (!(value instanceof Uint8Array)) throw new ValueDoesNotFit(name, value, "a Uint8Array")
      return value.slice()
    },
    (bytes) => bytes,
  )
}
