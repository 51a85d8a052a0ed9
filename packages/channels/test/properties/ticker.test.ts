/** A ticker against a model: the time of the oldest tick not received, and a period. */
import { Ticker } from "@weft/channels"
import { run, sleep } from "@weft/core"
import { virtualTime } from "@weft/core/testing"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { schedules } from "../../../core/test/support/soak.ts"

const epoch = Date.UTC(2000, 0, 1)

const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("sleep" as const), millis: fc.nat({ max: 60 }) }),
    fc.record({ do: fc.constant("reset" as const), millis: fc.integer({ min: 1, max: 30 }) }),
    fc.record({ do: fc.constantFrom("try" as const, "receive" as const, "stop" as const), millis: fc.constant(0) }),
  ),
  { maxLength: 40 },
)

describe("Ticker", () => {
  it("ticks as its model does, however it is stopped, reset and neglected", () =>
    fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 30 }), async (program, first) => {
        await run(
          function* () {
            const ticker = new Ticker(first)
            let [now, due, period] = [0, first, first]
            const take = (): Date => {
              const fired = due
              while (due <= now) due += period
              return new Date(epoch + fired)
            }
            for (const step of program) {
              switch (step.do) {
                case "sleep":
                  yield* sleep(step.millis)
                  now += step.millis
                  break
                case "reset":
                  ticker.reset(step.millis)
                  period = step.millis
                  due = now + period
                  break
                case "stop":
                  ticker.stop()
                  due = Infinity
                  break
                case "try":
                  expect(ticker.tryReceive()).toEqual(due <= now ? { ok: true, value: take() } : undefined)
                  break
                case "receive":
                  if (due === Infinity) break
                  now = Math.max(now, due)
                  expect(yield* ticker.receive()).toEqual(take())
              }
            }
          },
          { plugins: [virtualTime()], deadlock: "fail" },
        )
      }),
      { numRuns: schedules(300) },
    ))
})
