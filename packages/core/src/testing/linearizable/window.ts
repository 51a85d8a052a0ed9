/**
 * Window: the smallest part of a history that says why no order explains it.
 *
 * 1. The culprit: the first return at which the history so far can't be explained; what has not returned by then may still return anything.
 * 2. The cause: the latest operation without which it could. The window begins at its call, or, where there is no such one, at the
 *    culprit's. What had returned before is folded into the states in which it may have left the object: all of them fail.
 *    An operation that has taken effect by then in all of these states is folded in as well; where only in some, they say so.
 * 3. Of the rest whatever changes nothing is left out: the window without the culprit's return, and that without the cause, must still have
 *    an order, and the culprit must be allowed the same results as before. So no operation goes without which another can't be understood, as the
 *    send of a value that is received.
 *
 * Invariant: the window has no order from any of its starts. Steps 2 and 3 are a matter of degree, and stop when their effort is spent.
 * Rejected: to begin where all states agree on what has taken effect. Where operations overlap all the time, that is the beginning.
 */
import type { Keys } from "./keys.ts"
import { type Model, outcomesOf, type Returned } from "./model.ts"
import type { Operation, Thrown } from "./operation.ts"
import { type Effort, type Entry, Search } from "./search.ts"

/**
 * The smallest part of a history that no order explains.
 *
 * @since 0.1.0
 */
export interface Window<State, Call, Result> {
  /** In order of their calls. One that returned after the culprit counts as pending. */
  readonly operations: ReadonlyArray<Operation<Call, Result>>
  /** The first one to return what can't be explained. */
  readonly culprit: Operation<Call, Result>
  /** The latest one without which it could be, if there is one. */
  readonly cause: Operation<Call, Result> | undefined
  /** What the object may be like before them. */
  readonly starts: ReadonlyArray<Start<State, Call, Result>>
  /** What the culprit could have returned instead: nothing if it should have waited. Undefined if finding out takes too long. */
  readonly allowed: ReadonlyArray<Result | Thrown> | undefined
}

/**
 * A state in which a window may begin.
 *
 * @since 0.1.0
 */
export interface Start<State, Call, Result> {
  readonly state: State
  /** Those of the window's operations that have already taken effect. */
  readonly done: ReadonlyArray<Operation<Call, Result>>
}

/** Configurations that finding the states at every return may look at, and then each further step: less than a second for all. */
const effortOfLevels = 100_000
const effortOfStep = 20_000

/** A window as the search sees it. */
interface Cut<State, Call, Result> {
  readonly entries: ReadonlyArray<Entry<Call, Result>>
  readonly starts: ReadonlyArray<{ readonly state: State; readonly early: ReadonlyArray<number> }>
}

/** A history up to the return of its culprit. */
interface Prefix<Call, Result> {
  readonly entries: ReadonlyArray<Entry<Call, Result>>
  readonly culprit: Entry<Call, Result>
}

/** `reached`: how many returns a search through the whole history passed; there is no order for it. */
export function smallestWindow<State, Call, Result>(
  model: Model<State, Call, Result>,
  keys: Keys,
  entries: ReadonlyArray<Entry<Call, Result>>,
  reached: number,
): Window<State, Call, Result> {
  return new Shrink(model, keys, entries).window(reached)
}

class Shrink<State, Call, Result> {
  readonly #model: Model<State, Call, Result>
  readonly #keys: Keys
  readonly #entries: ReadonlyArray<Entry<Call, Result>>
  readonly #effort: Effort = { left: effortOfLevels }

  constructor(model: Model<State, Call, Result>, keys: Keys, entries: ReadonlyArray<Entry<Call, Result>>) {
    this.#model = model
    this.#keys = keys
    this.#entries = entries
  }

