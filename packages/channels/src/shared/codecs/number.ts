import { type Codec, type SlotMemory, ValueDoesNotFit } from "../codec.ts"

/** A number, as it is. */
export const f64: Codec<number> = {
  name: "f64",
  bytes: 8,
  encode(value) {
    if (typeof value !== "number") throw new ValueDoesNotFit("f64", value, "a number")
    return value
  },
  write: ({ f64 }: SlotMemory, at, encoded) => {
    f64[at >> 3] = encoded as number
  },
  read: ({ f64 }: SlotMemory, at) => f64[at >> 3]!,
}

function whole(name: string, least: number, most: number): Codec<number> {
  return {
    name,
    bytes: 8,
    encode(value) {
      if (!Number.isInteger(value) || value < least || value > most)
        throw new ValueDoesNotFit(name, value, `a whole number from ${least} to ${most}`)
      return value
    },
    write: ({ i32 }, at, encoded) => {
      i32[at >> 2] = encoded as number
    },
    read: least < 0 ? ({ i32 }, at) => i32[at >> 2]! : ({ i32 }, at) => i32[at >> 2]! >>> 0,
  }
}

/** A whole number of 32 bits; `-0` arrives as `0`. */
export const i32: Codec<number> = /* @__PURE__ */ whole("i32", -0x8000_0000, 0x7fff_ffff)

/** A whole number of 32 bits, from 0 on; `-0` arrives as `0`. */
export const u32: Codec<number> = /* @__PURE__ */ whole("u32", 0, 0xffff_ffff)

/** A bigint of 64 bits. */
export const i64: Codec<bigint> = {
  name: "i64",
  bytes: 8,
  encode(value) {
    if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value)
      throw new ValueDoesNotFit("i64", value, "a bigint from -2n ** 63n to 2n ** 63n - 1n")
    return value
  },
  write: ({ i64 }, at, encoded) => {
    i64[at >> 3] = encoded as bigint
  },
  read: ({ i64 }, at) => i64[at >> 3]!,
}
