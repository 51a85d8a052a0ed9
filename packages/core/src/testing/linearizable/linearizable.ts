/**
 * linearizable: checks a concurrent history against a sequential model.
 *
 * A history is split by the model's `partition` and each part searched on its own (Porcupine's idea, sound by locality: a history is
 * linearizable exactly if each of its objects' parts is).
 *
 * Rejected: a limit to the search. The problem is NP-complete, but what makes a history hard is how much overlaps, not how long it is; a
 * verdict "don't know" would have to be treated in every test that never sees one.
 */
import { Keys } from "./keys.ts"
import { Labels } from "./labels.ts"
import type { Model } from "./model.ts"
import { NotLinearizable } from "./not-linearizable.ts"
import type { Operation } from "./operation.ts"
import { page } from "./page.ts"
import { reasonFor, report } from "./report.ts"
import { type Effect, type Entry, Search } from "./search.ts"
import { smallestWindow, type Window } from "./window.ts"

/**
 * What {@link linearizable} found.
 *
 * `order`: the operations in an order that explains the history. Pending ones that need not have taken effect are not in it.
 * `reason` says in a sentence why there is none, `text` shows it, and `html()` is a page that does.
 *
 * @since 0.1.0
 */
export type Verdict<State, Call, Result> =
  | { readonly ok: true; readonly order: ReadonlyArray<Operation<Call, Result>> }
  | {
      readonly ok: false
      readonly window: Window<State, Call, Result>
      readonly reason: string
      readonly text: string
      readonly html: () => string
    }

/**
 * Whether a concurrent history can be explained by an object that does one thing at a time: each operation takes effect at some moment
 * between its call and its return, and gives what the model says. If not, the smallest part that can't be explained is shown.
 *
 * Laws
 * - Pending operations may have taken effect, at any moment since their call, or not.
 * - A history with an order has one also without its last return.
 *
 * `linearizable.check` throws {@link NotLinearizable} if there is no order.
 *
 * Errors: `TypeError` where an operation returns before it was called.
 *
 * @example
 * const history = recordHistory<["read"] | ["write", number], number | void>()
 * // ... goroutines that `yield* history.op(["read"], cell.read())` ...
 * linearizable.check(register, history)
 *
 * @see Herlihy and Wing 1990, Linearizability; Wing and Gong 1993; Lowe 2017; Athalye 2017, Porcupine
 * @since 0.1.0
 */
export const linearizable: {
  <State, Call, Result>(
    model: Model<State, Call, Result>,
    history: Iterable<Operation<NoInfer<Call>, NoInfer<Result>>>,
  ): Verdict<State, Call, Result>
  /** The order that explains the history; throws {@link NotLinearizable} if there is none. */
  readonly check: <State, Call, Result>(
    model: Model<State, Call, Result>,
    history: Iterable<Operation<NoInfer<Call>, NoInfer<Result>>>,
  ) => ReadonlyArray<Operation<Call, Result>>
} = /* @__PURE__ */ Object.assign(verdictOn, { check })

function check<State, Call, Result>(
  model: Model<State, Call, Result>,
  history: Iterable<Operation<Call, Result>>,
): ReadonlyArray<Operation<Call, Result>> {
  const verdict = verdictOn(model, history)
  if (!verdict.ok) throw new NotLinearizable(verdict.text, verdict.window, verdict.html)
  return verdict.order
}

function verdictOn<State, Call, Result>(
  model: Model<State, Call, Result>,
  history: Iterable<Operation<Call, Result>>,
): Verdict<State, Call, Result> {
  const keys = new Keys()
  const effects: Array<Effect<Call, Result>> = []
  for (const entries of partsOf(model, history, keys).values()) {
    const search = new Search(model, keys, entries)
    const last = search.first([search.start(model.initial())])
    if (last === undefined) return refusal(model, keys, entries, search.reached)
    effects.push(...chainOf(last.effects))
  }
  // Each took effect at a time when it was under way, so this order of all parts goes by time as the order of each part does. A sort is
  // stable: what a part did at one time stays in the part's order.
  return { ok: true, order: effects.sort((a, b) => a.at - b.at).map(({ entry }) => entry.operation) }
}

function partsOf<State, Call, Result>(
  model: Model<State, Call, Result>,
  history: Iterable<Operation<Call, Result>>,
  keys: Keys,
): ReadonlyMap<string, ReadonlyArray<Entry<Call, Result>>> {
  const parts = new Map<string, Array<Entry<Call, Result>>>()
  let id = 0
  for (const operation of history) {
    const { call, called, returned = Infinity, result } = operation
    if (!(called <= returned))
      throw new TypeError(
        `linearizable: an operation of ${operation.client} was called at ${called} and returned at ${returned}; times go up`,
      )
    const part = model.partition === undefined ? "" : keys.of(model.partition(call))
    const entries = parts.get(part) ?? []
    entries.push({ id: id++, operation, called, returned, result: returned === Infinity ? undefined : keys.of(result) })
    parts.set(part, entries)
  }
  return parts
}

function refusal<State, Call, Result>(
  model: Model<State, Call, Result>,
  keys: Keys,
  entries: ReadonlyArray<Entry<Call, Result>>,
  reached: number,
): Verdict<State, Call, Result> {
  const window = smallestWindow(model, keys, entries, reached)
  const operations = entries.map(({ operation }) => operation).sort((a, b) => a.called - b.called)
  const labels = new Labels(model, operations)
  const reason = reasonFor(window, labels)
  return {
    ok: false,
    window,
    reason,
    text: report(window, reason, labels),
    html: () => page(window, reason, operations, labels),
  }
}

function chainOf<Call, Result>(last: Effect<Call, Result> | undefined): ReadonlyArray<Effect<Call, Result>> {
  const chain: Array<Effect<Call, Result>> = []
  for (let effect = last; effect !== undefined; effect = effect.before) chain.push(effect)
  return chain.reverse()
}
