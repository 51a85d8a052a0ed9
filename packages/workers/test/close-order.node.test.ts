import { chan } from "@weft/channels"
import { run } from "@weft/core"
import { spawn } from "@weft/workers"
import { expect, it } from "vitest"
import { closing } from "./support/closing-tasks.ts"

it("has a channel closed here when the task that closed it has ended", () =>
  run(function* () {
    for (let i = 0; i < 50; i++) {
      const numbers = chan<number>()
      yield* spawn(closing, numbers)
      expect(numbers.closed).toBe(true)
    }
  }))
