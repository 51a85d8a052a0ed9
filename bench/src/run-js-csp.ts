/** Runs a js-csp process from async code: resolves with what it returns. */
import csp, { type Instruction } from "js-csp"

export function runJsCsp<A>(body: () => Generator<Instruction, A, never>): Promise<A> {
  return new Promise((resolve) => {
    csp.takeAsync(csp.go(body), resolve)
  })
}
