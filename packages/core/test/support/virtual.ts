import { type Op, run, sleep, type Yieldable } from "@weft/core"
import { virtualTime } from "@weft/core/testing"

/** Runs a test's body in virtual time; a deadlock fails it at once. */
export function runVirtual<A, Y extends Yieldable>(body: () => Generator<Y, A, never>): Promise<A> {
  return run(body as () => Generator<never, A, never>, { plugins: [virtualTime()], deadlock: "fail" })
}

/**
 * In virtual time: returns once every other goroutine is parked, as the clock goes on only then.
 *
 * @see Go: synctest.Wait
 */
export const waitIdle = (): Op<void> => sleep(1)
