import fc from "fast-check"
import { expect, it } from "vitest"
import { Keys } from "./keys.ts"
import { Thrown } from "./operation.ts"

it("gives one key to values that hold the same, in whatever order they were made", () => {
  const keys = new Keys()
  for (const [one, other] of [
    [
      { a: 1, b: [2, "3"] },
      { b: [2, "3"], a: 1 },
    ],
    [
      new Map([
        ["x", 1],
        ["y", 2],
      ]),
      new Map([
        ["y", 2],
        ["x", 1],
      ]),
    ],
    [new Set([1, 2]), new Set([2, 1])],
    [new Date(5), new Date(5)],
    [new Uint8Array([1, 2]), new Uint8Array([1, 2])],
    [{ ok: false, value: undefined }, { ok: false }],
    [new Thrown("E", new Error("one")), new Thrown("E", new Error("other"))],
  ])
    expect(keys.of(one)).toBe(keys.of(other))
})

it("gives different keys to different values of all kinds", () => {
  class Box {
    readonly #inside = 1
    get inside(): number {
      return this.#inside
    }
  }
  const kinds = [
    ...[
      undefined,
      null,
      0,
      1,
      "0",
      "",
      "undefined",
      1n,
      true,
      false,
      NaN,
      [],
      [[]],
      [0],
      ["0"],
      [0, 1],
      ["0,1"],
      [undefined],
    ],
    ...[{}, { a: 1 }, { a: "1" }, { "a:1": 0 }, new Map(), new Set(), new Map([[1, 2]]), new Set([1]), new Date(0)],
    ...[
      new Thrown("A", 0),
      new Thrown("B", 0),
      new Uint8Array([0]),
      new Box(),
      new Box(),
      Symbol(),
      () => {},
      () => {},
    ],
  ]
  const keys = new Keys()
  expect(new Set(kinds.map((kind) => keys.of(kind))).size).toBe(kinds.length)
})

it("tells objects of a class apart even where they show the same, as what they keep private may differ", () => {
  const keys = new Keys()
  const box = new (class {
    readonly shown = 1
  })()
  expect(keys.of(box)).toBe(keys.of(box))
  expect(keys.of({ box })).not.toBe(keys.of({ box: new (box.constructor as new () => object)() }))
})

it("comes to an end for a value that holds itself", () => {
  const loop: { self?: unknown } = {}
  loop.self = loop
  expect(() => new Keys().of(loop)).not.toThrow()
})

it("agrees with JSON about values that JSON can hold", () =>
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const keys = new Keys()
      // -0 is 0 to whoever compares.
      const json = (value: unknown) => JSON.stringify(sorted(JSON.parse(JSON.stringify(value))))
      expect(keys.of(one) === keys.of(other)).toBe(json(one) === json(other))
    }),
  ))

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== "object" || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)])
  return { entries: entries.sort() }
}
