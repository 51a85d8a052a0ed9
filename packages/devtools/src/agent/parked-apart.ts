/**
 * ParkedApart: the parked goroutines of a run, all but main, let go of: until they are put back nothing holds one of them but what can wake it, so that the
 * garbage collector tells who could never have been woken.
 *
 * The run goes on meanwhile: it tells of those that end, and has them put back when it ends itself.
 */
import type { Goroutine } from "@weft/core"

type Run = Goroutine["run"]

export class ParkedApart {
  /** How many were let go of. */
  readonly size: number
  readonly #run: Run
  readonly #left = new Map<number, WeakRef<Goroutine>>()

  /** Throws if somebody else has taken the run apart. */
  constructor(run: Run) {
    if (run.apart !== null) throw new Error("weft: somebody else looks for leaks in this program now; try again")
    this.#run = run
    for (const goroutine of run.goroutines()) {
      if (!goroutine.isParked || goroutine === run.main) continue
      this.#left.set(goroutine.id, new WeakRef(goroutine))
      run.unlink(goroutine)
    }
    this.size = this.#left.size
    run.apart = this
  }

  delete(id: number): boolean {
    return this.#left.delete(id)
  }

  /** Answers the numbers of those that are gone. */
  putBack(): ReadonlyArray<number> {
    const run = this.#run
    if (run.apart !== this) return []
    run.apart = null
    const gone: Array<number> = []
    const all = run.goroutines()
    for (const [id, reference] of this.#left) {
      const goroutine = reference.deref()
      if (goroutine === undefined) gone.push(id)
      else all.push(goroutine)
    }
    run.newest = null
    for (const goroutine of all.sort((a, b) => a.id - b.id)) run.link(goroutine)
    if (gone.length > 0) run.fewer(gone.length)
    return gone
  }
}
