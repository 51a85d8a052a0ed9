import { run } from "@weft/core"
import { spawn } from "@weft/workers"
import { describe, expect, it } from "vitest"
import { comesLater, needsNothing, usesRest } from "./support/half-module.ts"
import { thrownBy } from "./support/thrown-by.ts"

describe("a task whose module fails in a thread", () => {
  it.each([
    ["is found, and fails with that as the cause", usesRest, "ReferenceError"],
    ["is not found, with that as the cause", comesLater, "TaskNotFound"],
  ])("%s", (_law, task, name) =>
    run(function* () {
      const error = (yield* thrownBy(spawn(task))) as { readonly cause: Error }
      expect(error).toMatchObject({
        name,
        cause: {
          message: expect.stringMatching(/importing .*half-module\.ts failed in this thread/) as string,
          cause: { name: "RangeError", message: "no such file" },
        },
      })
      expect((error.cause.cause as Error).stack).toMatch(/half-module\.ts:\d+/)
    }),
  )

  it("runs all the same where it needs nothing of the rest", () =>
    run(function* () {
      expect(yield* spawn(needsNothing)).toBe(1)
    }))
})
