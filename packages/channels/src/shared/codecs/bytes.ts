/** What has no size of its own: its length, and then its bytes. */
import { check } from "../../chan.ts"
import { type SizedCodec, type SlotMemory, ValueDoesNotFit } from "../codec.ts"

/** Bytes of the length before the bytes. */
const lengthBytes = 4

/** Beyond it a place has more bytes than a channel may have in all. */
const largest = 2 ** 30

/** @throws InvalidCapacity, in the name of the codec, unless so many bytes can be the most of a value. */
export function checkMax(codec: string, max: number): void {
  check(max, 1, `${codec}: max`, largest)
}

/** A codec for what can be made bytes of, and of bytes again. */
export function sized<T>(
  kind: string,
  max: number,
  toBytes: (value: T, codec: string) => Uint8Array,
  open: (bytes: Uint8Array<ArrayBuffer>) => T,
): SizedCodec<T> {
  checkMax(`codec.${kind}`, max)
  const name = `${kind}(${max})`
  return {
    name,
    max,
    bytes: (lengthBytes + max + 7) & ~7,
    encode(value) {
      const bytes = toBytes(value, name)
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
      return u8.slice(from, from + i32[at >> 2]!)
    },
    open,
  }
}

/** Bytes, at most `max` of them. The receiver gets a copy. */
export function bytes(max: number): SizedCodec<Uint8Array> {
  return sized<Uint8Array>(
    "bytes",
    max,
    (value, codec) => {
      if (!(value instanceof Uint8Array)) throw new ValueDoesNotFit(codec, value, "a Uint8Array")
      return value.slice()
    },
    (bytes) => bytes,
  )
}
