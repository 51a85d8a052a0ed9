import { type Codec, ValueDoesNotFit } from "../codec.ts"
import { sized } from "./bytes.ts"

const encoder = /* @__PURE__ */ new TextEncoder()
const decoder = /* @__PURE__ */ new TextDecoder()

/** What JSON can say, at most `max` bytes of it. */
export function json<T = unknown>(max: number): Codec<T> {
  const name = `json(${max})`
  return sized<T>(
    name,
    max,
    (value) => {
      const text = JSON.stringify(value) as string | undefined
      if (text === undefined) throw new ValueDoesNotFit(name, value, "what JSON can say")
      return encoder.encode(text)
    },
    (bytes) => JSON.parse(decoder.decode(bytes)) as T,
  )
}
