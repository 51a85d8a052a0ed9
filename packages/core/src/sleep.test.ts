import * as Duration from "effect/Duration"
import { describe, expect, it } from "vitest"
import { context } from "./context.ts"
import { InvalidDuration } from "./invalid-duration.ts"
import { currentProcessor } from "./processor.ts"
import { run } from "./run-main.ts"
import { sleep, toMillis } from "./sleep.ts"

describe("a duration", () => {
  it.each([
    [50, 50],
    ["50 millis", 50],
    ["1 second", 1000],
    [Duration.minutes(1), 60_000],
    [-5, -5],
    [Infinity, Infinity],
    ["0 millis", 0],
    [0n, 0],
    [[0, 0], 0],
    [{ seconds: 0 }, 0],
    [{ minutes: 1, seconds: 1 }, 61_000],
    [Duration.zero, 0],
    [
      new (class OfTemporal {
        get days() {
          return 0
        }
      })(),
      0,
    ],
  ])("%o is %d ms", (duration, millis) => {
    expect(toMillis(duration as Duration.Input)).toBe(millis)
  })

  it.each([Number.NaN, "5 parsecs", "", null, undefined, new Date(), {}, new Map()])(
    "%o is none, and refused where it is given",
    (duration: unknown) => {
      expect(() => sleep(duration as Duration.Input)).toThrow(InvalidDuration)
      expect(() => context.withTimeout(context.background, duration as Duration.Input)).toThrow(InvalidDuration)
    },
  )

  it("says what to pass", () => {
    expect(() => sleep("5 parsecs" as Duration.Input)).toThrow(
      'weft: "5 parsecs" is no duration; pass milliseconds, a text such as "50 millis", or a Duration of effect',
    )
  })
})

describe("sleep", () => {
  it("is ready at once where there is no time to wait", () =>
    run(function* () {
      const { ticks } = currentProcessor()
      yield* sleep(-1)
      yield* sleep("0 millis")
      expect(currentProcessor().ticks).toBe(ticks - 2)
    }))
})
