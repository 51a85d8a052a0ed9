import { leakReport } from "../deadlock.ts"
import type { GoroutineSnapshot } from "../snapshot.ts"

/**
 * Main has returned, and goroutines wait for what nobody does any more. Time stands still by then: one that sleeps is left behind too.
 *
 * @see Go: synctest, "main bubble goroutine has exited but blocked goroutines remain"
 * @since 0.1.0
 */
export class LeakedGoroutines extends Error {
  override readonly name = "LeakedGoroutines"
  declare readonly goroutines: ReadonlyArray<GoroutineSnapshot>

  constructor(goroutines: ReadonlyArray<GoroutineSnapshot>) {
    super(leakReport(goroutines).message)
    Object.defineProperty(this, "goroutines", { value: goroutines })
    this.stack = `${this.name}: ${this.message}`
  }
}
