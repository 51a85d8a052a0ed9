/**
 * Search: looks for an order in which a sequential object could have done what a concurrent history says.
 *
 * The algorithm is Wing and Gong's with Lowe's two improvements. Just in time: operations take effect only at a return, when the one that
 * returns has to have. At the return of x it may do so itself, or after others that are open at that moment, in any order; whatever can
 * wait waits. Every order can be put off like that without changing it, so nothing is missed. Memory: what can follow depends only on the
 * state, on how many returns are passed and on which open operations have taken effect early; no such configuration is entered twice.
 *
 * Pending operations are open to the end. They take effect only where that helps, the earliest of equal ones first, and never where the
 * state would stay the same: without these two a few cancelled receives would double the work each.
 *
 * Invariants:
 *   1. `early` holds the ids of operations that took effect and have not returned in the part passed, in ascending order.
 *   2. A configuration passes a return only at rest, so operations that happen together were all open at one moment.
 *
 * @see Wing and Gong 1993, Testing and Verifying Concurrent Objects
 * @see Lowe 2017, Testing for linearizability
 */
import type { Keys } from "./keys.ts"
import { type Model, type Outcome, outcomesOf } from "./model.ts"
import type { Operation } from "./operation.ts"

/** An operation as the search sees it. */
export interface Entry<Call, Result> {
  readonly id: number
  readonly operation: Operation<Call, Result>
  readonly called: number
  /** Infinity if it is pending, or returns only after the part of the history that is looked at. */
  readonly returned: number
  /** The key of its result; undefined where any will do. */
  readonly result: string | undefined
}

/** Where a search has come to. */
export interface Configuration<State, Call, Result> {
  readonly state: State
  readonly key: string
  /** How many returns are passed. */
  readonly returns: number
  readonly early: ReadonlyArray<number>
  readonly effects: Effect<Call, Result> | undefined
}

/** A chain of what took effect, the last first. */
export interface Effect<Call, Result> {
  readonly entry: Entry<Call, Result>
  /** A time at which the operation was under way. Along a chain it never decreases. */
  readonly at: number
  readonly before: Effect<Call, Result> | undefined
}

/** How much a search may do: shared by several, so that together they come to an end. */
export interface Effort {
  left: number
}

export class Search<State, Call, Result> {
  /** The most returns that any order passed. */
  reached = 0
  /** Every configuration that has just passed so many returns, if asked for. */
  readonly levels: Array<Map<string, Configuration<State, Call, Result>>> = []
  /** In order of time. */
  readonly returns: ReadonlyArray<Entry<Call, Result>>
  readonly #open: ReadonlyArray<ReadonlyArray<Entry<Call, Result>>>
  readonly #twins: ReadonlyMap<number, number>
  readonly #model: Model<State, Call, Result>
  readonly #keys: Keys
  readonly #effort: Effort

  constructor(
    model: Model<State, Call, Result>,
    keys: Keys,
    entries: ReadonlyArray<Entry<Call, Result>>,
    effort: Effort = { left: Infinity },
  ) {
    this.#model = model
    this.#keys = keys
    this.#effort = effort
    this.returns = entries.filter(({ returned }) => returned < Infinity).sort((a, b) => a.returned - b.returned)
    this.#open = openAt(this.returns, entries)
    this.#twins = twinsOf(entries, keys)
  }

  /** Whether the effort was enough; only then "none found" means that there is none. */
  get isComplete(): boolean {
    return this.#effort.left > 0
  }

