import { type SizedCodec, ValueDoesNotFit } from "../codec.ts"
import { sized } from "./bytes.ts"

const encoder = /* @__PURE__ */ new TextEncoder()
const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { ignoreBOM: true })

/**
 * What JSON can say, at most `max` bytes of it. It knows no types, and says nothing of what it changes: a Date arrives as text; within an object `NaN` and
 * the infinities as `null`, a Map or Set as `{}`, and a field that is undefined not at all; `-0` as `0`. Refused is, as the value itself, what it would change
 * beyond recognition: `undefined`, a function, a bigint (anywhere, as is a circle), `NaN`, an infinity, a Map, a Set.
 */
export function json<T = unknown>(max: number): SizedCodec<T> {
  return sized<T>(
    "json",
    max,
    (value, codec) => {
      const text = isLost(value) ? undefined : textOf(value)
      if (text === undefined) throw new ValueDoesNotFit(codec, value, "what JSON can say")
      return encoder.encode(text)
    },
    (bytes) => JSON.parse(decoder.decode(bytes)) as T,
  )
}

/** The value itself alone: what is in it would have to be gone through. */
const isLost = (value: unknown): boolean =>
  (typeof value === "number" && !Number.isFinite(value)) || value instanceof Map || value instanceof Set

/** Undefined for a bigint and a circle, too: JSON throws there. */
function textOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}
