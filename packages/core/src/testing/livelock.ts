import { formatGoroutines, type GoroutineSnapshot } from "../snapshot.ts"

/**
 * A schedule took more steps than its bound: goroutines run, but the program does not come to an end.
 *
 * @since 0.1.0
 */
export class Livelock extends Error {
  override readonly name = "Livelock"
  declare readonly steps: number

  constructor(steps: number, goroutines: ReadonlyArray<GoroutineSnapshot>) {
    super(
      [
        `livelock: not ended after ${steps} steps`,
        formatGoroutines(goroutines),
        "What to do:\n" +
          "  - wait by an op instead of asking again and again: virtual time stands still while a goroutine can run\n" +
          "  - if the program does need more, raise the bound: { steps: 100_000 }",
      ].join("\n\n"),
    )
    this.steps = steps
    this.stack = `${this.name}: ${this.message}`
  }
}
