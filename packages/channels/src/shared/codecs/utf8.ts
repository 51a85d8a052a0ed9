import { type SizedCodec, ValueDoesNotFit } from "../codec.ts"
import { sized } from "./bytes.ts"

const encoder = /* @__PURE__ */ new TextEncoder()
const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { ignoreBOM: true })

/** Text, at most `max` bytes of UTF-8. */
export function utf8(max: number): SizedCodec<string> {
  return sized(
    "utf8",
    max,
    (value, codec) => encoder.encode(checked(codec, value)),
    (bytes) => decoder.decode(bytes),
  )
}

function checked(name: string, value: string): string {
  if (typeof value !== "string") throw new ValueDoesNotFit(name, value, "a string")
  if (/\p{Surrogate}/u.test(value))
    throw new ValueDoesNotFit(name, value, "well-formed text, and this has a lone surrogate")
  return value
}