  window(reached: number): Window<State, Call, Result> {
    const prefix = this.#firstBadPrefix(reached)
    const { culprit } = prefix
    const cutBefore = this.#cuts(prefix)
    const cause = this.#causeOf(prefix, cutBefore)
    this.#effort.left = effortOfStep
    const cut = this.#fewest(cutBefore(Math.min(cause?.called ?? Infinity, culprit.called)))
    const { entries, starts } = cause === undefined ? cut : this.#withoutTheRest(cut, culprit, cause)
    this.#effort.left = effortOfStep
    const allowed = this.#allowed(cut, culprit)
    return {
      operations: entries.toSorted((a, b) => a.called - b.called).map(asSeen),
      culprit: culprit.operation,
      cause: cause?.operation,
      starts: starts.map(({ early, state }) => ({
        state,
        done: entries.filter(({ id }) => early.includes(id)).map(asSeen),
      })),
      allowed: this.#effort.left > 0 ? [...allowed.values()] : undefined,
    }
  }

  /** The part of a prefix from some time on, with whatever the object may be like by then. */
  #cuts({ entries }: Prefix<Call, Result>): (time: number) => Cut<State, Call, Result> {
    const search = this.#search(entries)
    // Drained: it is over when every configuration is in its level.
    for (const _ of search.all([search.start(this.#model.initial())], true));
    // Levels are whole only if the search was.
    const levels = search.isComplete ? search.levels : []
    return (time) => {
      const level = levels[search.returns.filter(({ returned }) => returned < time).length]
      if (level === undefined) return { entries, starts: [{ state: this.#model.initial(), early: [] }] }
      const starts = [...level.values()]
      const left = entries.filter(
        ({ id, returned }) => returned >= time && !starts.every(({ early }) => early.includes(id)),
      )
      return restrict({ entries: left, starts })
    }
  }

  /** The cut without starts that others lead to by what is open there: they add nothing but words. */
  #fewest({ entries, starts }: Cut<State, Call, Result>): Cut<State, Call, Result> {
    const covered = new Set<string>()
    const search = this.#search(entries)
    const kept = starts
      .toSorted((a, b) => a.early.length - b.early.length)
      .filter(({ early, state }) => {
        const start = search.start(state, early)
        if (covered.has(search.keyOf(start))) return false
        const open = entries.filter(({ id }) => starts.some((other) => other.early.includes(id)))
        for (const reached of search.closure(start, open)) covered.add(search.keyOf(reached))
        return true
      })
    return { entries, starts: kept }
  }

  /** Up to and with the first return that can't be explained. By bisection: what has no order gets none by going on. */
  #firstBadPrefix(reached: number): Prefix<Call, Result> {
    const { returns } = this.#search(this.#entries)
    let [low, high] = [reached, returns.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      const search = new Search(this.#model, this.#keys, this.#until(returns, middle).entries)
      if (search.first([search.start(this.#model.initial())]) === undefined) high = middle
      else low = middle + 1
    }
    return this.#until(returns, low)
  }

  #until(returns: ReadonlyArray<Entry<Call, Result>>, last: number): Prefix<Call, Result> {
    const culprit = returns[last]!
    const later = new Set(returns.slice(last + 1))
    const begun = this.#entries.filter(({ called }) => called <= culprit.returned)
    return { culprit, entries: begun.map((entry) => (later.has(entry) ? asPending(entry) : entry)) }
  }

  #causeOf(
    { culprit, entries }: Prefix<Call, Result>,
    cutBefore: (time: number) => Cut<State, Call, Result>,
  ): Entry<Call, Result> | undefined {
    this.#effort.left = effortOfStep
    const returned = entries.filter((entry) => entry.returned < Infinity && entry !== culprit)
    for (const entry of returned.sort((a, b) => b.called - a.called)) {
      if (this.#effort.left <= 0) return undefined
      const cut = cutBefore(Math.min(entry.called, culprit.called))
      if (this.#hasOrder(without(cut, entry))) return entry
    }
    return undefined
  }

  #withoutTheRest(
    cut: Cut<State, Call, Result>,
    culprit: Entry<Call, Result>,
    cause: Entry<Call, Result>,
  ): Cut<State, Call, Result> {
    const allowed = [...this.#allowed(cut, culprit).keys()].sort().join()
    let small = cut
    for (const entry of cut.entries) {
      if (entry === culprit || entry === cause) continue
      const smaller = without(small, entry)
      const isEnough =
        this.#hasNoOrder(smaller) &&
        this.#hasOrder({
          ...smaller,
          entries: smaller.entries.map((each) => (each === culprit ? asPending(each) : each)),
        }) &&
        this.#hasOrder(without(smaller, cause)) &&
        [...this.#allowed(smaller, culprit).keys()].sort().join() === allowed
      if (isEnough && this.#effort.left > 0) small = smaller
    }
    return small
  }

  #hasOrder({ entries, starts }: Cut<State, Call, Result>): boolean {
    const search = this.#search(entries)
    return search.first(starts.map(({ early, state }) => search.start(state, early))) !== undefined
  }

  #hasNoOrder(cut: Cut<State, Call, Result>): boolean {
    return !this.#hasOrder(cut) && this.#effort.left > 0
  }

  /** By their keys: what the culprit returns in orders that explain all the others. */
  #allowed(
    { entries, starts }: Cut<State, Call, Result>,
    culprit: Entry<Call, Result>,
  ): ReadonlyMap<string, Result | Thrown> {
    const { operation } = culprit
    const asked = { ...culprit, operation: { ...operation, call: new Asked(operation.call) }, result: undefined }
    const others: ReadonlyArray<Entry<Call | Asked<Call>, Result>> = entries.filter(({ id }) => id !== culprit.id)
    const search = new Search(observing(this.#model, this.#keys), this.#keys, [...others, asked], this.#effort)
    const observed = starts.map(({ early, state }) => search.start({ state, result: undefined }, early))
    const results = new Map<string, Result | Thrown>()
    for (const { state } of search.all(observed))
      if (state.result !== undefined) results.set(this.#keys.of(state.result.result), state.result.result)
    return results
  }

  #search(entries: ReadonlyArray<Entry<Call, Result>>): Search<State, Call, Result> {
    return new Search(this.#model, this.#keys, entries, this.#effort)
  }
}

/** The culprit's call: another operation's may be the same value. */
class Asked<Call> {
  readonly call: Call

  constructor(call: Call) {
    this.call = call
  }
}

/** A state, and what the culprit has returned once it has taken effect. */
interface Observed<State, Result> {
  readonly state: State
  readonly result: Returned<Result> | undefined
}

/** The model, but that its states tell what the culprit returned, so that orders in which that differs are not taken for one. */
function observing<State, Call, Result>(
  model: Model<State, Call, Result>,
  keys: Keys,
): Model<Observed<State, Result>, Call | Asked<Call>, Result> {
  return {
    initial: () => ({ state: model.initial(), result: undefined }),
    step: ({ result, state }, call, returned) =>
      call instanceof Asked
        ? outcomesOf(model, state, call.call, undefined).map((outcome) => ({
            result: outcome.result,
            state: { state: outcome.state, result: { result: outcome.result } },
          }))
        : outcomesOf(model, state, call, returned).map((outcome) => ({
            result: outcome.result,
            state: { state: outcome.state, result },
          })),
    atRest: ({ state }) => model.atRest?.(state) ?? true,
    key: ({ result, state }) => {
      const key = model.key?.(state) ?? keys.of(state)
      return result === undefined ? key : `${key} after ${keys.of(result.result)}`
    },
  }
}

function without<State, Call, Result>(
  { entries, starts }: Cut<State, Call, Result>,
  left: Entry<Call, Result>,
): Cut<State, Call, Result> {
  return restrict({ entries: entries.filter(({ id }) => id !== left.id), starts })
}

/** What has taken effect and is no longer in the window is in the state: nothing is left to say of it. */
function restrict<State, Call, Result>({ entries, starts }: Cut<State, Call, Result>): Cut<State, Call, Result> {
  const ids = new Set(entries.map(({ id }) => id))
  return { entries, starts: starts.map(({ early, state }) => ({ state, early: early.filter((id) => ids.has(id)) })) }
}

function asPending<Call, Result>(entry: Entry<Call, Result>): Entry<Call, Result> {
  return { ...entry, returned: Infinity, result: undefined }
}

function asSeen<Call, Result>({ operation, returned }: Entry<Call, Result>): Operation<Call, Result> {
  const { called, call, client } = operation
  return returned === Infinity ? { client, call, called } : operation
}
