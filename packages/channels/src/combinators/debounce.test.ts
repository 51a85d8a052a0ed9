import { failure, go, InvalidDuration, Op, sleep } from "@weft/core"
import type * as Duration from "effect/Duration"
import { describe, expect, it } from "vitest"
import { runVirtual } from "../../../core/test/support/virtual.ts"
import { numbers, underSeeds } from "../../test/support/numbers.ts"
import { chan } from "../chan.ts"
import type { Sender } from "../channel.ts"
import { flow } from "../flow.ts"
import { debounce } from "./debounce.ts"

/** Sends the time at which it sends, with these pauses before. */
function pulses(...pauses: ReadonlyArray<number>) {
  const from = chan<number>(1)
  go(function* () {
    let now = 0
    for (const pause of pauses) {
      yield* sleep(pause)
      yield* from.send((now += pause))
    }
    from.close()
  })
  return from
}

describe("debounce", () => {
  it("passes the last value of each burst once it has been quiet for d", () =>
    underSeeds(function* () {
      // Bursts at 1 2 3, at 20 29, at 60.
      expect(yield* debounce(pulses(1, 1, 1, 17, 9, 31), 10).drain()).toEqual([3, 29, 60])
    }))

  it("sends the last value at the end without waiting for d", () =>
    underSeeds(function* () {
      const quiet = go(sleep("1 minute"))
      expect(yield* debounce(numbers(5).from, "1 hour").drain()).toEqual([4])
      expect(quiet.status).toBe("waiting")
    }))

  it("reads nothing while a value waits to be received", () =>
    runVirtual(function* () {
      const { from, taken } = numbers(3)
      const out = debounce(
        flow([], 0, function* (slow: Sender<number>) {
          for (;;) {
            const next = yield* from.next()
            if (!next.ok) return
            yield* slow.send(next.value)
            yield* sleep(20)
          }
        }),
        10,
      )
      yield* sleep(500)
      expect(taken()).toBe(2)
      expect(yield* out.drain()).toEqual([0, 1, 2])
    }))

  it("sends the last value before a failure", () =>
    underSeeds(function* () {
      const source = flow<number, Op<unknown, Error>>([], 0, function* (out) {
        yield* out.send(1)
        throw failure(new Error("broken"))
      })
      const out = debounce(source, "1 hour")
      expect(yield* out.receive()).toBe(1)
      expect(yield* Op.fromPromise(() => out.receive().promise().catch(String))).toBe("Error: broken")
    }))

  it.each([Number.NaN, "5 bananas"])("refuses %o as a duration at the call", (d) => {
    expect(() => debounce(chan(), d as Duration.Input)).toThrow(InvalidDuration)
  })
})
