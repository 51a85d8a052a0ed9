import { type Codec, ValueDoesNotFit } from "../codec.ts"

/** True or false. */
export const bool: Codec<boolean> = {
  name: "bool",
  bytes: 8,
  encode(value) {
    if (typeof value !== "boolean") throw new ValueDoesNotFit("bool", value, "true or false")
    return value
  },
  write: ({ i32 }, at, encoded) => {
    i32[at >> 2] = encoded === true ? 1 : 0
  },
  read: ({ i32 }, at) => i32[at >> 2] === 1,
}
