import type { Yieldable } from "@weft/core"
import { explore, type ExploreOptions } from "@weft/core/testing"

/**
 * Runs `program` in every schedule, but for those that differ only in what its goroutines can't tell, and collects what it answers: each
 * answer once, in order. Fails as `explore.check` does.
 */
export async function everySchedule<Y extends Yieldable>(
  program: () => Generator<Y, string | void, never>,
  options: ExploreOptions = { shares: "ops" },
): Promise<{ readonly answers: ReadonlyArray<string>; readonly schedules: number }> {
  const answers = new Set<string>()
  const { schedules } = await explore.check(options, function* (): Generator<Y, void, never> {
    const answer = yield* program()
    if (typeof answer === "string") answers.add(answer)
  })
  return { answers: [...answers].sort(), schedules }
}
