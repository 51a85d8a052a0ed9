import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import { DeadlockError } from "./deadlock.ts"
import { never } from "./never.ts"
import { run } from "./run-main.ts"

describe("DeadlockError", () => {
  it("prints as its message, without the goroutines once more", async () => {
    const error = await run(
      function* () {
        yield* never
      },
      { deadlock: "fail" },
    ).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(DeadlockError)
    expect((error as DeadlockError).goroutines).toHaveLength(1)
    expect(inspect(error).match(/goroutine/g)).toHaveLength(
      inspect((error as Error).message).match(/goroutine/g)!.length,
    )
  })
})
