import { expect, it } from "vitest"
import { go } from "./go.ts"
import { gosched } from "./gosched.ts"
import { never } from "./never.ts"
import { run } from "./run.ts"

it("onLeak that throws fails the run, and what was left is cancelled all the same", async () => {
  let isCleanedUp = false
  const ended = run(
    function* () {
      go(function* () {
        try {
          yield* never
        } finally {
          isCleanedUp = true
        }
      })
      yield* gosched()
    },
    {
      onLeak: (report) => {
        throw new Error(`${report.goroutines.length} left`)
      },
    },
  )
  await expect(ended).rejects.toThrow("1 left")
  expect(isCleanedUp).toBe(true)
})
