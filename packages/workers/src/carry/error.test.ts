import { chan } from "@weft/channels"
import { AtomicInt32 } from "@weft/sync"
import { describe, expect, it } from "vitest"
import { packError, unpackError } from "./error.ts"
import "./unpack.ts"

const carried = (thrown: unknown): unknown => unpackError(structuredClone(packError(thrown)), undefined)

class Domain extends Error {
  override readonly name = "Domain"
  readonly code = 7
}

describe("an error on its way", () => {
  it("is one of JavaScript's own there, with its errors", () => {
    const error = carried(new AggregateError([new Domain("a"), 1], "many")) as AggregateError
    expect(error).toBeInstanceOf(AggregateError)
    expect(error.errors).toEqual([expect.any(Error), 1])
    expect(error.errors[0]).toMatchObject({ name: "Domain", message: "a", code: 7 })
    expect(Object.keys(error)).toEqual([])
  })

  it.runIf(typeof SuppressedError === "function")("keeps what it suppresses", () => {
    const error = carried(new SuppressedError(new Domain("new"), "old", "both")) as SuppressedError
    expect(error).toBeInstanceOf(SuppressedError)
    expect(error).toMatchObject({ message: "both", error: { name: "Domain" }, suppressed: "old" })
  })

  it("is a DOMException there if it is one here", () => {
    const error = carried(new DOMException("m", "AbortError")) as DOMException
    expect(error).toBeInstanceOf(DOMException)
    expect([error.name, error.message]).toEqual(["AbortError", "m"])
  })

  it("has errors among its fields as what they are, wherever they lie", () => {
    const error = carried(
      Object.assign(new Error("e"), { list: [new Domain("x")], by: new Map([["k", new Domain("y")]]) }),
    )
    const { by, list } = error as { by: Map<string, unknown>; list: ReadonlyArray<unknown> }
    for (const inner of [list[0], by.get("k")]) expect(inner).toMatchObject({ name: "Domain", code: 7 })
    expect(list[0]).toBeInstanceOf(Error)
  })

  it("has its fields without what can't go along", () => {
    const error = carried(Object.assign(new Error("e"), { channel: chan(1), f: () => 1, left: { n: 1 } })) as object
    expect(Object.keys(error)).toEqual(["left"])
  })

  it("keeps what lies in shared memory", () => {
    const count = new AtomicInt32(1)
    const error = carried(Object.assign(new Error("e"), { count })) as { count: AtomicInt32 }
    count.add(1)
    expect(error.count.load()).toBe(2)
  })

  it("goes whole once: of many that all have one another there are not many times as many there", () => {
    const all = Array.from({ length: 20 }, (_, i) => new Error(`error ${i}`))
    for (const error of all) Object.assign(error, { all })
    const there = carried(all[0]) as { all: ReadonlyArray<object> }
    expect(there.all.map((each) => (each as Error).message)).toEqual(all.map(({ message }) => message))
  })

  it("goes without what throws when it is read", () => {
    const error = Object.defineProperty(Object.assign(new Error("e"), { code: 1 }), "broken", {
      enumerable: true,
      get: () => {
        throw new Error("not to be read")
      },
    })
    expect(carried(error)).toMatchObject({ message: "e", code: 1 })
    expect(carried(Object.assign(Object.create(null) as object, { f: () => 1 }))).toBe("what has no text")
  })

  it("ends somewhere if it is its own field and cause", () => {
    const error = new Error("round")
    Object.assign(error, { self: error, cause: error })
    expect(carried(error)).toMatchObject({ message: "round", self: { message: "round" }, cause: { message: "round" } })
  })

  it("is an error to the host, too", () => {
    expect(Object.prototype.toString.call(carried(new Domain("d")))).toBe("[object Error]")
  })
})
