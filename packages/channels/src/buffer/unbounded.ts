import { Buffered } from "../flavors/buffered.ts"

/** Grows as needed: a send never waits, so nothing holds a fast sender back. */
export class Unbounded<T> extends Buffered<T> {
  protected override get kind(): string {
    return "unbounded"
  }

  constructor() {
    super(Infinity)
  }
}
