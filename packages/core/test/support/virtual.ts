import { run, type Yieldable } from "@weft/core"
import { virtualTime } from "@weft/core/testing"

export { waitIdle } from "@weft/core/testing"

/** Runs a test's body in virtual time; a deadlock fails it at once. */
export function runVirtual<A, Y extends Yieldable>(body: () => Generator<Y, A, never>): Promise<A> {
  return run(body as () => Generator<never, A, never>, { plugins: [virtualTime()], deadlock: "fail" })
}
