/** Go's runtime/proc_test, as far as timers go: on the host's own clock, without a bound on how long it takes. That they end is the proof. */
import { after, chan, select, trySelect } from "@weft/channels"
import { go, joinAll, run } from "@weft/core"
import { describe, expect, it } from "vitest"

describe("runtime/proc_test", () => {
  it("TimerFairness: a timer fires although two goroutines send for ever and its select always has a value", () =>
    run(
      function* () {
        const [values, done] = [chan<number>(), chan<void>()]
        const senders = [1, 2].map((value) =>
          go(function* () {
            for (;;) {
              const hit = yield* select({ sent: values.send(value), done: done.receive() })
              if (hit.case === "done") return value
            }
          }),
        )
        // Only once both are at it: a host that stands still for 20 ms may let no value through between here and the timer.
        while (new Set([yield* values.receive(), yield* values.receive()]).size < 2);
        const timer = after(20)
        for (;;) {
          const hit = yield* select({ value: values.receive(), timer: timer.receive() })
          if (hit.case === "timer") break
        }
        done.close()
        expect(yield* joinAll(senders)).toEqual([1, 2])
      },
      { deadlock: "fail", onLeak: ({ message }) => expect.unreachable(message) },
    ))

  it("TimerFairness2: the timers of two that never stop polling both fire", () =>
    run(
      function* () {
        const values = chan<number>(1)
        const polling = [1, 2].map((value) =>
          go(function* () {
            const timer = after(20)
            for (;;) {
              const hit = trySelect({ timer: timer.receive(), sent: values.send(value), received: values.receive() })
              if (hit?.case === "timer") return value
              // Ready nearly always: it gives way only where the budget makes it.
              yield* select({ sent: values.send(value), received: values.receive() })
            }
          }),
        )
        expect(yield* joinAll(polling)).toEqual([1, 2])
      },
      { deadlock: "fail" },
    ))
})
