import { describe, expect, it } from "vitest"
import { atomicLaws } from "../../test/support/atomic-laws.ts"
import { InvalidAmount } from "../invalid-amount.ts"
import { AtomicFloat64 } from "./atomic-float64.ts"

atomicLaws("AtomicFloat64", AtomicFloat64, { bytes: 8, zero: 0, one: -1.5, other: Number.MAX_VALUE })

const values = [0, -0, 1.5, -0.1, 5e-324, -5e-324, 1.7976931348623157e308, Infinity, -Infinity, Number.NaN, 2 ** 53 + 2]

describe("AtomicFloat64", () => {
  it.each(values)("keeps %f bit by bit, as a Float64Array has it", (value) => {
    const floats = new Float64Array(new SharedArrayBuffer(16))
    const atomic = AtomicFloat64.at(floats.buffer, 8)
    atomic.store(value)
    expect(floats[1]).toBe(value)
    expect(atomic.load()).toBe(value)
    expect(atomic.swap(1)).toBe(value)
    floats[1] = value
    expect(atomic.load()).toBe(value)
  })

  it("gives the new value when it adds", () => {
    const atomic = new AtomicFloat64(0.1)
    expect(atomic.add(0.2)).toBe(0.1 + 0.2)
    expect(atomic.add(-0.3)).toBe(0.1 + 0.2 - 0.3)
    expect(atomic.load()).toBe(0.1 + 0.2 - 0.3)
    atomic.store(Number.MAX_VALUE)
    expect(atomic.add(Number.MAX_VALUE)).toBe(Infinity)
    expect(atomic.add(-Infinity)).toBeNaN()
    expect(atomic.add(1)).toBeNaN()
  })

  it.each(values)("compares as Object.is does: %f", (value) => {
    for (const other of values) {
      const atomic = new AtomicFloat64(value)
      expect(atomic.compareAndSwap(other, 42)).toBe(Object.is(value, other))
      expect(atomic.load()).toBe(Object.is(value, other) ? 42 : value)
    }
  })

  it("takes every NaN for the same, whatever its bits", () => {
    const words = new BigInt64Array(new SharedArrayBuffer(8))
    const atomic = AtomicFloat64.at(words.buffer, 0)
    for (const nan of [0x7ff8_0000_0000_0000n, 0x7ff8_0000_0000_0001n, -1n]) {
      words[0] = nan
      expect(atomic.load()).toBeNaN()
      expect(atomic.add(1)).toBeNaN()
      words[0] = nan
      expect(atomic.compareAndSwap(Number.NaN, 2)).toBe(true)
      expect(atomic.load()).toBe(2)
    }
  })

  it("refuses what is no number, and stays as it was", () => {
    const atomic = new AtomicFloat64(7)
    for (const bad of ["1", undefined, null, 1n, true] as unknown as Array<number>) {
      for (const call of [
        () => atomic.store(bad),
        () => atomic.swap(bad),
        () => atomic.add(bad),
        () => atomic.compareAndSwap(bad, 1),
        () => atomic.compareAndSwap(7, bad),
      ])
        expect(call).toThrow(InvalidAmount)
    }
    expect(atomic.load()).toBe(7)
  })
})
