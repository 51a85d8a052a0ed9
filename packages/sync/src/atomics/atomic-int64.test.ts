import { describe, expect, it } from "vitest"
import { atomicLaws } from "../../test/support/atomic-laws.ts"
import { InvalidAmount } from "../invalid-amount.ts"
import { AtomicInt64 } from "./atomic-int64.ts"
import { BeyondSafeInteger } from "./atomic-word.ts"

const largest = 2n ** 63n - 1n
const smallest = -(2n ** 63n)

atomicLaws("AtomicInt64", AtomicInt64, { bytes: 8, zero: 0n, one: -1n, other: largest })

describe("AtomicInt64", () => {
  it("gives the new value when it adds, and wraps at both ends", () => {
    const atomic = new AtomicInt64(largest - 1n)
    expect(atomic.add(1n)).toBe(largest)
    expect(atomic.add(1n)).toBe(smallest)
    expect(atomic.add(-1n)).toBe(largest)
    expect(atomic.load()).toBe(largest)
  })

  it("carries from the lower half into the upper one, and back", () => {
    const atomic = new AtomicInt64(0xffff_ffff)
    expect(atomic.addNumber(1)).toBe(0x1_0000_0000)
    expect(atomic.addNumber(-1)).toBe(0xffff_ffff)
    expect(atomic.addNumber(-0x1_0000_0000)).toBe(-1)
  })

  it("gives the old value for and and or", () => {
    const atomic = new AtomicInt64(0b1100n << 40n)
    expect(atomic.and(0b0110n << 40n)).toBe(0b1100n << 40n)
    expect(atomic.or(1n)).toBe(0b0100n << 40n)
    expect(atomic.and(-1n)).toBe((0b0100n << 40n) + 1n)
    expect(atomic.load()).toBe((0b0100n << 40n) + 1n)
  })

  it("adds and masks with the lower 64 bits of any bigint", () => {
    const atomic = new AtomicInt64(smallest)
    expect(atomic.add(2n ** 64n + 1n)).toBe(smallest + 1n)
    expect(atomic.or(2n ** 64n - 1n)).toBe(smallest + 1n)
    expect(atomic.and(2n ** 65n - 2n)).toBe(-1n)
    expect(atomic.load()).toBe(-2n)
  })

  it("refuses to store what doesn't fit, or to compare with it, and stays as it was", () => {
    const atomic = new AtomicInt64(7n)
    for (const bad of [largest + 1n, smallest - 1n, 2n ** 64n + 7n]) {
      for (const call of [
        () => atomic.store(bad),
        () => atomic.swap(bad),
        () => atomic.compareAndSwap(bad, 1),
        () => atomic.compareAndSwap(7n, bad),
        () => new AtomicInt64(bad),
      ])
        expect(call).toThrow(InvalidAmount)
    }
    expect(() => atomic.store(9223372036854775808n)).toThrow(
      "sync: AtomicInt64.store (9223372036854775808n); pass a whole number from -(2n ** 63n) to 2n ** 63n - 1n",
    )
    expect(atomic.load()).toBe(7n)
    for (const end of [largest, smallest, 0n]) {
      atomic.store(end)
      expect(atomic.swap(end)).toBe(end)
      expect(atomic.compareAndSwap(end, end)).toBe(true)
    }
  })

  it("takes safe integers wherever it takes bigints", () => {
    const atomic = new AtomicInt64(Number.MIN_SAFE_INTEGER)
    expect(atomic.load()).toBe(BigInt(Number.MIN_SAFE_INTEGER))
    atomic.store(-5)
    expect(atomic.load()).toBe(-5n)
    expect(atomic.swap(6)).toBe(-5n)
    expect(atomic.compareAndSwap(6, 7)).toBe(true)
    expect(atomic.compareAndSwap(6, 8)).toBe(false)
    expect(atomic.add(-8)).toBe(-1n)
    expect(atomic.and(0xff)).toBe(-1n)
    expect(atomic.or(-256)).toBe(255n)
    expect(atomic.load()).toBe(-1n)
  })

  it("counts in numbers, exactly, up to both ends of the safe integers", () => {
    const atomic = new AtomicInt64(Number.MAX_SAFE_INTEGER - 1)
    expect(atomic.addNumber(1)).toBe(Number.MAX_SAFE_INTEGER)
    expect(atomic.loadNumber()).toBe(Number.MAX_SAFE_INTEGER)
    expect(atomic.addNumber(-Number.MAX_SAFE_INTEGER)).toBe(0)
    expect(atomic.addNumber(-Number.MAX_SAFE_INTEGER)).toBe(Number.MIN_SAFE_INTEGER)
    expect(atomic.loadNumber()).toBe(Number.MIN_SAFE_INTEGER)
  })

  it("throws instead of giving a rounded number, with the value; what it added stays added", () => {
    const atomic = new AtomicInt64(Number.MAX_SAFE_INTEGER)
    expect(() => atomic.addNumber(2)).toThrow(
      "sync: AtomicInt64.addNumber: the value is 9007199254740993, beyond the safe integers; take it as a bigint, by load() or add()",
    )
    expect(atomic.load()).toBe(9007199254740993n)
    try {
      atomic.loadNumber()
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(BeyondSafeInteger)
      expect((error as BeyondSafeInteger).fields.value).toBe(9007199254740993n)
    }
    atomic.store(largest)
    expect(() => atomic.addNumber(1)).toThrow("the value is -9223372036854775808,")
    expect(() => atomic.loadNumber()).toThrow(BeyondSafeInteger)
  })

  it("gives the exact number where a value comes back to the safe integers", () => {
    // As a number, 2^53 + 1 is 2^53: counted from there the answer would be one too small.
    const atomic = new AtomicInt64(2n ** 53n + 1n)
    expect(atomic.addNumber(-10)).toBe(2 ** 53 - 9)
    expect(atomic.loadNumber()).toBe(2 ** 53 - 9)
  })

  it("refuses a number that is no safe integer, and stays as it was", () => {
    const atomic = new AtomicInt64(7n)
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
    expect(() => new AtomicInt64(1.5)).toThrow("sync: new AtomicInt64 (1.5); pass a whole number")
  })
})
