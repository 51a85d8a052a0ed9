import { describe, Panic } from "@weft/core"
import * as Schema from "effect/Schema"
import { type SizedCodec, ValueDoesNotFit } from "../codec.ts"
import { checkMax } from "./bytes.ts"
import { json } from "./json.ts"

/**
 * What an Effect `Schema` describes, as the JSON it encodes to, at most `max` bytes of that.
 *
 * `name` is all by which a thread that attaches the channel is seen to have the same schema: give each schema, and each version of one, a name of its own.
 *
 * Errors: `ValueDoesNotFit` at the call of `send`; {@link SchemaMismatch} at the receiver, whose schema does not describe what was sent.
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
  const decoded = (received: unknown): S["Type"] => {
    try {
      return decode(received)
    } catch (error) {
      throw new SchemaMismatch(fullName, received, error)
    }
  }
  return {
    name: fullName,
    max,
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
    read: (memory, at) => inner.read(memory, at),
    open: (bytes) => decoded(inner.open(bytes)),
  }
}

/**
 * What another thread has sent is not what the receiver's schema describes: the two sides have codecs of one name, and different schemas. The value is
 * gone, as its receive has taken it.
 *
 * @since 0.2.0
 */
export class SchemaMismatch extends Panic<{ codec: string; received: unknown }> {
  override readonly name = "SchemaMismatch"

  constructor(codec: string, received: unknown, cause: unknown) {
    super(
      `channels: codec ${codec} received ${describe(received)}, which its schema does not describe: the sender's may be another one; give each schema a name: schema(S, max, "event-2") (${String(cause).replace(/\s+/g, " ")})`,
      { codec, received },
      { cause },
    )
  }
}
