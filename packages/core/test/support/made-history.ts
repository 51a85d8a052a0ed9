/** Random histories: what clients ask, when, and what they might be told. */
import type { Model, Operation, Outcome, Thrown } from "@weft/core/testing"
import fc from "fast-check"

interface Drawn<Call> {
  readonly call: Call
  readonly at: number
  readonly before: number
  readonly after: number
  readonly lie: number
}

/**
 * Half of them are true: each call takes effect at a moment of its own and the history tells what it gave. In the others half of the results
 * are another call's. What could not return at its moment, and some more, is pending.
 */
export function histories<State, Call, Result>(
  model: Model<State, Call, Result>,
  calls: ReadonlyArray<Call>,
  maxLength: number,
): fc.Arbitrary<ReadonlyArray<Operation<Call, Result>>> {
  const drawn = fc.record({
    call: fc.constantFrom(...calls),
    at: fc.nat({ max: 30 }),
    before: fc.nat({ max: 12 }),
    after: fc.nat({ max: 12 }),
    lie: fc.nat({ max: 11 }),
  })
  return fc.tuple(fc.boolean(), fc.array(drawn, { maxLength })).map(([isTrue, all]) => made(model, all, isTrue))
}

type Outcomes<State, Result> = ReadonlyArray<Outcome<State, Result>> | undefined

function made<State, Call, Result>(
  model: Model<State, Call, Result>,
  drawn: ReadonlyArray<Drawn<Call>>,
  isTrue: boolean,
): ReadonlyArray<Operation<Call, Result>> {
  let state = model.initial()
  const results: Array<Result | Thrown> = []
  return drawn
    .toSorted((a, b) => a.at - b.at)
    .map(({ after, at, before, call, lie }, i): Operation<Call, Result> => {
      const client = String.fromCharCode(97 + i)
      // Odd and even: a call never stands at the time of a return.
      const called = 2 * (at - before)
      const answer = model.step(state, call, undefined)
      const outcomes = (answer === undefined || Array.isArray(answer) ? answer : [answer]) as Outcomes<State, Result>
      const outcome = outcomes?.[lie % outcomes.length]
      if (outcome === undefined || lie === 11) return { client, call, called }
      state = outcome.state
      results.push(outcome.result)
      const told = !isTrue && lie < 6 ? results[(lie * 7) % results.length] : outcome.result
      return { client, call, called, returned: 2 * (at + after) + 1, result: told }
    })
}
