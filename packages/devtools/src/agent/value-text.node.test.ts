import { inspect, types } from "node:util"
import { runInNewContext } from "node:vm"
import { describe, expect, it } from "vitest"
import { ValueText } from "./value-text.ts"

const shown = (value: unknown, redact: ReadonlyArray<string> = [], maxLength = 200) =>
  new ValueText({ redact, maxLength }).of(value)

class Job {
  readonly id = 1
  readonly #hidden = 2
  get sum(): number {
    return this.#hidden
  }
}

describe("ValueText", () => {
  it.each<[unknown, string]>([
    [undefined, "undefined"],
    [null, "null"],
    [true, "true"],
    [-0, "-0"],
    [1.5, "1.5"],
    [NaN, "NaN"],
    [10n ** 20n, "100000000000000000000n"],
    [2n ** 100_000n, "[bigint of many digits]"],
    ['it\'s "so"', '"it\'s \\"so\\""'],
    ["\u001b[31m\u009b\u202e", '"\\u001b[31m\\u009b\\u202e"'],
    [Symbol("s"), "Symbol(s)"],
    [Symbol.iterator, "Symbol(Symbol.iterator)"],
    [{ a: 1, "b c": [2, "x"], und: undefined }, '{a: 1, "b c": [2, "x"], und: undefined}'],
    [Object.create(null), "{}"],
    [{ [Symbol("hidden")]: 1 }, "{}"],
    [Object.assign(new Array(3), { 0: 1, 2: 3 }), "[1, empty, 3]"],
    [new Job(), "Job {id: 1}"],
    [new (class Batch extends Array<number> {})(2), "Batch(2) [empty, empty]"],
    [
      new Map<unknown, unknown>([
        ["a", 1],
        [{ k: 1 }, new Map()],
      ]),
      'Map(2) {"a" => 1, {k: 1} => Map(0) {}}',
    ],
    [new Set([1, "b"]), 'Set(2) {1, "b"}'],
    [new Uint8Array([1, 2]), "Uint8Array(2) [1, 2]"],
    [new BigInt64Array([1n]), "BigInt64Array(1) [1]"],
    [Buffer.from([255]), "Uint8Array(1) [255]"],
    [new ArrayBuffer(8), "ArrayBuffer(8)"],
    [new SharedArrayBuffer(8), "SharedArrayBuffer(8)"],
    [new DataView(new ArrayBuffer(8)), "DataView"],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [new Date(NaN), "Date (invalid)"],
    [/a\/b/giu, "/a\\/b/giu"],
    [new TypeError("no"), "TypeError: no"],
    [
      Object.assign(new Error("gone", { cause: { code: 1 } }), { errno: -2 }),
      "Error: gone {cause: {code: 1}, errno: -2}",
    ],
    [new AggregateError([new Error("a")], "several"), "AggregateError: several"],
    [Promise.resolve(1), "[Promise]"],
    [new WeakMap(), "[WeakMap]"],
    [new WeakSet(), "[WeakSet]"],
    [Object("boxed"), "[String]"],
    [(function* () {})(), "[Generator]"],
    [function named() {}, "[function named]"],
    [Job, "[function Job]"],
    [() => undefined, "[function]"],
    [runInNewContext("({ other: new Map([[1, new Error('x')]]) })"), "{other: Map(1) {1 => Error: x}}"],
  ])("shows %# as it is", (value, text) => {
    expect(shown(value)).toBe(text)
  })

  it("leaves out what stands under a key that is secret, whatever its case", () => {
    const secret = {
      ...{
        password: 1,
        Authorization: 1,
        "set-cookie": [1],
        client_secret: 1,
        "X-Api-Key": 1,
        accessToken: 1,
        auth: 1,
        PIN: 1,
      },
      ...{ author: "shown", shipping: "shown" },
    }
    const text = shown(secret, [], 1000)
    expect(text.match(/\[redacted\]/g)).toHaveLength(8)
    expect(text).toContain('author: "shown", shipping: "shown"')
    expect(shown({ iban: 1, Phone_Number: 2, id: 3 }, ["IBAN", "phone-number"])).toBe(
      "{iban: [redacted], Phone_Number: [redacted], id: 3}",
    )
    expect(shown(new Map([["token", "t"]]))).toBe('Map(1) {"token" => [redacted]}')
    expect(shown(["Host", "shop", "Cookie", "sid=1", "Accept", "*"])).toBe(
      '["Host", "shop", "Cookie", [redacted], "Accept", "*"]',
    )
    expect(shown([["authorization", "Bearer x"]])).toBe('[["authorization", [redacted]]]')
    expect(shown({ name: "Set-Cookie", value: "sid=1" })).toBe('{name: "Set-Cookie", value: [redacted]}')
    for (const named of [
      { key: "Authorization", val: "x" },
      { Name: "Cookie", Value: "x" },
      { header: "X-Api-Key", values: ["x"] },
      { type: "password", value: "x" },
    ])
      expect(shown(named)).toMatch(/: \[redacted\]}$/)
    expect(shown({ name: "Ann", value: 7 })).toBe('{name: "Ann", value: 7}')
    expect(shown({ deep: [{ password: "hunter2" }] })).toBe("{deep: [{password: [redacted]}]}")
    expect(shown(Object.assign(new Error("e"), { token: "t" }))).toBe("Error: e {token: [redacted]}")
  })

  it("marks what contains itself, and goes no deeper than four", () => {
    const ring: { next?: unknown; list: Array<unknown> } = { list: [] }
    ring.next = ring
    ring.list.push(ring.list, ring)
    expect(shown(ring)).toBe("{list: [[circular], [circular]], next: [circular]}")
    expect(shown({ a: { b: { c: { d: { e: 1 } } } } })).toBe("{a: {b: {c: {d: [object]}}}}")
    const twice = { x: 1 }
    expect(shown([twice, twice])).toBe("[{x: 1}, {x: 1}]")
  })

  it("bounds entries, strings and the whole, and says how much there is", () => {
    expect(shown(Array.from({ length: 1000 }, (_, i) => i % 10))).toMatch(/^\[0, 1, .*, 5, … 984 more\]$/)
    expect(shown(new Set(Array.from({ length: 100 }, (_, i) => i)))).toMatch(/^Set\(100\) \{.*, … 84 more\}$/)
    expect(shown(["x".repeat(5000)])).toBe(`["${"x".repeat(100)}"… 5000 characters]`)
    expect(shown(["x".repeat(5000)], [], 300)).toBe(`["${"x".repeat(150)}"… 5000 characters]`)
    expect(shown("y".repeat(5000)).length).toBe(201)
    expect(shown({ a: "🙂".repeat(200) }, [], 20)).toMatch(/^\{a: "(🙂)+…$/u)
    for (const maxLength of [1, 7, 50])
      expect(shown(Object.fromEntries(Object.entries("abcdefgh")), [], maxLength).length).toBeLessThanOrEqual(
        maxLength + 1,
      )
  })

  it("lists an object with very many keys once", () => {
    const text = new ValueText({ redact: [], maxLength: 200 })
    const large = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, i]))
    expect(text.of(large)).toContain("19984 more")
    expect(text.of(large)).toBe("{20000 keys}")
  })

  it("names things of Weft's by what it is told", () => {
    const channel = {}
    const text = new ValueText({ redact: [], maxLength: 200 }, (object) =>
      object === channel ? "channel #3" : undefined,
    )
    expect(text.of({ reply: channel })).toBe("{reply: [channel #3]}")
  })

  it("looks into no object where the host can't tell what a Proxy is", () => {
    // As in a page.
    const text = new ValueText({ redact: [], maxLength: 200 }, undefined, null)
    expect([{ a: 1 }, [1], () => 1, "s", 2].map((value) => text.of(value))).toEqual([
      ...["[object]", "[object]", "[function]"],
      ...['"s"', "2"],
    ])
  })
})

