import { describe, expect, it } from "vitest"
import { go } from "../go.ts"
import { run } from "../run-main.ts"
import { sleep } from "../sleep.ts"
import { virtualTime } from "./virtual-clock.ts"

describe("virtualTime", () => {
  it("goes on to the next timer also where a slice ends just then", () =>
    run(
      function* () {
        // Far longer than a slice, and more steps than there are between two looks at the clock.
        let beats = 0
        const heart = go(function* () {
          for (; beats < 1000; beats++) yield* sleep(20)
        })
        for (let i = 0; i < 1000; i++) yield* sleep(7)
        yield* heart
        expect(beats).toBe(1000)
      },
      { plugins: [virtualTime()] },
    ))
})
