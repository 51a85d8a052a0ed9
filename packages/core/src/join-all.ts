import { CallbackWaiter } from "./callback-waiter.ts"
import type { Goroutine } from "./goroutine.ts"
import { NotReady } from "./not-ready.ts"
import { Op } from "./op.ts"
import { InvalidBody } from "./panic.ts"
import type { Waiter } from "./waiter.ts"

type ResultsOf<G extends ReadonlyArray<Goroutine>> = {
  -readonly [I in keyof G]: G[I] extends Goroutine<infer A, infer _E> ? A : never
}
type ErrorsOf<G extends ReadonlyArray<Goroutine>> = G[number] extends Goroutine<infer _A, infer E> ? E : never

/**
 * Joins several goroutines at once: ready with all their results, in order, or failing with the first failure.
 *
 * All are joined from the commit on, so none of them panics meanwhile. Nothing is cancelled: see `scope` for that.
 *
 * Errors: `InvalidBody` for anything but an array of goroutines.
 *
 * @since 0.1.0
 */
export function joinAll<const G extends ReadonlyArray<Goroutine>>(goroutines: G): Op<ResultsOf<G>, ErrorsOf<G>> {
  const given = goroutines as { readonly every?: (f: (one: Partial<Goroutine> | null) => unknown) => boolean } | null
  if (given?.every?.((goroutine) => goroutine?.addJoiner) !== true)
    throw new InvalidBody("joinAll", given, "write `yield* joinAll([go(f), go(g)])`")
  return new JoinAll(goroutines) as unknown as Op<ResultsOf<G>, ErrorsOf<G>>
}

class JoinAll extends Op<ReadonlyArray<unknown>, unknown> {
  declare private readonly goroutines: ReadonlyArray<Goroutine>

  constructor(goroutines: ReadonlyArray<Goroutine>) {
    super()
    this.goroutines = goroutines
  }

  get name(): string {
    return "join"
  }
  override get detail(): string {
    return `${this.goroutines.length} goroutines`
  }
  override get on(): object {
    return this.goroutines
  }
  poll(): unknown {
    if (this.goroutines.some((goroutine) => goroutine.status !== "done")) return NotReady
    let failed: { readonly error: unknown } | undefined
    // Each is looked at, the failed ones too: whoever joins all has seen all their failures.
    const results = this.goroutines.map((goroutine) => {
      try {
        return goroutine.pollExit()
      } catch (error) {
        return void (failed ??= { error })
      }
    })
    if (failed !== undefined) throw failed.error
    return results
  }
  enqueue(waiter: Waiter): void {
    const results: Array<unknown> = []
    const joiners: Array<CallbackWaiter> = []
    let left = this.goroutines.length
    waiter.slot = joiners
    const settled = (settle: () => void) => {
      if (waiter.slot !== joiners) return
      waiter.slot = undefined
      settle()
    }
    for (const [i, goroutine] of this.goroutines.entries()) {
      const committed = (result: unknown) => {
        results[i] = result
        if (--left === 0) settled(() => waiter.commit(results))
      }
      // The others stay joined, so a later failure of theirs has been seen too.
      const joiner = new CallbackWaiter(waiter.processor, committed, (error) => settled(() => waiter.fail(error)))
      joiners.push(joiner)
      goroutine.addJoiner(joiner)
    }
  }
  dequeue(waiter: Waiter): void {
    const joiners = waiter.slot as Array<CallbackWaiter>
    waiter.slot = undefined
    for (const [i, joiner] of joiners.entries()) this.goroutines[i]!.removeJoiner(joiner)
  }
}
