import { Buffered } from "../flavors/buffered.ts"

/** Keeps the oldest values: a send into a full buffer is thrown away. */
export class Dropping<T> extends Buffered<T> {
  protected override get kind(): string {
    return `dropping ${this.capacity}`
  }

  protected override full(): undefined {
    return undefined
  }
}
