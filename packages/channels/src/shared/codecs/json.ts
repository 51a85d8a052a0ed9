import { type SizedCodec, ValueDoesNotFit } from "../codec.ts"
import { sized } from "./bytes.ts"

const encoder = /* @__PURE__ */ new TextEncoder()
const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { ignoreBOM: true })

/** What JSON can say, at most `max` bytes of it. What it can't it changes: a Date arrives as text, `NaN` as `null`. */
export function json<T = unknown>(max: number): SizedCodec<T> {
  return sized<T>(
    "json",
    max,
    (value, codec) => {
      const text = textOf(value)
      if (text === undefined) throw new ValueDoesNotFit(codec, value, "what JSON can say")
      return encoder.encode(text)
    },
    (bytes) => JSON.parse(decoder.decode(bytes)) as T,
  )
}

/** Undefined for a bigint and a circle, too: JSON throws there. */
function textOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}
