import type { Thrown } from "./operation.ts"

/**
 * What an object is meant to do when it is called by one client at a time.
 *
 * A call is any value. `["send", 1]` reads as `send(1)` in pictures, `"receive"` as `receive()`.
 *
 * Laws
 * - `step` changes nothing: it makes new states of old ones, and answers the same for equal ones.
 *
 * @example
 * const register: Model<number, ["write", number] | ["read"], number | void> = {
 *   initial: () => 0,
 *   step: (value, call) =>
 *     call[0] === "read" ? { result: value, state: value } : { result: undefined, state: call[1] },
 * }
 *
 * @since 0.1.0
 */
export interface Model<State, Call, Result> {
  readonly initial: () => State
  /**
   * What the call gives in this state, and the state after it. Undefined where it can't return: a receive from an empty queue waits.
   * Several where any of them will do.
   *
   * `returned` has the result that is to be explained, for models that can't list theirs; it is undefined where that is not known, as the
   * operation is pending.
   */
  readonly step: (
    state: State,
    call: Call,
    returned: Returned<Result> | undefined,
  ) => Outcome<State, Result> | ReadonlyArray<Outcome<State, Result>> | undefined
  /**
   * What part of the object a call is about, where the parts don't affect each other: the key of a map. Each part is then checked on its
   * own, from `initial()`, which takes far less time.
   */
  readonly partition?: (call: Call) => unknown
  /**
   * Whether the object can rest in this state; it can in every one by default.
   *
   * Some operations happen only together, as the send and the receive of an unbuffered channel. Let the first lead to a state without rest
   * that only the second one leaves: they are then explained by one moment at which both were under way.
   *
   * @see Neiger 1994, Set-linearizability
   */
  readonly atRest?: (state: State) => boolean
  /**
   * The same string for the same state, so that no state is looked at twice. By default arrays, plain objects, maps, sets, dates, bytes and
   * primitives go by what they hold, all else by identity.
   */
  readonly key?: (state: State) => string
  /** The call as pictures show it. */
  readonly describe?: (call: Call) => string
}

/**
 * A way in which a call can end.
 *
 * @since 0.1.0
 */
export interface Outcome<State, Result> {
  readonly result: Result | Thrown
  readonly state: State
}

/**
 * The result that a history has for a call.
 *
 * @since 0.1.0
 */
export interface Returned<Result> {
  readonly result: Result | Thrown
}

export function outcomesOf<State, Call, Result>(
  model: Model<State, Call, Result>,
  state: State,
  call: Call,
  returned: Returned<Result> | undefined,
): ReadonlyArray<Outcome<State, Result>> {
  const answer = model.step(state, call, returned)
  if (answer === undefined) return []
  return Array.isArray(answer) ? (answer as ReadonlyArray<Outcome<State, Result>>) : [answer as Outcome<State, Result>]
}
