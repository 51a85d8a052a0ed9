import { describe } from "@weft/core"
import * as Schema from "effect/Schema"
import { type SizedCodec, ValueDoesNotFit } from "../codec.ts"
import { checkMax } from "./bytes.ts"
import { json } from "./json.ts"

/**
 * What an Effect `Schema` describes, as the JSON it encodes to, at most `max` bytes of that. `name` tells schemas apart: give two of them two.
 */
export function schema<S extends Schema.Codec<unknown, unknown>>(
  schema: S,
  max: number,
  name = "schema",
): SizedCodec<S["Type"]> {
  if (!Schema.isSchema(schema))
    throw new TypeError(`channels: schema of ${describe(schema)}; pass an Effect Schema, such as Schema.String`)
  checkMax("schema", max)
  const inner = json<unknown>(max)
  // To JSON also what the schema itself encodes to something else, such as a Date.
  const toJson = Schema.toCodecJson(schema)
  const encode = Schema.encodeUnknownSync(toJson)
  const decode = Schema.decodeUnknownSync(toJson)
  const fullName = `${name}:${inner.name}`
  return {
    name: fullName,
    bytes: inner.bytes,
    encode(value) {
      let json: unknown
      try {
        json = encode(value)
      } catch (error) {
        throw new ValueDoesNotFit(fullName, value, `what its schema describes: ${String(error)}`)
      }
      return inner.encode(json)
    },
    write: (memory, at, encoded) => inner.write(memory, at, encoded),
    read: (memory, at) => decode(inner.read(memory, at)),
    fromBytes: (bytes) => decode(inner.fromBytes(bytes)),
  }
}
