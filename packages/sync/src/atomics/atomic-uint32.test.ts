import { describe, expect, it } from "vitest"
import { atomicLaws } from "../../test/support/atomic-laws.ts"
import { InvalidAmount } from "../invalid-amount.ts"
import { AtomicUint32 } from "./atomic-uint32.ts"

atomicLaws("AtomicUint32", AtomicUint32, { bytes: 4, zero: 0, one: 4_294_967_295, other: 2_147_483_648 })

describe("AtomicUint32", () => {
  it("gives the new value when it adds, and wraps at both ends", () => {
    const atomic = new AtomicUint32(4_294_967_294)
    expect(atomic.add(1)).toBe(4_294_967_295)
    expect(atomic.add(1)).toBe(0)
    expect(atomic.add(-1)).toBe(4_294_967_295)
    expect(atomic.load()).toBe(4_294_967_295)
  })

  it("gives the old value for and and or", () => {
    const atomic = new AtomicUint32(0b1100)
    expect(atomic.and(0b0110)).toBe(0b1100)
    expect(atomic.or(0x8000_0000)).toBe(0b0100)
    expect(atomic.and(~0b0100)).toBe(0x8000_0004)
    expect(atomic.load()).toBe(0x8000_0000)
  })

  it("adds and masks with the lower 32 bits of any safe integer", () => {
    const atomic = new AtomicUint32(5)
    expect(atomic.add(Number.MAX_SAFE_INTEGER)).toBe(4)
    // As numbers the sum would be beyond the safe integers, and rounded.
    expect(new AtomicUint32(2).add(Number.MAX_SAFE_INTEGER)).toBe(1)
    expect(atomic.or(-2)).toBe(4)
    expect(atomic.and(~8)).toBe(4_294_967_294)
    expect(atomic.load()).toBe(4_294_967_286)
  })

  it("refuses to store what doesn't fit, or to compare with it, and stays as it was", () => {
    const atomic = new AtomicUint32(7)
    for (const bad of [-1, 2 ** 32, 2 ** 32 + 7]) {
      for (const call of [
        () => atomic.store(bad),
        () => atomic.swap(bad),
        () => atomic.compareAndSwap(bad, 1),
        () => atomic.compareAndSwap(7, bad),
        () => new AtomicUint32(bad),
      ])
        expect(call).toThrow(InvalidAmount)
    }
    expect(() => atomic.store(-1)).toThrow("sync: AtomicUint32.store (-1); pass a whole number from 0 to 4294967295")
    expect(atomic.load()).toBe(7)
    for (const end of [2 ** 32 - 1, 2 ** 31, 0]) {
      atomic.store(end)
      expect(atomic.swap(end)).toBe(end)
      expect(atomic.compareAndSwap(end, end)).toBe(true)
    }
  })

  it("refuses what is no whole number, and stays as it was", () => {
    const atomic = new AtomicUint32(7)
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
  })

  it("names the constructor where its value does not fit", () => {
    expect(() => new AtomicUint32(1.5)).toThrow("sync: new AtomicUint32 (1.5); pass a whole number")
  })
})
