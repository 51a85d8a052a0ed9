/**
 * What takes a hundred thousand schedules, and is the same in a browser.
 *
 * @module-tag long
 */
import { expect, it } from "vitest"
import { go } from "../go.ts"
import { gosched } from "../gosched.ts"
import { explore, IncompleteExploration } from "./explore.ts"

it("takes no incomplete search for a proof, unless it was told how many schedules will do", async () => {
  const endless = function* () {
    const all = [0, 1, 2, 3].map(() =>
      go(function* () {
        for (let i = 0; i < 4; i++) yield* gosched()
      }),
    )
    for (const goroutine of all) yield* goroutine
  }
  expect(await explore.check({ schedules: 10 }, endless)).toMatchObject({ complete: false })
  await expect(explore.check({}, endless)).rejects.toThrow(IncompleteExploration)
})
