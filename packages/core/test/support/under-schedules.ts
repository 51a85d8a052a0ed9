/**
 * Runs a test's body as the main goroutine: once on the real scheduler, then once for each of many seeds, in virtual time.
 *
 * Imported by the tests of all packages; never shipped.
 */
import { type Body, run, type RunOptions, type Yieldable } from "@weft/core"
import { seeded, virtualTime } from "@weft/core/testing"
import { it } from "vitest"

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
    for (let seed = 1; seed <= seeds; seed++)
      await runNamed(`under seed ${seed}`, start({ isReal: false, seed }), { plugins: [seeded(seed), virtualTime()] })
  })
}

async function runNamed(name: string, body: Body<void, never>, options: RunOptions): Promise<void> {
  try {
    await run(body, { ...options, deadlock: "fail" })
  } catch (error) {
    // The error itself, not one around it: vitest shows its difference and its place.
    const failed = error instanceof Error && error.name === "GoroutinePanic" ? error.cause : error
    if (failed instanceof Error) failed.message += ` (${name})`
    throw failed
  }
}
