import { run } from "@weft/core"
import * as Schema from "effect/Schema"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { InvalidCapacity } from "../chan.ts"
import { type Codec, type SizedCodec, ValueDoesNotFit } from "./codec.ts"
import { schema } from "./codecs/schema.ts"
import { codec, sharedChan } from "./shared-chan.ts"
import { spread } from "./spread.ts"

/** Sends each value and receives it, in a channel that goes round several times. */
function carried<T>(by: Codec<T>, values: ReadonlyArray<T>): Promise<Array<T | undefined>> {
  return run(function* () {
    const ch = sharedChan(by, 3)
    const received: Array<T | undefined> = []
    for (const value of values) {
      yield* ch.send(value)
      received.push(yield* ch.receive())
    }
    return received
  })
}

const point = codec.struct({
  x: codec.f64,
  n: codec.i32,
  label: codec.utf8(40),
  more: codec.struct({ yes: codec.bool }),
})

const cases: ReadonlyArray<readonly [string, Codec<unknown>, fc.Arbitrary<unknown>]> = [
  ["f64", codec.f64, fc.double()],
  ["i32", codec.i32, fc.integer()],
  ["u32", codec.u32, fc.nat(2 ** 32 - 1)],
  ["i64", codec.i64, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  ["bool", codec.bool, fc.boolean()],
  ["bytes", codec.bytes(20), fc.uint8Array({ maxLength: 20 })],
  [
    "utf8",
    codec.utf8(40),
    fc.string({ unit: "grapheme", maxLength: 5 }).filter((text) => new TextEncoder().encode(text).length <= 40),
  ],
  [
    "json",
    codec.json(400),
    fc.jsonValue({ maxDepth: 2 }).filter((value) => new TextEncoder().encode(JSON.stringify(value)).length <= 400),
  ],
  [
    "struct",
    point,
    fc.record({
      x: fc.double(),
      n: fc.integer(),
      label: fc.string({ maxLength: 10 }),
      more: fc.record({ yes: fc.boolean() }),
    }),
  ],
]

describe("a codec", () => {
  it.each(cases)("gives back what it was given: %s", async (name, by, values) => {
    await fc.assert(
      fc.asyncProperty(fc.array(values, { minLength: 1, maxLength: 8 }), async (given) => {
        // JSON has no negative zero.
        const expected: unknown = name === "json" ? JSON.parse(JSON.stringify(given)) : given
        expect(await carried(by, given)).toEqual(expected)
      }),
      { numRuns: 30 },
    )
  })

  it("of a schema gives back its type, by way of what it encodes to", async () => {
    const event = Schema.Struct({ at: Schema.DateFromString, tags: Schema.Array(Schema.String) })
    const value = { at: new Date(0), tags: ["a", "b"] }
    expect(await carried(schema(event, 200), [value])).toEqual([value])
    expect(await carried(schema(Schema.Struct({ at: Schema.Date }), 200), [{ at: new Date(0) }])).toEqual([
      { at: new Date(0) },
    ])
  })

  it("of a schema says at the receiver that the sender's may be another one, where their names are one", () =>
    run(function* () {
      const ids = (as: Schema.Codec<unknown, unknown>) => schema(Schema.Struct({ id: as }), 100, "ids")
      for (const [make, name] of [
        [ids, "ids:json(100)"],
        [(as: Schema.Codec<unknown, unknown>) => spread(ids(as) as SizedCodec<unknown>, 16), "ids:json(100)"],
      ] as ReadonlyArray<readonly [(as: Schema.Codec<unknown, unknown>) => Codec<unknown>, string]>) {
        const ch = sharedChan(make(Schema.Number), 8)
        const there = sharedChan.from(make(Schema.String), ch.share())
        yield* ch.send({ id: 7 })
        const error = thrownBy(() => there.tryReceive())
        expect(error).toMatchObject({ name: "SchemaMismatch", fields: { codec: name, received: { id: 7 } } })
        expect(String(error)).toContain(
          "codec ids:json(100) received an object {id}, which its schema does not describe: the sender's may be another one",
        )
        expect(String(error)).toContain('(SchemaError(Expected string at ["id"]))')
        yield* ch.send({ id: 8 })
        expect(yield* ch.receive()).toEqual({ id: 8 })
      }
    }))

  it("keeps a negative zero by f64, and makes it zero by all others", async () => {
    for (const [by, zero] of [
      [codec.f64, -0],
      [codec.i32, 0],
      [codec.u32, 0],
      [codec.json<number>(9), 0],
      [schema(Schema.Number, 9), 0],
    ] as const)
      expect((await carried<number>(by, [-0]))[0]).toBe(zero)
  })

  it("of text keeps every character, a byte order mark too", async () => {
    expect(await carried(codec.utf8(20), ["\ufeffhi"])).toEqual(["\ufeffhi"])
    expect(await carried(codec.json(20), ["\ufeffhi"])).toEqual(["\ufeffhi"])
  })

  it.each([
    [codec.f64, "1", "a number"],
    [codec.i32, 2 ** 31, "a whole number from -2147483648 to 2147483647"],
    [codec.i32, 0.5, "a whole number"],
    [codec.u32, -1, "a whole number from 0"],
    [codec.i64, 1, "a bigint"],
    [codec.i64, 2n ** 63n, "a bigint from"],
    [codec.bool, 1, "true or false"],
    [codec.bytes(2), new Uint8Array(3), "at most 2 bytes, and these are 3"],
    [codec.bytes(2), [1], "a Uint8Array"],
    [codec.utf8(2), "ö1", "at most 2 bytes, and these are 3"],
    [codec.utf8(9), "\ud800", "well-formed text"],
    [codec.utf8(9), 9, "a string"],
    [codec.json(9), undefined, "what JSON can say"],
    [codec.json(9), 1n, "what JSON can say"],
    [codec.json(9), Number.NaN, "what JSON can say"],
    [codec.json(9), -Infinity, "what JSON can say"],
    [codec.json(9), new Map([[1, 2]]), "what JSON can say"],
    [codec.json(9), new Set([1]), "what JSON can say"],
    [schema(Schema.Struct({ n: Schema.Number }), 99), { n: "1" }, "what its schema describes"],
    [codec.json(9), "0123456789", "at most 9 bytes"],
    [codec.struct({ x: codec.f64 }), undefined, "an object"],
    [codec.struct({ x: codec.f64 }), { x: "1" }, "a number"],
    [point, { x: 1, n: 1, label: "", more: null }, "can't carry null at value.more; it takes an object"],
  ] as ReadonlyArray<readonly [Codec<unknown>, unknown, string]>)(
    "refuses at the call what it can't carry, and nothing is sent: %s",
    (by, value, wanted) => {
      const ch = sharedChan(by, 2)
      for (const call of [() => ch.send(value), () => ch.trySend(value)]) {
        expect(call).toThrow(wanted)
        expect(thrownBy(call)).toMatchObject({ name: "ValueDoesNotFit" })
      }
      expect(thrownBy(() => [...ch.sendAll([value])])).toBeInstanceOf(ValueDoesNotFit)
      expect(ch.length).toBe(0)
    },
  )

  it.each([
    ["codec.bytes", codec.bytes],
    ["codec.utf8", codec.utf8],
    ["codec.json", codec.json],
    ["schema", (max: number) => schema(Schema.String, max)],
  ])("is refused a max that it can't have, in its own name: %s", (name, make) => {
    for (const [max, shown] of [
      [0, "0"],
      [-1, "-1"],
      [1.5, "1.5"],
      [Number.NaN, "NaN"],
      [2 ** 30 + 1, "1073741825"],
      ["9", '"9"'],
      [undefined, "undefined"],
    ] as ReadonlyArray<readonly [number, string]>) {
      expect(() => make(max)).toThrow(InvalidCapacity)
      expect(() => make(max)).toThrow(`${name}: max out of range (${shown}); pass a whole number from 1 to 1073741824`)
    }
    expect(make(2 ** 30).bytes).toBe(2 ** 30 + 8)
  })

  it.each([
    ["sharedChan: codec is a plain function (utf8), which is no codec", () => sharedChan(codec.utf8 as never, 4)],
    ["sharedChan: codec is undefined, which is no codec", () => sharedChan(undefined as never, 4)],
    ["sharedChan: codec is null", () => sharedChan.from(null as never, sharedChan(codec.f64, 1).share())],
    ["sharedChan: codec is an object", () => sharedChan({ ...codec.f64, bytes: 12 }, 4)],
    ["sharedChan: codec is an object", () => sharedChan({ ...codec.f64, bytes: Number.NaN }, 4)],
    ["sharedChan: codec is an object", () => sharedChan({ ...codec.f64, read: undefined } as never, 4)],
    ["codec.struct of null; pass an object of codecs", () => codec.struct(null as never)],
    ["codec.struct of 7; pass an object of codecs", () => codec.struct(7 as never)],
    ["codec.struct of a plain function (utf8); pass an object of codecs", () => codec.struct(codec.utf8 as never)],
    ["codec.struct: field a is undefined, which is no codec", () => codec.struct({ a: undefined as never })],
    ["codec.struct: field a is a plain function (utf8)", () => codec.struct({ a: codec.utf8 as never })],
    ["codec.struct: field __proto__; give it another name", () => codec.struct({ ["__proto__"]: codec.json(40) })],
    [
      "codec.struct: field text is spread(utf8(9),16), and only a channel's whole values are spread; pass its codec, or",
      () => codec.struct({ id: codec.i32, text: spread(codec.utf8(9), 16) as never }),
    ],
    ["spread: codec is a plain function (utf8)", () => spread(codec.utf8 as never, 16)],
    ["spread: codec f64 is of one size; pass one with a max", () => spread(codec.f64 as never, 16)],
    ["spread: codec struct(a:utf8(9)) is of one size", () => spread(codec.struct({ a: codec.utf8(9) }) as never, 16)],
    ["schema of undefined; pass an Effect Schema", () => schema(undefined as never, 50)],
  ])("that is none is refused at the call: %s", (message, make) => {
    expect(make).toThrow(TypeError)
    expect(make).toThrow(`channels: ${message}`)
  })

  it("of a struct names the field that doesn't fit, in however many structs", () => {
    const user = codec.struct({
      user: codec.struct({ name: codec.utf8(3), "full name": codec.struct({ 0: codec.utf8(3) }) }),
    })
    const fits = { name: "ann", "full name": { 0: "bob" } }
    expect(thrownBy(() => user.encode({ user: { ...fits, name: "annie" } }))).toMatchObject({
      message:
        'channels: codec utf8(3) can\'t carry "annie" at value.user.name; it takes at most 3 bytes, and these are 5',
      fields: { codec: "utf8(3)", value: "annie", path: "value.user.name", wanted: "at most 3 bytes, and these are 5" },
    })
    expect(thrownBy(() => user.encode({ user: { ...fits, "full name": { 0: "robert" } } }))).toMatchObject({
      fields: { path: 'value.user["full name"]["0"]' },
    })
    expect(thrownBy(() => codec.bool.encode(1 as never))).toMatchObject({
      message: "channels: codec bool can't carry 1; it takes true or false",
      fields: { path: "value" },
    })
  })

  it("of a struct lets through what a getter throws", () => {
    const broken = {
      get x(): number {
        throw new RangeError("broken")
      },
    }
    expect(() => codec.struct({ x: codec.f64 }).encode(broken)).toThrow(new RangeError("broken"))
  })

  it("sends a copy made at the call: what is changed later is not sent", () =>
    run(function* () {
      const ch = sharedChan(codec.json<{ n: number }>(40), 1)
      const value = { n: 1 }
      const send = ch.send(value)
      value.n = 2
      yield* send
      expect(yield* ch.receive()).toEqual({ n: 1 })
    }))
})

function thrownBy(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  return undefined
}
