/**
 * VectorClocks: which step of which goroutine happens before which.
 *
 * Goroutines that touch the same thing are ordered by it, in both directions: that may order more than the program relies on, never less, so
 * no race is reported that is none.
 *
 * @see Lamport (1978); Mattern, "Virtual Time and Global States" (1989); Go: the race detector
 */
import type { Goroutine } from "../goroutine.ts"

type Times = Map<Goroutine, number>

export class VectorClocks {
  readonly #ofGoroutine = new Map<Goroutine, Times>()
  readonly #ofThing = new Map<object, Times>()

  /** A goroutine's own time: it goes on whenever others may learn what it did. */
  timeOf(goroutine: Goroutine): number {
    return this.#times(goroutine).get(goroutine)!
  }

  /** Whether what `earlier` did at `time` happens before what `goroutine` does now. */
  isBefore(earlier: Goroutine, time: number, goroutine: Goroutine): boolean {
    return (this.#times(goroutine).get(earlier) ?? -1) >= time
  }

  /** The goroutine touches a thing that orders it with others; undefined: one that is not known, so all that was done may be before. */
  touch(goroutine: Goroutine, thing: object | undefined): void {
    const ofGoroutine = this.#times(goroutine)
    if (thing === undefined) {
      for (const times of this.#ofGoroutine.values()) join(ofGoroutine, times)
      // Others that do so after it are ordered in turn; nobody else is.
      for (const other of this.#ofGoroutine.keys()) if (other !== goroutine) this.#tick(other)
      return
    }
    let ofThing = this.#ofThing.get(thing)
    if (ofThing === undefined) this.#ofThing.set(thing, (ofThing = new Map<Goroutine, number>()))
    join(ofGoroutine, ofThing)
    join(ofThing, ofGoroutine)
    this.#tick(goroutine)
  }

  /** What `from` did happens before what `to` does next. */
  order(from: Goroutine, to: Goroutine): void {
    join(this.#times(to), this.#times(from))
    this.#tick(from)
  }

  /** What it does from now on is not before what it has just released to others. */
  #tick(goroutine: Goroutine): void {
    const times = this.#times(goroutine)
    times.set(goroutine, times.get(goroutine)! + 1)
  }

  #times(goroutine: Goroutine): Times {
    let times = this.#ofGoroutine.get(goroutine)
    if (times === undefined) this.#ofGoroutine.set(goroutine, (times = new Map([[goroutine, 0]])))
    return times
  }
}

function join(into: Times, from: Times): void {
  for (const [goroutine, time] of from) if ((into.get(goroutine) ?? -1) < time) into.set(goroutine, time)
}
