import { type Clock, go, gosched, Op, run, sleep } from "@weft/core"
import { virtualTime } from "@weft/core/testing"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { chan } from "./chan.ts"
import { select } from "./select.ts"
import { Ticker } from "./ticker.ts"
import { Timer } from "./timer.ts"

it("gives a firing to whoever is parked, not to a poll that comes later", () =>
  run(
    function* () {
      const ticker = new Ticker(50)
      const times: Array<number> = []
      const start = Date.UTC(2000, 0, 1)
      go(function* () {
        for (let i = 0; i < 3; i++) times.push((yield* ticker.receive())!.getTime() - start)
      })
      yield* sleep(49)
      // Due in the same instant as the alarm, and looked at before and after it rings.
      for (let i = 0; i < 4; i++) {
        const polled = ticker.tryReceive()
        if (polled !== undefined) times.push(-1)
        yield* sleep(0.5)
      }
      yield* sleep(200)
      expect(times).toEqual([50, 100, 150])
    },
    { plugins: [virtualTime()], deadlock: "fail" },
  ))

it("fires for who is left when another who waited is interrupted", () =>
  run(
    function* () {
      const timer = new Timer(10)
      const [leaving, staying] = [go(timer.receive()), go(timer.receive())]
      yield* sleep(5)
      leaving.interrupt()
      expect(yield* staying).toEqual(new Date(Date.UTC(2000, 0, 1) + 10))
    },
    { plugins: [virtualTime()], deadlock: "fail" },
  ))

/** Time that goes on while a goroutine runs, as it does on a host. */
class ManualClock implements Clock {
  time = 0

  now(): number {
    return this.time
  }
  wallNow(): number {
    return this.time
  }
  wakeAt(when: number, wake: () => void): void {
    if (when <= this.time) queueMicrotask(wake)
  }
  jump(): boolean {
    return false
  }
}

it("wakes nobody in the middle of a select's poll, though it is due: what a fiber then sends would be missed", async () => {
  const clock = new ManualClock()
  await run(
    function* () {
      const ch = chan<number>()
      const timer = new Timer(10)
      const fiber = go(Effect.flatMap(timer.receive(), () => ch.send(1)))
      const selecting = go(function* () {
        yield* gosched()
        clock.time = 10
        return yield* select.ordered({ value: ch.receive(), time: timer.receive() })
      })
      for (let i = 0; i < 9; i++) yield* Op.fromPromise(Promise.resolve())
      selecting.interrupt()
      fiber.interrupt()
      expect(yield* selecting).toEqual({ case: "value", value: 1 })
    },
    { plugins: [{ name: "manual clock", setup: (runtime) => runtime.setClock(clock) }], deadlock: "fail" },
  )
})
