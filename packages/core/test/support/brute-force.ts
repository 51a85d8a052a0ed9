/** Linearizability by its definition, for small histories: every order of every choice of pending operations is tried. */
import { type Model, type Operation, Thrown } from "@weft/core/testing"

type Sequence<Call, Result> = ReadonlyArray<Operation<Call, Result>>

/** Operations that happen together, from the last moment at which one is called to the first at which one returns. */
interface Block {
  readonly from: number
  readonly until: number
}

const anyTime: Block = { from: -Infinity, until: Infinity }

/** Whether some order explains the history, from a given state or the initial one. */
export function hasOrder<State, Call, Result>(
  model: Model<State, Call, Result>,
  history: Sequence<Call, Result>,
  from: State = model.initial(),
): boolean {
  const go = (state: State, left: Sequence<Call, Result>, block: Block): boolean => {
    const isAtRest = model.atRest?.(state) ?? true
    if (isAtRest && left.every(({ returned }) => returned === undefined)) return true
    // At rest a block can end, and the next begins no earlier.
    const open = isAtRest ? { from: block.from, until: Infinity } : block
    return left.some((operation) => {
      const { call, called, result, returned } = operation
      const wider = { from: Math.max(open.from, called), until: Math.min(open.until, returned ?? Infinity) }
      if (wider.from > wider.until) return false
      const rest = left.filter((each) => each !== operation)
      return outcomes(model.step(state, call, returned === undefined ? undefined : { result: result as Result })).some(
        (outcome) => (returned === undefined || isSame(outcome.result, result)) && go(outcome.state, rest, wider),
      )
    })
  }
  return go(from, history, anyTime)
}

function outcomes<A>(answer: A | ReadonlyArray<A> | undefined): ReadonlyArray<A> {
  return answer === undefined ? [] : Array.isArray(answer) ? (answer as ReadonlyArray<A>) : [answer as A]
}

function isSame(one: unknown, other: unknown): boolean {
  return one instanceof Thrown && other instanceof Thrown
    ? one.name === other.name
    : JSON.stringify(one) === JSON.stringify(other)
}
