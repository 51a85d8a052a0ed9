import { go, run, type Yieldable } from "@weft/core"
import { seeded, virtualTime } from "@weft/core/testing"
import { chan } from "../../src/chan.ts"
import type { Receiver } from "../../src/receiver.ts"

/** 0 to n - 1 over an unbuffered channel; `taken` counts how many were received. */
export function numbers(n: number): { readonly from: Receiver<number>; readonly taken: () => number } {
  const from = chan<number>()
  let taken = 0
  go(function* () {
    for (let i = 0; i < n; i++) {
      yield* from.send(i)
      taken++
    }
    from.close()
  })
  return { from, taken: () => taken }
}

export const upTo = (n: number): Array<number> => Array.from({ length: n }, (_, i) => i)

export const ascending = (values: ReadonlyArray<number>): Array<number> => values.toSorted((a, b) => a - b)

/** Runs a test's body under 50 schedules, in virtual time; a deadlock fails it at once. */
export async function underSeeds<Y extends Yieldable>(body: () => Generator<Y, unknown, never>): Promise<void> {
  for (let seed = 0; seed < 50; seed++)
    await run(body as () => Generator<never, unknown, never>, {
      plugins: [seeded(seed), virtualTime()],
      deadlock: "fail",
    })
}
