import type { Yieldable } from "@weft/core"
import { explore, type ExploreOptions } from "@weft/core/testing"

/** A main goroutine. */
export type Program<A = unknown> = () => Generator<Yieldable, A, never>

/**
 * Runs `program` in every schedule, but for those that differ only in what its goroutines can't tell, and collects what it answers: each
 * answer once, in order. Fails as `explore.check` does.
 */
export async function everySchedule(
  program: Program<string | void>,
  options: ExploreOptions = { shares: "ops" },
): Promise<{ readonly answers: ReadonlyArray<string>; readonly schedules: number }> {
  const answers = new Set<string>()
  const { schedules } = await explore.check(options, function* (): Generator<Yieldable, void, never> {
    const answer = yield* program()
    if (typeof answer === "string") answers.add(answer)
  })
  return { answers: [...answers].sort(), schedules }
}
