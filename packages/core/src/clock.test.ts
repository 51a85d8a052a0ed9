import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { HostClock } from "./clock.ts"
import { sleep } from "./index.ts"

const day = 86_400_000

describe("the host's clock", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  /** A clock, and the calls of those who wish to be woken by it. */
  function made() {
    const clock = new HostClock()
    const woken: Array<string> = []
    const wakeIn = (millis: number, name: string) => clock.wakeAt(clock.now() + millis, () => woken.push(name))
    return { clock, wakeIn, woken }
  }

  it("goes by the last wish alone, be that earlier or later, by one timer of the host's", () => {
    for (const [first, second] of [
      [2 * day, day],
      [day, 2 * day],
    ] as const) {
      const { wakeIn, woken } = made()
      wakeIn(first, "first")
      wakeIn(second, "second")
      expect(vi.getTimerCount()).toBe(1)
      vi.advanceTimersByTime(second - day / 2)
      expect(woken).toEqual([])
      vi.advanceTimersByTime(day)
      expect([woken, vi.getTimerCount()]).toEqual([["second"], 0])
    }
  })

  it("has no timer while nobody wishes to be woken", () => {
    const { clock, wakeIn, woken } = made()
    wakeIn(day, "first")
    clock.wakeAt(Infinity, () => woken.push("never"))
    expect(vi.getTimerCount()).toBe(0)
    wakeIn(day, "again")
    vi.advanceTimersByTime(2 * day)
    expect(woken).toEqual(["again"])
  })

  it("waits for what is beyond the reach of the host's timers as long as those reach, and not a millisecond", () => {
    const { wakeIn, woken } = made()
    wakeIn(40 * day, "late")
    vi.advanceTimersByTime(24 * day)
    expect(woken).toEqual([])
    vi.advanceTimersByTime(day)
    expect(woken).toEqual(["late"])
  })

  it("has no timer, and keeps no process up, once plain code has given up the only sleep", async () => {
    const abort = new AbortController()
    const sleeping = sleep("1 hour").promise(abort.signal)
    expect(vi.getTimerCount()).toBe(1)
    abort.abort("enough")
    expect(vi.getTimerCount()).toBe(0)
    await expect(sleeping).rejects.toBe("enough")
  })
})
