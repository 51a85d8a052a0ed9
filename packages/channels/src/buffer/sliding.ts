import { Buffered } from "../flavors/buffered.ts"

/** Keeps the newest values: a send into a full buffer throws the oldest away. */
export class Sliding<T> extends Buffered<T> {
  protected override get kind(): string {
    return `sliding ${this.capacity}`
  }

  protected override full(value: T): undefined {
    this.ring.shift()
    this.ring.push(value)
  }
}
