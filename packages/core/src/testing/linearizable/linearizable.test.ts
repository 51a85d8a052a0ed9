import { describe, expect, it } from "vitest"
import {
  counter,
  mutex,
  type MutexCall,
  queueOf,
  register,
  store,
  type StoreCall,
} from "../../../test/support/models.ts"
import { linearizable } from "./linearizable.ts"
import type { Model } from "./model.ts"
import { NotLinearizable } from "./not-linearizable.ts"
import { type Operation, thrown, Thrown } from "./operation.ts"

/** A history as it is drawn in papers: a line a client, `name(argument)=result` between its call and its return, both times. */
function did<const Call, Result extends number | string | boolean = never>(
  client: string,
  call: Call,
  times: readonly [called: number, returned?: number],
  result?: Result | Thrown,
): Operation<Call, Result> {
  return { client, call, called: times[0], returned: times[1], result }
}

const queue = queueOf(10)

describe("linearizable", () => {
  it("explains the histories of Herlihy and Wing that are linearizable, and refuses those that are not", () => {
    // Figure 1 of "Linearizability: A Correctness Condition for Concurrent Objects" (1990), for a queue.
    const h1 = [
      did("a", ["send", 1], [0, 4]),
      did("b", ["send", 2], [1, 3]),
      did("b", ["receive"], [5, 7], 1),
      did("a", ["receive"], [6, 9], 2),
      did("a", ["send", 3], [10, 11]),
    ] as const
    const h2 = [did("a", ["send", 1], [0, 1]), did("b", ["send", 2], [2, 4]), did("a", ["receive"], [3, 5], 2)] as const
    const h3 = [did("a", ["send", 1], [0, 3]), did("b", ["receive"], [1, 2], 1)] as const
    const h4 = [
      did("a", ["send", 1], [0, 2]),
      did("b", ["send", 2], [1, 3]),
      did("a", ["receive"], [4, 6], 2),
      did("c", ["receive"], [5, 7], 2),
    ] as const
    expect([h1, h2, h3, h4].map((history) => linearizable(queue, history).ok)).toEqual([true, false, true, false])
  })

  it("explains what is not linearizable in the order of the calls, nor in that of the returns", () => {
    const history = [
      did("a", ["write", 1], [0, 9]),
      did("b", ["write", 2], [1, 8]),
      did("c", ["read"], [2, 3], 2),
      did("c", ["read"], [4, 5], 1),
    ] as const
    const verdict = linearizable(register, history)
    expect(verdict.ok && verdict.order.map(({ call, result }) => [...call, result])).toEqual([
      ["write", 2, undefined],
      ["read", 2],
      ["write", 1, undefined],
      ["read", 1],
    ])
  })

  it("refuses what is only sequentially consistent: a read of the old value after the write returned", () => {
    const history = [did("a", ["write", 1], [0, 1]), did("b", ["read"], [2, 3], 0)] as const
    expect(linearizable(register, history).ok).toBe(false)
  })

  it("takes an empty history for linearizable, and one in which nothing returned", () => {
    expect(linearizable(queue, [])).toEqual({ ok: true, order: [] })
    expect(linearizable(queue, [did("a", ["receive"], [0])])).toEqual({ ok: true, order: [] })
  })

  it("lets a pending operation take effect, at any time since its call", () => {
    const send = did("a", ["send", 1], [0])
    const history = [send, did("b", ["receive"], [1, 2], 1)] as const
    const verdict = linearizable(queue, history)
    expect(verdict.ok && verdict.order).toEqual(history)
    expect(linearizable(queue, [did("b", ["receive"], [1, 2], 1), did("a", ["send", 1], [3])]).ok).toBe(false)
  })

  it("lets a pending operation take no effect", () => {
    const history = [
      did("a", ["send", 1], [0, 1]),
      did("b", ["receive"], [2]),
      did("c", ["receive"], [3, 4], 1),
    ] as const
    const verdict = linearizable(queue, history)
    expect(verdict.ok && verdict.order).toEqual([history[0], history[2]])
  })

  it("lets a pending operation take effect once only", () => {
    const history = [
      did("a", ["send", 1], [0]),
      did("b", ["receive"], [1, 2], 1),
      did("b", ["receive"], [3, 4], 1),
    ] as const
    expect(linearizable(queue, history).ok).toBe(false)
  })

  it("takes any of the outcomes that a model allows", () => {
    const dice: Model<number, "roll" | "sum", number> = {
      initial: () => 0,
      step: (sum, call) =>
        call === "sum"
          ? { result: sum, state: sum }
          : [1, 2, 3, 4, 5, 6].map((result) => ({ result, state: sum + result })),
    }
    const history = [did("a", "roll", [0]), did("a", "roll", [1, 2], 6), did("b", "sum", [3, 4], 9)] as const
    expect(linearizable(dice, history).ok).toBe(true)
    expect(linearizable(dice, [...history.slice(1, 2), did("b", "sum", [3, 4], 5)]).ok).toBe(false)
  })

  it("gives a model whose results can't be listed the one to explain, and none while pending", () => {
    const given: Array<unknown> = []
    const tickets: Model<ReadonlyArray<string>, "next", string> = {
      initial: () => [],
      step: (used, _, returned) => {
        given.push(returned)
        if (returned === undefined) return undefined
        const { result } = returned
        return typeof result !== "string" || used.includes(result) ? undefined : { result, state: [...used, result] }
      },
    }
    const unique = [did("a", "next", [0, 2], "x"), did("b", "next", [1, 3], "y"), did("c", "next", [1])] as const
    expect(linearizable(tickets, unique).ok).toBe(true)
    expect(given).toContainEqual({ result: "x" })
    expect(linearizable(tickets, [...unique, did("a", "next", [4, 5], "x")]).ok).toBe(false)
    expect(given).toContain(undefined)
  })

  it("tells failures by their names", () => {
    const bad = [did<MutexCall>("a", "unlock", [0, 1], thrown("UnlockOfUnlocked"))] as const
    expect(linearizable(mutex, bad).ok).toBe(true)
    expect(
      linearizable(mutex, [did<MutexCall>("a", "unlock", [0, 1], new Thrown("RangeError", new RangeError()))]).ok,
    ).toBe(false)
    expect(linearizable(mutex, [did("a", "unlock", [0, 1])]).ok).toBe(false)
  })

  it("finds two locks held at a time", () => {
    const held = [did("a", "lock", [0, 1]), did("b", "lock", [2, 4]), did("a", "unlock", [5, 6])] as const
    expect(linearizable(mutex, held).ok).toBe(false)
    expect(linearizable(mutex, [held[0], did("b", "lock", [2, 7]), held[2]]).ok).toBe(true)
  })

  it("finds the lost update of a counter that reads, then writes", () => {
    const history = [did("a", ["add", 1], [0, 2], 1), did("b", ["add", 1], [1, 3], 1)] as const
    expect(linearizable(counter, history).ok).toBe(false)
  })

  it("explains what happens only together by a moment at which both are under way, and by no other", () => {
    const rendezvous: Model<number | undefined, readonly ["send", number] | readonly ["receive"], number | undefined> =
      {
        initial: () => undefined,
        step: (offered, call) => {
          if (call[0] === "send") return offered === undefined ? { result: undefined, state: call[1] } : undefined
          return offered === undefined ? undefined : { result: offered, state: undefined }
        },
        atRest: (offered) => offered === undefined,
      }
    const send = did("a", ["send", 1], [0, 3])
    expect(linearizable(rendezvous, [send, did("b", ["receive"], [2, 4], 1)] as const).ok).toBe(true)
    expect(
      linearizable(rendezvous, [did("b", ["receive"], [0, 3], 1), did("a", ["send", 1], [2, 4])] as const).ok,
    ).toBe(true)
    // What a channel with room for one does: the send returns before the receive begins.
    expect(linearizable(rendezvous, [send, did("b", ["receive"], [4, 5], 1)] as const).ok).toBe(false)
    expect(linearizable(rendezvous, [send] as const).ok).toBe(false)
  })

  it("gives an order of all parts that no two operations contradict by their times", () => {
    const history = [
      did("a", ["put", "x", 1], [0, 9]),
      did("b", ["put", "y", 2], [1, 2]),
      did("b", ["get", "y"], [3, 8], 2),
      did("c", ["get", "x"], [4, 5]),
      did("c", ["get", "x"], [6, 7], 1),
    ] as const
    const order = linearizable.check(store, history)
    expect(order).toHaveLength(5)
    for (const [i, { called }] of order.entries())
      for (const later of order.slice(i)) expect(later.returned).toBeGreaterThan(called)
  })

  it("checks each part alone, and names the part's client that can't be explained", () => {
    const history = [
      did("a", ["put", "x", 1], [0, 1]),
      did("b", ["put", "y", 1], [2, 3]),
      did("c", ["get", "x"], [4, 5], 2),
    ]
    const verdict = linearizable(store, history)
    expect(verdict.ok ? undefined : verdict.window.culprit.client).toBe("c")
  })

  it("throws what says why, with the window and the page", () => {
    const history = [did("a", ["write", 1], [0, 1]), did("b", ["read"], [2, 3], 0)] as const
    const verdict = linearizable(register, history)
    expect(() => linearizable.check(register, history)).toThrow(NotLinearizable)
    try {
      linearizable.check(register, history)
    } catch (error) {
      const { html, message, name, window } = error as NotLinearizable
      expect([name, window.culprit]).toEqual(["NotLinearizable", history[1]])
      expect(!verdict.ok && [verdict.text, verdict.html()]).toEqual([message, html()])
    }
  })

  it("refuses an operation that returned before it was called", () => {
    expect(() => linearizable(register, [did("a", ["read"], [2, 1], 0)])).toThrow(TypeError)
    expect(() => linearizable(register, [did("a", ["read"], [NaN, 1], 0)])).toThrow(TypeError)
  })
})

