import { run } from "@weft/core"
import { spawn } from "@weft/workers"
import { describe, expect, it } from "vitest"
import { comesLater, failsByItself, needsNothing, usesRest, usesTable } from "./support/half-module.ts"
import { thrownBy } from "./support/thrown-by.ts"

describe("a task whose module fails in a thread", () => {
  it.each([
    ["is found, and fails with that as the cause", usesRest, "ReferenceError"],
    ["is found, and fails with that as the cause", usesTable, "TypeError"],
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

  it.each(["RangeError", "Refused"])(
    "has nothing to do with the %s that the task throws for reasons of its own",
    (name) =>
      run(function* () {
        const error = yield* thrownBy(spawn(failsByItself, name))
        expect(error).toMatchObject({ name, message: "its own" })
        expect(error).not.toHaveProperty("cause")
      }),
  )

  it("runs all the same where it needs nothing of the rest", () =>
    run(function* () {
      expect(yield* spawn(needsNothing)).toBe(1)
    }))
})
