/** Work of a SingleFlight that comes to wait for itself: a deadlock, which keeps nobody who leaves. */
import { select } from "@weft/channels"
import {
  currentProcessor,
  go,
  type Goroutine,
  GoroutineInterrupted,
  gosched,
  never,
  type Op,
  run,
  scope,
  sleep,
} from "@weft/core"
import { type Flown, SingleFlight } from "@weft/sync"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"
import { runVirtual, waitIdle } from "../../../core/test/support/virtual.ts"

describe("a SingleFlight whose work waits for itself", () => {
  /** Work of each of the keys waits for the next one's, and the last one's for the first one's. */
  const ring = (...keys: ReadonlyArray<string>) => {
    const flights = new SingleFlight<string, number>()
    const log: Array<string> = []
    const ask = (n: number): Op<Flown<number>> =>
      flights.do(keys[n]!, function* () {
        try {
          return (yield* ask((n + 1) % keys.length)).value
        } finally {
          log.push(keys[n]!)
        }
      })
    return { flights, log, ask }
  }

  it.each([[["a"]], [["a", "b"]], [["a", "b", "c"]]])("is a deadlock, which names who runs what: %j", async (keys) => {
    const { ask, log } = ring(...keys)
    await expect(run(ask(0), { deadlock: "fail" })).rejects.toThrow(
      /asleep[^]*SingleFlight\.Do\]: main[^]*the key "a", run by goroutine (\d+)\n[^]*the key "a", run by goroutine \1\n/,
    )
    expect(log.toSorted()).toEqual(keys)
  })

  it.each([
    [["a"], 0],
    [["a", "b"], 0],
    [["a", "b", "c"], 0],
    [["a", "b", "c"], 2],
  ])(
    "goes on for who waits for any of it, and ends when the last one from outside has left, who unwinds after it: %j, %j",
    async (keys, second) => {
      await runVirtual(function* () {
        const { ask, flights, log } = ring(...keys)
        const callers = [go(ask(0)), go(ask(second))]
        yield* waitIdle()
        callers[0]!.interrupt()
        yield* waitIdle()
        expect([callers[0]!.status, log]).toEqual(["done", []])
        callers[1]!.interrupt()
        yield* thrownBy(callers[1]!.join())
        expect(log.toSorted()).toEqual(keys)
        expect(yield* flights.do("a", constant)).toEqual({ value: 1, shared: false })
      })
    },
  )

  it("ends with its run, and with a select that took another case", async () => {
    const { ask, log } = ring("a", "b")
    await runVirtual(function* () {
      expect(yield* select({ flown: ask(0), late: sleep(5) })).toEqual({ case: "late", value: undefined })
      yield* waitIdle()
      expect(log.toSorted()).toEqual(["a", "b"])
      go(ask(1))
      yield* waitIdle()
    })
    expect(log.toSorted()).toEqual(["a", "a", "b", "b"])
  })

  it("ends where it waits in a select, for two SingleFlights, or for a key that was forgotten", () =>
    runVirtual(function* () {
      const one = new SingleFlight<string, number>()
      const other = new SingleFlight<string, number>()
      const log: Array<string> = []
      const first: Op<Flown<number>> = one.do("key", function* () {
        try {
          const hit = yield* select({ second, forgotten: other.do("forgotten", park), never })
          return hit.value.value
        } finally {
          log.push("first")
        }
      })
      const second: Op<Flown<number>> = other.do("key", function* () {
        try {
          return (yield* first).value
        } finally {
          log.push("second")
        }
      })
      const caller = go(first)
      yield* waitIdle()
      other.forget("key")
      other.forget("forgotten")
      caller.interrupt()
      yield* thrownBy(caller.join())
      expect(log).toEqual(["second", "first"])
    }))

  it("ends where a goroutine of its scope, or of another's scope, is the one that waits and leaves last", () =>
    runVirtual(function* () {
      const flights = new SingleFlight<string, number>()
      const asking: Array<Goroutine<Flown<number>>> = []
      const ask = (key: string, next: string): Op<Flown<number>> =>
        flights.do(key, function* () {
          yield* scope(function* (s) {
            asking.push(
              s.go(function* () {
                return yield* ask(next, key)
              }),
            )
          })
          return 1
        })
      for (const [key, next] of [
        ["a", "a"],
        ["b", "c"],
      ] as const) {
        const callers = [go(ask(key, next)), go(ask(next, key))]
        yield* waitIdle()
        for (const caller of callers) caller.interrupt()
        yield* waitIdle()
        expect(callers.map(({ status }) => status)).toEqual(["done", "done"])
        asking.at(-1)!.interrupt()
        yield* waitIdle()
        expect(asking.map(({ status }) => status)).toEqual(asking.map(() => "done"))
      }
    }))

  it("ends with its run where an effect of its own waits for it", () =>
    run(function* () {
      const flights = new SingleFlight<string, number>()
      const ask: Op<Flown<number>> = flights.do("key", function* () {
        return yield* Effect.map(ask, ({ value }) => value)
      })
      const caller = go(ask)
      for (let i = 0; i < 3; i++) yield* gosched()
      expect(ask.wakers).toEqual([caller.id + 1])
      caller.interrupt()
      yield* thrownBy(caller.join())
    }))

  it("lets the finally block of interrupted work wait for other work, and tells it that this was interrupted", () =>
    runVirtual(function* () {
      const flights = new SingleFlight<string, number>()
      const log: Array<unknown> = []
      let runner!: Goroutine
      const b: Op<Flown<number>> = flights.do("b", function* () {
        runner = currentProcessor().current!
        try {
          return yield* never
        } finally {
          log.push(yield* thrownBy(a))
        }
      })
      const a: Op<Flown<number>> = flights.do("a", function* () {
        return (yield* select({ b })).value.value
      })
      const caller = go(a)
      yield* waitIdle()
      runner.interrupt()
      yield* waitIdle()
      expect(log).toEqual([])
      caller.interrupt()
      yield* waitIdle()
      expect([log, caller.status]).toEqual([[expect.any(GoroutineInterrupted)], "done"])
    }))
})

function* park() {
  return yield* never
}

function* constant() {
  return 1
}
