import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { CallbackWaiter } from "./callback-waiter.ts"
import { defaultProcessor } from "./processor.ts"
import { WaitList } from "./wait-list.ts"
import type { Waiter } from "./waiter.ts"

const waiter = (
  committed: (raw: unknown) => void = () => undefined,
  failed: (error: unknown) => void = () => undefined,
) => new CallbackWaiter(defaultProcessor, committed, failed)

describe("WaitList", () => {
  it("agrees with an array, removal from anywhere included", () =>
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constant("push"), fc.constant("shift"), fc.nat()), { maxLength: 200, size: "max" }),
        (operations: ReadonlyArray<string | number>) => {
          const list = new WaitList()
          const model: Array<Waiter> = []
          const known: Array<Waiter> = []
          for (const operation of operations) {
            if (operation === "push") {
              const pushed = waiter()
              known.push(pushed)
              list.push(pushed)
              model.push(pushed)
            } else if (operation === "shift") expect(list.shift()).toBe(model.shift() ?? null)
            else if (known.length > 0) {
              const gone = known[(operation as number) % known.length]!
              list.remove(gone)
              if (model.includes(gone)) model.splice(model.indexOf(gone), 1)
            }
            expect([list.length, list.isEmpty]).toEqual([model.length, model.length === 0])
            expect(list.head).toBe(model[0] ?? null)
            expect(list.tail).toBe(model.at(-1) ?? null)
          }
          expect(list.shiftAll()).toEqual(model)
        },
      ),
    ))

  it("unlinks whoever leaves, so that one may stand in the next list", () => {
    const [first, second] = [new WaitList(), new WaitList()]
    const all = [waiter(), waiter(), waiter()]
    for (const one of all) first.push(one)
    first.remove(all[1]!)
    first.shift()
    for (const one of all.slice(0, 2)) {
      expect([one.next, one.prev]).toEqual([null, null])
      second.push(one)
    }
    expect([first.length, second.length]).toEqual([1, 2])
  })

  it("commits each once, in order; one that waits again meanwhile is not among them", () => {
    const list = new WaitList()
    const order: Array<string> = []
    const again = waiter(() => {
      order.push("again")
      list.push(again)
    })
    list.push(again)
    list.push(waiter((raw) => order.push(String(raw))))
    list.commitAll("x")
    expect(order).toEqual(["again", "x"])
    expect(list.length).toBe(1)
  })

  it("fails each with an error of its own", () => {
    const list = new WaitList()
    const errors: Array<unknown> = []
    for (let i = 0; i < 3; i++)
      list.push(
        waiter(
          () => undefined,
          (error) => errors.push(error),
        ),
      )
    let n = 0
    list.failAll(() => ++n)
    expect(errors).toEqual([1, 2, 3])
    expect(list.isEmpty).toBe(true)
  })
})
