/**
 * What a channel is when one client at a time uses it, for every kind of channel.
 *
 * An unbuffered channel is no queue: no send or receive can happen alone. Here a send leads to a state in which its value is handed over,
 * where nothing may rest and which only a receive leaves, so the two are one moment at which both are under way (set-linearizability).
 * Waiting itself is not in the model: whether a `trySend` finds somebody waiting can't be told from calls and returns, as a receive that
 * was called need not wait yet; so without a buffer it may always fail.
 */
import type { Next } from "@weft/channels"
import { type Model, type Outcome, thrown, Thrown } from "@weft/core/testing"

export type ChannelCall =
  | readonly ["send" | "trySend", number]
  | readonly ["receive" | "next" | "tryReceive" | "close"]
  /** Whichever comes first: a receive, or a send of the value. */
  | readonly ["select", number]

export type ChannelResult = number | boolean | undefined | Next<number> | SelectResult

export type SelectResult =
  { readonly case: "in"; readonly value: Next<number> } | { readonly case: "out"; readonly value: void }

export interface ChannelState {
  readonly buffered: ReadonlyArray<number>
  readonly closed: boolean
  /** A value between the send and the receive that happen together. */
  readonly handed: number | undefined
}

export type ChannelModel = Model<ChannelState, ChannelCall, ChannelResult>

type Outcomes = ReadonlyArray<Outcome<ChannelState, ChannelResult>>

/** `full`: what a send does that finds no room. */
export function channelModel(capacity: number, full: "wait" | "slide" | "drop"): ChannelModel {
  const panic = (state: ChannelState): Outcomes => [{ result: thrown("ChannelClosed"), state }]

  function sent(state: ChannelState, value: number, result: ChannelResult): Outcomes {
    const { buffered, closed } = state
    if (closed) return panic(state)
    if (capacity === 0) return [{ result, state: { ...state, handed: value } }]
    if (buffered.length < capacity) return [{ result, state: { ...state, buffered: [...buffered, value] } }]
    if (full === "slide") return [{ result, state: { ...state, buffered: [...buffered.slice(1), value] } }]
    return full === "drop" ? [{ result, state }] : []
  }

  function received(state: ChannelState, made: (next: Next<number>) => ChannelResult): Outcomes {
    const { buffered, closed, handed } = state
    if (handed !== undefined)
      return [{ result: made({ ok: true, value: handed }), state: { ...state, handed: undefined } }]
    const [value, ...rest] = buffered
    if (value !== undefined) return [{ result: made({ ok: true, value }), state: { ...state, buffered: rest } }]
    return closed ? [{ result: made({ ok: false, value: undefined }), state }] : []
  }

  /** What it tries to do; or its default, where that can't be done, or nobody can tell. */
  function tried(state: ChannelState, outcomes: Outcomes, byDefault: ChannelResult): Outcomes {
    const mayFail = outcomes.length === 0 || (capacity === 0 && !state.closed)
    return mayFail ? [...outcomes, { result: byDefault, state }] : outcomes
  }

  return {
    initial: () => ({ buffered: [], closed: false, handed: undefined }),
    atRest: ({ handed }) => handed === undefined,
    step: (state, call) => {
      const next = () => received(state, (next) => next)
      const receives = call[0] !== "send" && call[0] !== "trySend" && call[0] !== "close"
      if (state.handed !== undefined && !receives) return []
      switch (call[0]) {
        case "send":
          return sent(state, call[1], undefined)
        case "trySend":
          return tried(state, sent(state, call[1], true), false)
        case "receive":
          return received(state, ({ value }) => value)
        case "next":
          return next()
        case "tryReceive":
          return state.handed === undefined ? tried(state, next(), undefined) : next()
        case "select": {
          const taken = received(state, (value) => ({ case: "in", value }))
          return state.handed === undefined
            ? [...taken, ...sent(state, call[1], { case: "out", value: undefined })]
            : taken
        }
        case "close":
          return state.closed ? panic(state) : [{ result: undefined, state: { ...state, closed: true } }]
      }
    },
  }
}

/** Two channels, and a select that receives from the first or sends to the second. */
export type PairCall = readonly ["first", ChannelCall] | readonly ["second", ChannelCall] | readonly ["either", number]

export function pairModel(
  first: ChannelModel,
  second: ChannelModel,
): Model<readonly [ChannelState, ChannelState], PairCall, ChannelResult> {
  const isAtRest = (model: ChannelModel, state: ChannelState): boolean => model.atRest?.(state) ?? true
  const outcomes = (model: ChannelModel, state: ChannelState, call: ChannelCall): Outcomes =>
    [model.step(state, call, undefined) ?? []].flat()
  return {
    initial: () => [first.initial(), second.initial()],
    atRest: ([a, b]) => isAtRest(first, a) && isAtRest(second, b),
    step: ([a, b], call) => {
      // Nothing comes between a send and a receive that happen together.
      const inFirst = (asked: ChannelCall) =>
        isAtRest(second, b)
          ? outcomes(first, a, asked).map(({ result, state }) => ({ result, state: [state, b] as const }))
          : []
      const inSecond = (asked: ChannelCall) =>
        isAtRest(first, a)
          ? outcomes(second, b, asked).map(({ result, state }) => ({ result, state: [a, state] as const }))
          : []
      if (call[0] === "first") return inFirst(call[1])
      if (call[0] === "second") return inSecond(call[1])
      return [
        ...inFirst(["next"]).map((taken) => ({ ...taken, result: hit("in", taken.result) })),
        ...inSecond(["send", call[1]]).map((sent) => ({ ...sent, result: hit("out", sent.result) })),
      ]
    },
  }
}

function hit(name: "in" | "out", value: ChannelResult | Thrown): ChannelResult | Thrown {
  return value instanceof Thrown ? value : ({ case: name, value } as SelectResult)
}
