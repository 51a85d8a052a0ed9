import { chan, type Sender } from "@weft/channels"
import { run } from "@weft/core"
import { spawn } from "@weft/workers"
import { expect, it } from "vitest"
import { closing } from "./support/closing-tasks.ts"

it("has a channel closed here when the task that closed it has ended", () =>
  run(function* () {
    for (let i = 0; i < 50; i++) {
      const numbers = chan<number>()
      const out: Sender<number> = numbers
      yield* spawn(closing, out)
      expect(numbers.closed).toBe(true)
    }
  }))
