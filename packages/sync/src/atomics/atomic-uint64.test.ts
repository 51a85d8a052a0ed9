import { describe, expect, it } from "vitest"
import { atomicLaws } from "../../test/support/atomic-laws.ts"
import { InvalidAmount } from "../invalid-amount.ts"
import { AtomicUint64 } from "./atomic-uint64.ts"
import { BeyondSafeInteger } from "./atomic-word.ts"

const largest = 2n ** 64n - 1n

atomicLaws("AtomicUint64", AtomicUint64, { bytes: 8, zero: 0n, one: largest, other: 2n ** 63n })

describe("AtomicUint64", () => {
  it("gives the new value when it adds, and wraps at both ends", () => {
    const atomic = new AtomicUint64(largest - 1n)
    expect(atomic.add(1n)).toBe(largest)
    expect(atomic.add(1n)).toBe(0n)
    expect(atomic.add(-1n)).toBe(largest)
    expect(atomic.load()).toBe(largest)
  })

  it("gives the old value for and and or", () => {
    const atomic = new AtomicUint64(0b1100n << 60n)
    expect(atomic.and(0b0110n << 60n)).toBe(0b1100n << 60n)
    expect(atomic.or(1n)).toBe(0b0100n << 60n)
    expect(atomic.and(~1n)).toBe((0b0100n << 60n) + 1n)
    expect(atomic.load()).toBe(0b0100n << 60n)
  })

  it("adds and masks with the lower 64 bits of any bigint", () => {
    const atomic = new AtomicUint64(5n)
    expect(atomic.add(-(2n ** 64n) - 1n)).toBe(4n)
    expect(atomic.or(-2)).toBe(4n)
    expect(atomic.and(~1n)).toBe(largest - 1n)
    expect(atomic.load()).toBe(largest - 1n)
  })

  it("refuses to store what doesn't fit, or to compare with it, and stays as it was", () => {
    const atomic = new AtomicUint64(7n)
    for (const bad of [-1, -1n, largest + 1n, 2n ** 64n + 7n]) {
      for (const call of [
        () => atomic.store(bad),
        () => atomic.swap(bad),
        () => atomic.compareAndSwap(bad, 1),
        () => atomic.compareAndSwap(7n, bad),
        () => new AtomicUint64(bad),
      ])
        expect(call).toThrow(InvalidAmount)
    }
    expect(() => atomic.store(-1)).toThrow(
      "sync: AtomicUint64.store (-1); pass a whole number from 0 to 2n ** 64n - 1n",
    )
    expect(atomic.load()).toBe(7n)
    for (const end of [largest, 2n ** 63n, 0n]) {
      atomic.store(end)
      expect(atomic.swap(end)).toBe(end)
      expect(atomic.compareAndSwap(end, end)).toBe(true)
    }
  })

  it("counts in numbers, exactly, up to the largest safe integer and down to zero", () => {
    const atomic = new AtomicUint64(Number.MAX_SAFE_INTEGER - 1)
    expect(atomic.addNumber(1)).toBe(Number.MAX_SAFE_INTEGER)
    expect(atomic.loadNumber()).toBe(Number.MAX_SAFE_INTEGER)
    expect(atomic.addNumber(-Number.MAX_SAFE_INTEGER)).toBe(0)
    expect(atomic.loadNumber()).toBe(0)
  })

  it("throws instead of giving a rounded number, or a negative one for what has wrapped", () => {
    const atomic = new AtomicUint64(0)
    expect(() => atomic.addNumber(-1)).toThrow(
      "sync: AtomicUint64.addNumber: the value is 18446744073709551615, beyond the safe integers; take it as a bigint, by load() or add()",
    )
    expect(atomic.load()).toBe(largest)
    expect(() => atomic.loadNumber()).toThrow(BeyondSafeInteger)
    expect(atomic.addNumber(2)).toBe(1)
  })

  it("gives the exact number where a value comes back to the safe integers", () => {
    const atomic = new AtomicUint64(2n ** 53n + 1n)
    expect(atomic.addNumber(-10)).toBe(2 ** 53 - 9)
  })

  it("refuses a number that is no safe integer, and stays as it was", () => {
    const atomic = new AtomicUint64(7n)
    for (const bad of [0.5, Number.NaN, Infinity, 2 ** 53, "1", undefined] as Array<number>) {
      for (const call of [
        () => atomic.store(bad),
        () => atomic.swap(bad),
        () => atomic.add(bad),
        () => atomic.addNumber(bad),
        () => atomic.and(bad),
        () => atomic.or(bad),
        () => atomic.compareAndSwap(bad, 1),
        () => atomic.compareAndSwap(7, bad),
      ])
        expect(call).toThrow(InvalidAmount)
    }
    expect(atomic.load()).toBe(7n)
  })

  it("names the constructor where its value does not fit", () => {
    expect(() => new AtomicUint64(1.5)).toThrow("sync: new AtomicUint64 (1.5); pass a whole number")
  })
})
