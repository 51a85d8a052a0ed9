/** Go's runtime/proc_test, as far as timers go: on the host's own clock, without a bound on how long it takes. */
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
              if (hit.case === "done") return
            }
          }),
        )
        const timer = after(20)
        let received = 0
        for (;;) {
          const hit = yield* select({ value: values.receive(), timer: timer.receive() })
          if (hit.case === "timer") break
          received++
        }
        done.close()
        yield* joinAll(senders)
        expect(received).toBeGreaterThan(0)
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
            for (let polls = 0; ; polls++) {
              const hit = trySelect({ timer: timer.receive(), sent: values.send(value), received: values.receive() })
              if (hit?.case === "timer") return polls
              // Ready nearly always: it gives way only where the budget makes it.
              yield* select({ sent: values.send(value), received: values.receive() })
            }
          }),
        )
        for (const polls of yield* joinAll(polling)) expect(polls).toBeGreaterThan(0)
      },
      { deadlock: "fail" },
    ))
})
