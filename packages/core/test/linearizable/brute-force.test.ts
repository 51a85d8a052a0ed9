/** `linearizable` against the definition, on small random histories; and what a window promises. */
import { linearizable, type Model, type Operation } from "@weft/core/testing"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { hasOrder } from "../support/brute-force.ts"
import { histories } from "../support/made-history.ts"
import { counter, mutex, queueOf, register, store } from "../support/models.ts"
import { schedules } from "../support/soak.ts"

/** A send and a receive happen together, and a flip gives what it likes. */
const rendezvous: Model<number | undefined, "send" | "receive" | "flip", number | undefined> = {
  initial: () => undefined,
  step: (offered, call) => {
    if (call === "flip" && offered === undefined) return [0, 1].map((result) => ({ result, state: undefined }))
    if (call === "send") return offered === undefined ? { result: undefined, state: 7 } : undefined
    return call === "receive" && offered !== undefined ? { result: offered, state: undefined } : undefined
  },
  atRest: (offered) => offered === undefined,
}

const subjects: ReadonlyArray<
  readonly [string, (check: <S, C, R>(model: Model<S, C, R>, calls: ReadonlyArray<C>) => void) => void]
> = [
  ["a queue", (check) => check(queueOf(2), [["send", 1], ["send", 2], ["send", 3], ["receive"], ["receive"]])],
  ["a register", (check) => check(register, [["write", 1], ["write", 2], ["read"], ["read"]])],
  [
    "a store",
    (check) =>
      check(store, [
        ["put", "x", 1],
        ["put", "y", 2],
        ["get", "x"],
        ["get", "y"],
      ]),
  ],
  ["a mutex", (check) => check(mutex, ["lock", "tryLock", "unlock"])],
  [
    "a counter",
    (check) =>
      check(counter, [
        ["add", 1],
        ["add", 2],
      ]),
  ],
  ["a rendezvous", (check) => check(rendezvous, ["send", "receive", "flip"])],
]

/** Whether the model can do this, one after the other. */
function explains<S, C, R>(model: Model<S, C, R>, order: ReadonlyArray<Operation<C, R>>): boolean {
  return hasOrder(
    model,
    order.map(({ call, client, result, returned }, i) =>
      returned === undefined
        ? { client, call, called: 2 * i }
        : { client, call, called: 2 * i, returned: 2 * i + 1, result },
    ),
  )
}

describe.each(subjects)("linearizable, on small histories of %s", (_, withModel) => {
  it("says what trying every order says, and gives an order only if there is one", () =>
    withModel((model, calls) => {
      const verdicts = { true: 0, false: 0 }
      fc.assert(
        fc.property(histories(model, calls, 6), (history) => {
          const verdict = linearizable(model, history)
          verdicts[`${verdict.ok}`]++
          // Whole, not in parts: that the parts may be checked alone is the partition's claim.
          if (model.partition === undefined) expect(verdict.ok).toBe(hasOrder(model, history))
          if (!verdict.ok) return
          // None in it comes before another that had returned when it was called, and all that returned are there.
          for (const [i, { called }] of verdict.order.entries())
            for (const later of verdict.order.slice(i))
              expect(later.returned ?? Infinity).toBeGreaterThanOrEqual(called)
          const missing = history.filter((operation) => !verdict.order.includes(operation))
          expect(missing.filter(({ returned }) => returned !== undefined)).toEqual([])
          // With every pending one that took effect made to return what it may, one after the other: it is an order.
          if (model.atRest === undefined && model.partition === undefined)
            expect(explains(model, verdict.order)).toBe(true)
        }),
        { numRuns: schedules(400) },
      )
      expect(verdicts.true).toBeGreaterThan(10)
      expect(verdicts.false).toBeGreaterThan(10)
    }))

  it("shows a window that has no order from any of its starts, and one without the culprit or the cause", () =>
    withModel((model, calls) =>
      fc.assert(
        fc.property(histories(model, calls, 6), (history) => {
          const verdict = linearizable(model, history)
          if (verdict.ok) return
          const { allowed, cause, culprit, operations, starts } = verdict.window
          const hasOrderFromSome = (left: typeof operations) =>
            starts.some(({ done, state }) => {
              const isDone = ({ called, client }: (typeof operations)[0]) =>
                done.some((each) => each.called === called && each.client === client)
              return hasOrder(
                model,
                left.filter((each) => !isDone(each)),
                state,
              )
            })
          expect(hasOrderFromSome(operations)).toBe(false)
          const { call, called, client } = culprit
          expect(hasOrderFromSome(operations.map((each) => (each === culprit ? { client, call, called } : each)))).toBe(
            true,
          )
          if (cause !== undefined) expect(hasOrderFromSome(operations.filter((each) => each !== cause))).toBe(true)
          for (const result of allowed!)
            expect(hasOrderFromSome(operations.map((each) => (each === culprit ? { ...each, result } : each)))).toBe(
              true,
            )
        }),
        { numRuns: schedules(400) },
      ),
    ))
})
