import { type Labels, show } from "./labels.ts"
import { Thrown } from "./operation.ts"
import { picture } from "./picture.ts"
import type { Start, Window } from "./window.ts"

/** States, or results, that a sentence lists before it only counts the rest. */
const listed = 4

/** Why no order explains the window, in a sentence. */
export function reasonFor<State, Call, Result>(
  { allowed, cause, culprit, starts }: Window<State, Call, Result>,
  labels: Labels<Call, Result>,
): string {
  const instead =
    allowed === undefined
      ? `no order of these lets ${labels.named(culprit)} happen`
      : `${culprit.client}: ${labels.call(culprit.call)} ${couldOnly(allowed)}`
  const without = cause === undefined ? "" : `; without ${labels.named(cause)} there would be an order`
  return `starting from ${startsOf(starts, labels)}, ${instead}${without}`
}

/** The states before a window: `[1] or, with a: send(2) done, [1, 2]`. */
export function startsOf<State, Call, Result>(
  starts: ReadonlyArray<Start<State, Call, Result>>,
  labels: Labels<Call, Result>,
): string {
  const texts = starts.map(({ done, state }) =>
    done.length === 0
      ? show(state)
      : `${show(state)} with ${done.map((each) => labels.named(each)).join(" and ")} done`,
  )
  return oneOf([...new Set(texts)])
}

function couldOnly(allowed: ReadonlyArray<unknown>): string {
  if (allowed.length === 0) return "could not return at all"
  const errors = allowed.filter((each) => each instanceof Thrown).map(({ name }) => name)
  const results = allowed.filter((each) => !(each instanceof Thrown)).map(show)
  const ways = [
    ...(results.length === 0 ? [] : [`return ${oneOf(results)}`]),
    ...(errors.length === 0 ? [] : [`throw ${oneOf(errors)}`]),
  ]
  return `could only ${ways.join(" or ")}`
}

function oneOf(texts: ReadonlyArray<string>): string {
  const more = texts.length - listed
  return more <= 0 ? texts.join(" or ") : `${texts.slice(0, listed).join(" or ")} or one of ${more} more`
}

/** The text that people read: what is wrong, the picture, and why. */
export function report<State, Call, Result>(
  window: Window<State, Call, Result>,
  reason: string,
  labels: Labels<Call, Result>,
): string {
  const { culprit, operations } = window
  return [
    `not linearizable: no order explains ${labels.named(culprit)}`,
    picture(operations, culprit, labels),
    reason,
  ].join("\n\n")
}
