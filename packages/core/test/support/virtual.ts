import { type Body, type Op, run, sleep } from "@weft/core"
import { virtualTime } from "@weft/core/testing"

/** Runs a test's body in virtual time; a deadlock fails it at once. */
export const runVirtual = <A>(body: Body<A, never>): Promise<A> =>
  run(body, { plugins: [virtualTime()], deadlock: "fail" })

/**
 * In virtual time: returns once every other goroutine is parked, as the clock goes on only then.
 *
 * @see Go: synctest.Wait
 */
export const waitIdle = (): Op<void> => sleep(1)
