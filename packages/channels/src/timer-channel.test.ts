import { go, run, sleep } from "@weft/core"
import { virtualTime } from "@weft/core/testing"
import { expect, it } from "vitest"
import { Ticker } from "./ticker.ts"

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