let noticed = 0
const notice = (): never => {
  noticed++
  throw new Error("looked at")
}
const traps = Object.fromEntries(
  Object.getOwnPropertyNames(Reflect).map((trap) => [trap, notice]),
) as ProxyHandler<object>
const custom: object = {
  [inspect.custom]: notice,
  [Symbol.toPrimitive]: notice,
  [Symbol.iterator]: notice,
  toString: notice,
  toJSON: notice,
  valueOf: notice,
}

/** Numbers of a seed: what fails once fails again. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function hostile(choose: (below: number) => number, depth: number, seen: Array<object>): unknown {
  const inner = () => (depth === 0 ? choose(5) : hostile(choose, depth - 1, seen))
  const kept = <T extends object>(object: T): T => {
    seen.push(object)
    return object
  }
  const makers: ReadonlyArray<() => unknown> = [
    () => new Proxy(kept({}), traps),
    () => {
      const { proxy, revoke } = Proxy.revocable(choose(2) === 0 ? [] : () => undefined, {})
      revoke()
      return proxy
    },
    () => Object.create(new Proxy(kept({}), traps), { own: { value: inner(), enumerable: true } }) as unknown,
    () =>
      Object.defineProperties(kept({ plain: inner(), ...custom }), {
        boom: { get: notice, enumerable: true },
        quiet: { set: notice, enumerable: true },
      }),
    () =>
      Object.defineProperty(
        Object.assign(
          new Map<unknown, unknown>([
            [inner(), inner()],
            [{}, new Proxy({}, traps)],
          ]),
          custom,
        ),
        "size",
        {
          value: -1,
        },
      ),
    () => Object.defineProperty(new Set([inner()]), "size", { get: notice }),
    () => seen[choose(seen.length + 1)],
    () => Object.defineProperty([inner(), inner()], 0, { get: notice, enumerable: true }),
    () =>
      Object.defineProperties(new Error("m"), {
        message: { get: notice },
        name: { get: notice },
        stack: { get: notice },
      }),
    () => Object.setPrototypeOf(Object.assign(new Error("m"), { at: inner() }), new Proxy({}, traps)) as unknown,
    () => Object.defineProperties(/x/g, { flags: { get: notice }, source: { get: notice }, global: { get: notice } }),
    () => Object.defineProperty(new Date(choose(1e9)), "toISOString", { get: notice }),
    () =>
      Object.defineProperties(new Uint8Array(choose(4)), {
        length: { get: notice },
        [Symbol.toStringTag]: { get: notice },
      }),
    () => Object.defineProperty(function f() {}, "name", { get: notice }),
    () => Object.defineProperty(kept({ a: inner() }), "constructor", { get: notice }),
    () => ({ constructor: new Proxy(function () {}, traps) }),
    () =>
      class {
        static get name(): string {
          return notice()
        }
        static [Symbol.hasInstance] = notice
        x = 1
      },
    () =>
      new (class {
        static get name(): string {
          return notice()
        }
        x = 1
      })(),
    () => Object.assign(Object(`boxed ${choose(9)}`) as object, custom),
    () => Array.from({ length: choose(50) }, inner),
    () =>
      Object.fromEntries(
        Array.from({ length: choose(40) }, (_, i) => [
          `${["k", "token", "\u202e", "", "a b"][choose(5)]!}${i}`,
          inner(),
        ]),
      ),
    () => `${"\ud800\u001b".repeat(choose(200))}${"x".repeat(choose(5000))}`,
    () => 7n ** BigInt(choose(5000)),
    () => Symbol("\u001b".repeat(choose(300))),
    () => ({ __proto__: null, then: notice, [Symbol.toStringTag]: "x".repeat(choose(10_000)) }),
    () => new ArrayBuffer(choose(10)),
  ]
  return makers[choose(makers.length)]!()
}

describe("ValueText, of hostile values", () => {
  it("answers a bounded line, and runs nothing of theirs", () => {
    const choose = numbers(20_261_128)
    const text = new ValueText({ redact: ["plain"], maxLength: 120 })
    const all = new Set<string>()
    for (let i = 0; i < 6000; i++) {
      const seen: Array<object> = []
      const value = hostile(choose, 1 + choose(4), seen)
      // Making them may have run some of it.
      noticed = 0
      const line = text.of(value)
      expect(noticed, line).toBe(0)
      expect(line.length).toBeLessThanOrEqual(121)
      expect(line).not.toMatch(/\p{Cc}|\u202e/u)
      expect(line).not.toBe("[unreadable]")
      all.add(line)
    }
    expect(all.size).toBeGreaterThan(1000)
    expect([...all].some((line) => line.includes("[Proxy]"))).toBe(true)
  })

  it("changes nothing about them", () => {
    const sealed = Object.freeze({ list: Object.freeze([1, 2]), map: new Map([[1, 2]]) })
    const iterator = sealed.map.entries()
    expect(shown(sealed)).toBe("{list: [1, 2], map: Map(1) {1 => 2}}")
    expect(iterator.next().value).toEqual([1, 2])
    expect(types.isProxy(sealed)).toBe(false)
  })
})
