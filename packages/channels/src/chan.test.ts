import { Panic } from "@weft/core"
import { describe, expect, it } from "vitest"
import { buffer, chan, InvalidCapacity } from "./chan.ts"

const wrongCapacities: ReadonlyArray<unknown> = [-1, 0.5, NaN, Infinity, -Infinity, 2 ** 32, 2 ** 53, "1", true, 1n]

describe("chan", () => {
  it("is unbuffered unless told otherwise", () => {
    expect(chan().capacity).toBe(0)
    expect(chan(0).trySend(1)).toBe(false)
  })

  it("has the capacity it was given", () => {
    for (const capacity of [1, 2, 3, 7, 8, 9, 1000, 2 ** 32 - 1]) expect(chan(capacity).capacity).toBe(capacity)
    expect(chan(buffer.sliding(3)).capacity).toBe(3)
    expect(chan(buffer.dropping(4)).capacity).toBe(4)
    expect(chan(buffer.unbounded()).capacity).toBe(Infinity)
  })

  it("reserves nothing for a huge capacity", () => {
    const channels = Array.from({ length: 1000 }, () => chan<number>(2 ** 32 - 1))
    for (const ch of channels) ch.trySend(1)
    expect(channels.every((ch) => ch.length === 1)).toBe(true)
  })

  it.each(wrongCapacities)("refuses a capacity of %s with Go's words and what to pass", (capacity) => {
    const make = () => chan(capacity as number)
    const shown =
      typeof capacity === "string" ? JSON.stringify(capacity) : typeof capacity === "bigint" ? "1n" : String(capacity)
    expect(make).toThrow(InvalidCapacity)
    expect(make).toThrow(`makechan: size out of range (${shown}); pass a whole number from 0 to 4294967295`)
  })

  it.each([null, {}, [3], () => 3])("refuses %s, which is neither a capacity nor a buffer", (capacity) => {
    expect(() => chan(capacity as unknown as number)).toThrow(InvalidCapacity)
  })

  it.each([...wrongCapacities, 0, null, undefined])("refuses a sliding or dropping buffer of %s at once", (n) => {
    expect(() => buffer.sliding(n as number)).toThrow(InvalidCapacity)
    expect(() => buffer.dropping(n as number)).toThrow("pass a whole number from 1 to 4294967295")
  })

  it("panics in the family of all panics, with the capacity as a field", () => {
    let panic: unknown
    try {
      chan(-3)
    } catch (error) {
      panic = error
    }
    expect(panic).toBeInstanceOf(Panic)
    expect(panic).toMatchObject({ name: "InvalidCapacity", fields: { capacity: -3 } })
  })

  it("makes a channel of its own for every use of a buffer policy", () => {
    const policy = buffer.sliding(2)
    const [a, b] = [chan<number>(policy), chan<number>(policy)]
    a.trySend(1)
    expect([a.length, b.length]).toEqual([1, 0])
  })
})
