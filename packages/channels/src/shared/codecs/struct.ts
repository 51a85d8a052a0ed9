import { describe } from "@weft/core"
import { checkCodec, type Codec, type SlotMemory, type SpreadCodec, ValueDoesNotFit } from "../codec.ts"

/** Codecs by the names of what they carry. */
export type Fields = Readonly<Record<string, Codec<unknown>>>

type Struct<F extends Fields> = { readonly [K in keyof F]: F[K] extends Codec<infer T> ? T : never }

/** Fields that have their place in a slot: not those of `spread`, which is a whole channel's. */
type Placed<F extends Fields> = { readonly [K in keyof F]: F[K] extends SpreadCodec<unknown> ? never : F[K] }

/** An object with these fields, each by its codec, in the order written. One named `__proto__` is refused, and one that is `spread`. */
export function struct<F extends Fields>(fields: F & Placed<F>): Codec<Struct<F>> {
  if (typeof fields !== "object" || (fields as unknown) === null)
    throw new TypeError(`channels: codec.struct of ${describe(fields)}; pass an object of codecs`)
  const names = Object.keys(fields)
  // It would be the prototype of what is received.
  if (names.includes("__proto__")) throw new TypeError("channels: codec.struct: field __proto__; give it another name")
  const codecs = names.map((name) => fields[name]!)
  const offsets: Array<number> = []
  let bytes = 0
  for (const [i, codec] of codecs.entries()) {
    checkCodec(`codec.struct: field ${names[i]}`, codec)
    if (codec.spread !== undefined)
      throw new TypeError(
        `channels: codec.struct: field ${names[i]} is ${codec.name}, and only a channel's whole values are spread; pass its codec, or spread a codec.json or schema`,
      )
    offsets.push(bytes)
    bytes += codec.bytes
  }
  const name = `struct(${names.map((each, i) => `${each}:${codecs[i]!.name}`).join(",")})`
  return {
    name,
    bytes,
    encode(value) {
      if (typeof value !== "object" || (value as unknown) === null) throw new ValueDoesNotFit(name, value, "an object")
      return codecs.map((codec, i) => {
        const field = (value as Record<string, unknown>)[names[i]!]
        try {
          return codec.encode(field)
        } catch (error) {
          throw error instanceof ValueDoesNotFit ? error.in(names[i]!) : error
        }
      })
    },
    write(memory: SlotMemory, at: number, encoded: unknown) {
      for (let i = 0; i < codecs.length; i++)
        codecs[i]!.write(memory, at + offsets[i]!, (encoded as ReadonlyArray<unknown>)[i])
    },
    read(memory: SlotMemory, at: number) {
      const value: Record<string, unknown> = {}
      for (let i = 0; i < codecs.length; i++) value[names[i]!] = codecs[i]!.read(memory, at + offsets[i]!)
      return value
    },
    // Without where no field needs it, as then the value is what was read.
    ...(codecs.some((codec) => codec.open !== undefined) && {
      open(raw: unknown) {
        // What was read is read-only: opening may fail half way, and be tried again.
        const value = { ...(raw as Record<string, unknown>) }
        for (const [i, codec] of codecs.entries()) {
          const name = names[i]!
          if (codec.open !== undefined) value[name] = codec.open(value[name])
        }
        return value as Struct<F>
      },
    }),
  }
}
