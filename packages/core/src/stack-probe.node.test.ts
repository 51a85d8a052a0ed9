import { describe, expect, it } from "vitest"
import { go } from "./go.ts"
import { gosched } from "./gosched.ts"
import { never } from "./never.ts"
import { goroutines } from "./current-run.ts"
import { run } from "./run-main.ts"

describe("StackProbe", () => {
  it("gives the goroutine's own frames, none of whoever asks", async () => {
    function* inner() {
      yield* never
    }
    function* outer() {
      yield* inner()
    }
    function askFromHere() {
      return goroutines().find(({ name }) => name === "outer")!.waitsAt
    }
    const frames = await run(function* () {
      go(outer)
      yield* gosched()
      return askFromHere()
    })
    expect(frames.map((frame) => frame.split(" ")[0])).toEqual(["inner", "outer"])
  })
})
