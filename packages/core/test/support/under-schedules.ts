/**
 * Runs a test's body as the main goroutine: once on the real scheduler, then in virtual time under each of many seeds, and in many schedules
 * of an exploration by chance, where also whether a ready op is completed at once, and when a promise is told, is left to chance.
 *
 * Imported by the tests of all packages; never shipped.
 */
import { type Body, run, type RunOptions, type Yieldable } from "@weft/core"
import { explore, seeded, virtualTime } from "@weft/core/testing"
import { it } from "vitest"
import { baseSeed, schedules, seedsFor } from "./soak.ts"

/** What a body may ask about the schedule it runs under: big work belongs on the real scheduler only. */
export interface Schedule {
  readonly isReal: boolean
  /** For random choices of the body's own. */
  readonly seed: number
}

export interface UnderSchedulesOptions {
  readonly seeds?: number
  /** "virtual" where the body waits for time: on the real scheduler too, it then passes in jumps. */
  readonly time?: "host" | "virtual"
}

export function underSchedules<Y extends Yieldable>(
  title: string,
  body: (schedule: Schedule) => Generator<Y, void, never>,
  options: UnderSchedulesOptions = {},
): void {
  it(title, async () => {
    const { seeds = 50, time = "host" } = options
    const start = (schedule: Schedule): Body<void, never> => {
      return () => body(schedule) as Generator<never, void, never>
    }
    const plugins = time === "virtual" ? [virtualTime()] : []
    await runNamed("on the real scheduler", start({ isReal: true, seed: 0 }), { plugins })
    for (const seed of seedsFor(seeds))
      await runNamed(`under seed ${seed + 1}`, start({ isReal: false, seed: seed + 1 }), {
        plugins: [seeded(seed + 1), virtualTime()],
      })
    await exploreNamed(start({ isReal: false, seed: baseSeed() }), seeds)
  })
}

async function runNamed(name: string, body: Body<void, never>, options: RunOptions): Promise<void> {
  try {
    await run(body, { ...options, deadlock: "fail" })
  } catch (error) {
    throw named(error, name)
  }
}

async function exploreNamed(body: Body<void, never>, count: number): Promise<void> {
  const search = { strategy: "random", schedules: schedules(count), seed: baseSeed() } as const
  const { failure } = await explore({ ...search, leaks: "cancel", steps: 1_000_000 }, body)
  if (failure !== undefined) throw named(failure.error, `explored, replay: ${JSON.stringify(failure.seed)}`)
}

/** The error itself, not one around it: vitest shows its difference and its place. */
function named(error: unknown, name: string): unknown {
  const failed = error instanceof Error && error.name === "GoroutinePanic" ? error.cause : error
  if (failed instanceof Error) failed.message += ` (${name})`
  return failed
}
