import { describe, expect, it } from "vitest"
import { Mailbox } from "../../../test/support/mailbox.ts"
import { runVirtual } from "../../../test/support/virtual.ts"
import { go, gosched, run, sleep } from "../../index.ts"
import { seeded } from "../seeded.ts"
import { virtualTime } from "../virtual-clock.ts"
import { Thrown } from "./operation.ts"
import { recordHistory } from "./record-history.ts"

const boom = new RangeError("boom")

describe("a history", () => {
  it("stamps calls and returns in the order in which they happen, a wait in between", () =>
    runVirtual(function* () {
      const box = new Mailbox<number>()
      const history = recordHistory<string, number>()
      const taker = go.named("taker", function* () {
        return yield* history.op("take", box.take)
      })
      yield* gosched()
      history.call("put", () => box.put(5))
      expect(yield* taker).toBe(5)
      expect([...history]).toEqual([
        { client: "taker", call: "take", called: 0, returned: 3, result: 5 },
        { client: "main", call: "put", called: 1, returned: 2, result: undefined },
      ])
    }))

  it("keeps what was cancelled pending, and what still waits", () =>
    runVirtual(function* () {
      const box = new Mailbox<number>()
      const history = recordHistory<string, number>()
      const cancelled = go.named("cancelled", () => history.op("take", box.take))
      go.named("waiting", () => history.op("take", box.take))
      yield* gosched()
      cancelled.interrupt()
      yield* gosched()
      expect([...history].map(({ client, returned }) => [client, returned])).toEqual([
        ["cancelled", undefined],
        ["waiting", undefined],
      ])
    }))

  it("records nothing for a commit that never began", () =>
    runVirtual(function* () {
      const history = recordHistory<string, number>()
      history.op("take", new Mailbox<number>().take)
      go(() => history.op("take", new Mailbox<number>().take)).interrupt()
      yield* gosched()
      expect([...history]).toEqual([])
    }))

  it("records a failure as the result, and throws it on", () =>
    runVirtual(function* () {
      const box = new Mailbox<number>()
      const history = recordHistory<string, number>()
      const taker = go(function* () {
        try {
          return yield* history.op("take", box.take)
        } catch (error) {
          return error
        }
      })
      yield* gosched()
      box.fail(boom)
      expect(yield* taker).toBe(boom)
      expect(() =>
        history.call("put", () => {
          throw boom
        }),
      ).toThrow(boom)
      for (const { result } of history) expect(result).toEqual(new Thrown("RangeError", boom))
    }))

  it("takes a generator of several ops for one operation", () =>
    runVirtual(function* () {
      const history = recordHistory<string, number>()
      function* slowly(n: number) {
        yield* sleep(n)
        yield* sleep(n)
        return n
      }
      expect(yield* history.op("slowly", slowly(7))).toBe(7)
      expect([...history]).toHaveLength(1)
    }))

  it("names goroutines by their names, those of one name by a number too, and what is none", async () => {
    const history = recordHistory<string, void>()
    history.call("a", () => {})
    await run(function* () {
      history.call("b", () => {})
      for (const name of ["worker", "worker", "other"])
        yield* go.named(name, function* () {
          history.call("c", () => {})
          history.call("d", () => {})
        })
      yield* go(function* () {
        history.call("e", () => {})
      })
    })
    const clients = ["outside", "main", "worker", "worker", "worker 2", "worker 2", "other", "other", "goroutine"]
    expect([...history].map(({ client }) => client)).toEqual(clients)
  })

  it("is the same for the same seed", async () => {
    const recorded = async (seed: number) => {
      const history = recordHistory<string, number>()
      await run(
        function* () {
          const box = new Mailbox<number>()
          for (let i = 0; i < 4; i++) {
            go(() => history.op("take", box.take))
            go(function* () {
              history.call("put", () => box.put(i))
            })
          }
          yield* sleep(1)
        },
        { plugins: [seeded(seed), virtualTime()] },
      )
      return [...history]
    }
    for (let seed = 0; seed < 20; seed++) expect(await recorded(seed)).toEqual(await recorded(seed))
    expect(await recorded(1)).not.toEqual(await recorded(2))
  })
})