describe("linearizable, on long histories", () => {
  /** Four clients whose operations overlap all the time. */
  function* overlapping<Call>(n: number, callAt: (i: number) => readonly [Call, number | undefined]) {
    for (let i = 0; i < n; i++) {
      const [call, result] = callAt(i)
      yield did(String(i % 4), call, [2 * i, 2 * i + 7], result)
    }
  }

  it("checks thousands of operations on the parts of a store", () => {
    const held = new Map<string, number>()
    const history = [
      ...overlapping<StoreCall>(4000, (i) => {
        const key = `k${i % 50}`
        if (i % 3 === 0) return [["get", key], held.get(key)]
        held.set(key, i)
        return [["put", key, i], undefined]
      }),
    ]
    expect(linearizable(store, history).ok).toBe(true)
    const at = history.findLastIndex(({ call }) => call[0] === "get")
    const wrong = history.with(at, { ...history[at]!, result: -1 })
    const verdict = linearizable(store, wrong)
    expect(verdict.ok ? undefined : verdict.window.culprit).toBe(wrong[at])
  })

  it("checks hundreds of operations on one queue, and a depth of thousands", () => {
    for (const n of [600, 3000]) {
      const history = [
        ...overlapping<readonly ["send", number] | readonly ["receive"]>(n, (i) =>
          i % 2 === 0 ? [["send", i], undefined] : [["receive"], i - 1],
        ),
      ]
      expect(linearizable(queue, history).ok).toBe(true)
      const wrong = history.with(-1, { ...history.at(-1)!, result: -1 })
      const verdict = linearizable(queue, wrong)
      expect(verdict.ok ? undefined : verdict.window.culprit).toBe(wrong.at(-1))
      expect(verdict.ok ? 0 : verdict.window.operations.length).toBeLessThan(10)
    }
  })

  it("is not slowed by many operations that were cancelled", () => {
    const cancelled = Array.from({ length: 100 }, (_, i) =>
      did("x", i % 2 === 0 ? (["receive"] as const) : (["send", -i] as const), [2 * i]),
    )
    const history = [
      ...cancelled,
      ...overlapping<readonly ["send", number] | readonly ["receive"]>(300, (i) =>
        i % 2 === 0 ? [["send", i], undefined] : [["receive"], i - 1],
      ),
    ]
    expect(linearizable(queue, history).ok).toBe(true)
  })
})
