/** @module-tag long */
import { gosched } from "@weft/core"
import { explore } from "@weft/core/testing"
import { WaitGroup } from "@weft/sync"
import { describe, expect, it } from "vitest"
import { expectNothingLeft } from "../../../core/test/support/left-over.ts"
import { byChance } from "../../../core/test/support/soak.ts"

describe("a pipeline of groups, in many schedules", () => {
  it.each(byChance(5_000))("releases each stage after the one before ($strategy)", async (options) => {
    await explore.check(options, function* () {
      const stages = [0, 1, 2].map(() => new WaitGroup())
      const finished: Array<number> = []
      for (const [i, stage] of stages.entries()) {
        const before = stages[i - 1]
        for (let k = 0; k < 2; k++)
          stage.go(function* () {
            if (before !== undefined) yield* before.wait()
            yield* gosched()
            finished.push(i)
          })
      }
      yield* stages[2]!.wait()
      expect(finished).toEqual([0, 0, 1, 1, 2, 2])
      expectNothingLeft()
    })
  })
})
