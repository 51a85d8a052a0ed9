import * as Schema from "effect/Schema"
import type { Codec } from "../codec.ts"
import { json } from "./json.ts"

/**
 * What an Effect `Schema` describes, as the JSON it encodes to, at most `max` bytes of that. `name` tells schemas apart: give two of them two.
 */
export function schema<S extends Schema.Codec<unknown, unknown>>(
  schema: S,
  max: number,
  name = "schema",
): Codec<S["Type"]> {
  const inner = json<unknown>(max)
  const encode = Schema.encodeUnknownSync(schema)
  const decode = Schema.decodeUnknownSync(schema)
  return {
    name: `${name}:${inner.name}`,
    bytes: inner.bytes,
    encode: (value) => inner.encode(encode(value)),
    write: (memory, at, encoded) => inner.write(memory, at, encoded),
    read: (memory, at) => decode(inner.read(memory, at)),
  }
}
