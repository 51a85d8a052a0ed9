import { describe, expect, it } from "vitest"
import { atomicLaws } from "../../test/support/atomic-laws.ts"
import { InvalidAmount } from "../invalid-amount.ts"
import { AtomicBool } from "./atomic-bool.ts"

const both = [false, true]

describe("AtomicBool", () => {
  it.each(both.flatMap((old) => both.map((value) => [old, value] as const)))(
    "has the laws of an atomic and of its operations: %s, then %s",
    (old, value) => {
      const atomic = new AtomicBool(old)
      expect(atomic.load()).toBe(old)
      expect(atomic.swap(value)).toBe(old)
      expect(atomic.load()).toBe(value)

      atomic.store(old)
      expect(atomic.and(value)).toBe(old)
      expect(atomic.load()).toBe(old && value)

      atomic.store(old)
      expect(atomic.or(value)).toBe(old)
      expect(atomic.load()).toBe(old || value)

      atomic.store(old)
      expect(atomic.compareAndSwap(!old, value)).toBe(false)
      expect(atomic.load()).toBe(old)
      expect(atomic.compareAndSwap(old, value)).toBe(true)
      expect(atomic.load()).toBe(value)
    },
  )

  it("writes 1 and 0, and takes whatever else is there for true", () => {
    const words = new Int32Array(new SharedArrayBuffer(8))
    const atomic = AtomicBool.at(words.buffer, 4)
    atomic.store(true)
    expect([...words]).toEqual([0, 1])
    for (const truth of [4, -1, 2 ** 30]) {
      words[1] = truth
      expect(atomic.load()).toBe(true)
      expect(atomic.and(true)).toBe(true)
      expect(atomic.compareAndSwap(false, true)).toBe(false)
      expect(words[1]).toBe(truth)
      expect(atomic.compareAndSwap(true, false)).toBe(true)
      expect(words[1]).toBe(0)
      words[1] = truth
      expect(atomic.and(false)).toBe(true)
      expect(words[1]).toBe(0)
      words[1] = truth
      expect(atomic.or(true)).toBe(true)
      expect(words[1]).toBe(1)
    }
  })

  it("refuses what is no boolean, and stays as it was", () => {
    const atomic = new AtomicBool(true)
    for (const bad of [1, 0, "false", undefined, Number.NaN] as unknown as Array<boolean>) {
      for (const call of [
        () => atomic.store(bad),
        () => atomic.swap(bad),
        () => atomic.and(bad),
        () => atomic.or(bad),
        () => atomic.compareAndSwap(bad, false),
        () => atomic.compareAndSwap(true, bad),
      ])
        expect(call).toThrow(InvalidAmount)
    }
    expect(atomic.load()).toBe(true)
  })
})

atomicLaws("AtomicBool", AtomicBool, { bytes: 4, zero: false, one: true, other: true })
