import { describe, expect, it } from "vitest"
import { atomicLaws } from "../../test/support/atomic-laws.ts"
import { InvalidAmount } from "../invalid-amount.ts"
import { AtomicInt32 } from "./atomic-int32.ts"

atomicLaws("AtomicInt32", AtomicInt32, { bytes: 4, zero: 0, one: -1, other: 2_147_483_647 })

describe("AtomicInt32", () => {
  it("gives the new value when it adds, and wraps at both ends", () => {
    const atomic = new AtomicInt32(2_147_483_646)
    expect(atomic.add(1)).toBe(2_147_483_647)
    expect(atomic.add(1)).toBe(-2_147_483_648)
    expect(atomic.add(-1)).toBe(2_147_483_647)
    expect(atomic.load()).toBe(2_147_483_647)
  })

  it("gives the old value for and and or", () => {
    const atomic = new AtomicInt32(0b1100)
    expect(atomic.and(0b0110)).toBe(0b1100)
    expect(atomic.or(0b0001)).toBe(0b0100)
    expect(atomic.and(-1)).toBe(0b0101)
    expect(atomic.or(-1)).toBe(0b0101)
    expect(atomic.load()).toBe(-1)
  })

  it("adds and masks with the lower 32 bits of any safe integer", () => {
    const atomic = new AtomicInt32(-(2 ** 31))
    expect(atomic.add(Number.MAX_SAFE_INTEGER)).toBe(2 ** 31 - 1)
    // As numbers the sum would be beyond the safe integers, and rounded.
    expect(new AtomicInt32(2).add(Number.MAX_SAFE_INTEGER)).toBe(1)
    expect(atomic.or(2 ** 32 - 1)).toBe(2 ** 31 - 1)
    expect(atomic.and(2 ** 33 - 2)).toBe(-1)
    expect(atomic.load()).toBe(-2)
  })

  it("refuses to store what doesn't fit, or to compare with it, and stays as it was", () => {
    const atomic = new AtomicInt32(7)
    for (const bad of [2 ** 31, -(2 ** 31) - 1, 2 ** 32 + 7]) {
      for (const call of [
        () => atomic.store(bad),
        () => atomic.swap(bad),
        () => atomic.compareAndSwap(bad, 1),
        () => atomic.compareAndSwap(7, bad),
        () => new AtomicInt32(bad),
      ])
        expect(call).toThrow(InvalidAmount)
    }
    expect(() => atomic.store(4294967295)).toThrow(
      "sync: AtomicInt32.store (4294967295); pass a whole number from -2147483648 to 2147483647",
    )
    expect(atomic.load()).toBe(7)
    for (const end of [2 ** 31 - 1, -(2 ** 31), 0]) {
      atomic.store(end)
      expect(atomic.swap(end)).toBe(end)
      expect(atomic.compareAndSwap(end, end)).toBe(true)
    }
  })

  it("refuses what is no whole number, and stays as it was", () => {
    const atomic = new AtomicInt32(7)
    for (const bad of [0.5, Number.NaN, Infinity, 2 ** 53, "1", undefined] as Array<number>) {
      for (const call of [
        () => atomic.store(bad),
        () => atomic.swap(bad),
        () => atomic.add(bad),
        () => atomic.and(bad),
        () => atomic.or(bad),
        () => atomic.compareAndSwap(bad, 1),
        () => atomic.compareAndSwap(7, bad),
      ])
        expect(call).toThrow(InvalidAmount)
    }
    expect(atomic.load()).toBe(7)
    expect(() => atomic.add(1.5)).toThrow("sync: AtomicInt32.add (1.5); pass a whole number that is a safe integer")
    expect(() => atomic.add("1" as never)).toThrow('sync: AtomicInt32.add ("1"); pass a whole number')
    expect(() => new AtomicInt32(1.5)).toThrow(InvalidAmount)
  })

  it("names the constructor where its value does not fit", () => {
    expect(() => new AtomicInt32(1.5)).toThrow("sync: new AtomicInt32 (1.5); pass a whole number")
  })
})