  start(state: State, early: ReadonlyArray<number> = []): Configuration<State, Call, Result> {
    return { state, key: this.#stateKey(state), returns: 0, early, effects: undefined }
  }

  /** The first configuration in which all that returned has taken effect. */
  first(starts: ReadonlyArray<Configuration<State, Call, Result>>): Configuration<State, Call, Result> | undefined {
    for (const last of this.all(starts)) return last
    return undefined
  }

  /** All such configurations, each once, depth first. */
  *all(
    starts: ReadonlyArray<Configuration<State, Call, Result>>,
    keepLevels = false,
  ): Generator<Configuration<State, Call, Result>, void, undefined> {
    const seen = new Set<string>()
    // Not recursive: a history may be deeper than the stack.
    const stack: Array<Iterator<Configuration<State, Call, Result>>> = [starts.values()]
    for (;;) {
      const top = stack.at(-1)
      if (top === undefined) return
      const next = top.next()
      if (next.done === true) {
        stack.pop()
        continue
      }
      const configuration = next.value
      const key = this.keyOf(configuration)
      const passed = configuration.returns
      if (keepLevels && this.#hasJustPassed(configuration)) (this.levels[passed] ??= new Map()).set(key, configuration)
      if (seen.has(key)) continue
      seen.add(key)
      if (--this.#effort.left <= 0) return
      if (passed > this.reached) this.reached = passed
      if (passed === this.returns.length) yield configuration
      else stack.push(this.#successors(configuration))
    }
  }

  /** All that some of the operations lead to without passing a return. */
  *closure(
    from: Configuration<State, Call, Result>,
    entries: ReadonlyArray<Entry<Call, Result>>,
  ): Generator<Configuration<State, Call, Result>, void, undefined> {
    const seen = new Set<string>()
    const left = [from]
    for (let next = left.pop(); next !== undefined && --this.#effort.left > 0; next = left.pop()) {
      const key = this.keyOf(next)
      if (seen.has(key)) continue
      seen.add(key)
      yield next
      left.push(...this.#effects(next, entries, -Infinity))
    }
  }

  keyOf({ early, key, returns }: Configuration<State, Call, Result>): string {
    return `${returns};${early.join()};${key}`
  }

  /** Nothing has taken effect since the last return that it passed. */
  #hasJustPassed({ effects, returns }: Configuration<State, Call, Result>): boolean {
    return effects === undefined || (returns > 0 && effects.at <= this.returns[returns - 1]!.returned)
  }

  *#successors(
    from: Configuration<State, Call, Result>,
  ): Generator<Configuration<State, Call, Result>, void, undefined> {
    const { early, returns, state } = from
    const returning = this.returns[returns]!
    if (early.includes(returning.id) && (this.#model.atRest?.(state) ?? true)) {
      yield { ...from, returns: returns + 1, early: early.filter((id) => id !== returning.id) }
      return
    }
    yield* this.#effects(from, this.#open[returns]!, returning.returned)
  }

  /** What comes of letting one more of the operations take effect. */
  *#effects(
    { early, effects, key: before, returns, state }: Configuration<State, Call, Result>,
    entries: ReadonlyArray<Entry<Call, Result>>,
    at: number,
  ): Generator<Configuration<State, Call, Result>, void, undefined> {
    for (const entry of entries) {
      if (early.includes(entry.id)) continue
      const twin = this.#twins.get(entry.id)
      if (twin !== undefined && !early.includes(twin)) continue
      for (const outcome of this.#outcomes(state, entry)) {
        if (entry.result !== undefined && this.#keys.of(outcome.result) !== entry.result) continue
        const key = this.#stateKey(outcome.state)
        if (entry.returned === Infinity && key === before) continue
        yield {
          state: outcome.state,
          key,
          returns,
          early: [...early, entry.id].sort((a, b) => a - b),
          effects: { entry, at, before: effects },
        }
      }
    }
  }

  #outcomes(state: State, { operation, result }: Entry<Call, Result>): ReadonlyArray<Outcome<State, Result>> {
    const returned = result === undefined ? undefined : { result: operation.result as Result }
    return outcomesOf(this.#model, state, operation.call, returned)
  }

  #stateKey(state: State): string {
    return this.#model.key?.(state) ?? this.#keys.of(state)
  }
}

/** For each return what is open then: what returns first, so that the first order tried is that of the returns. */
function openAt<Call, Result>(
  returns: ReadonlyArray<Entry<Call, Result>>,
  entries: ReadonlyArray<Entry<Call, Result>>,
): ReadonlyArray<ReadonlyArray<Entry<Call, Result>>> {
  const waiting = entries.toSorted((a, b) => b.called - a.called)
  const open: Array<Entry<Call, Result>> = []
  return returns.map((returning) => {
    while (waiting.length > 0 && waiting.at(-1)!.called <= returning.returned) {
      const entry = waiting.pop()!
      const at = open.findLastIndex(({ returned }) => returned <= entry.returned)
      open.splice(at + 1, 0, entry)
    }
    const now = [returning, ...open.filter((entry) => entry !== returning)]
    open.splice(open.indexOf(returning), 1)
    return now
  })
}

/** For each pending operation the one called before it that asks the same. */
function twinsOf<Call, Result>(entries: ReadonlyArray<Entry<Call, Result>>, keys: Keys): ReadonlyMap<number, number> {
  const twins = new Map<number, number>()
  const last = new Map<string, number>()
  const pending = entries.filter(({ returned }) => returned === Infinity).sort((a, b) => a.called - b.called)
  for (const { id, operation } of pending) {
    const key = keys.of(operation.call)
    const twin = last.get(key)
    if (twin !== undefined) twins.set(id, twin)
    last.set(key, id)
  }
  return twins
}
