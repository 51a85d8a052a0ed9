/** x/sync's singleflight/singleflight_test.go: the op that `do` gives is what `Do` and `DoChan` are in Go. */
import { chan } from "@weft/channels"
import { go, goexit, GoroutinePanic, gosched, run, sleep } from "@weft/core"
import { SingleFlight, WaitGroup } from "@weft/sync"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"
import { runVirtual, waitIdle } from "../../../core/test/support/virtual.ts"

const virtual = { time: "virtual" } as const

describe("x/sync/singleflight", () => {
  underSchedules("Do: gives the value", function* () {
    const flights = new SingleFlight<string, string>()
    const flown = yield* flights.do("key", function* () {
      return "bar"
    })
    expect(flown).toEqual({ value: "bar", shared: false })
  })

  underSchedules("DoErr: gives the error, a failure or a throw", function* () {
    const someError = new Error("Some error")
    const flights = new SingleFlight<string, string, Error>()
    const failing = function* () {
      yield* Effect.fail(someError)
      return "not reached"
    }
    const throwing = function* () {
      yield* gosched()
      throw someError
    }
    expect(yield* thrownBy(flights.do("key", failing))).toBe(someError)
    expect(yield* thrownBy(flights.do("key", throwing))).toBe(someError)
  })

  underSchedules("DoDupSuppress: ten callers, fewer runs than ten, one value", function* () {
    const flights = new SingleFlight<string, string>()
    const ch = chan<string>(1)
    let calls = 0
    const n = 10
    const wg = new WaitGroup()
    for (let i = 0; i < n; i++) {
      wg.go(function* () {
        const { value } = yield* flights.do("key", function* () {
          calls++
          const v = (yield* ch.receive())!
          // For any later call.
          yield* ch.send(v)
          for (let k = 0; k < 40; k++) yield* gosched()
          return v
        })
        expect(value).toBe("bar")
      })
    }
    while (calls === 0) yield* gosched()
    for (let k = 0; k < 40; k++) yield* gosched()
    yield* ch.send("bar")
    yield* wg.wait()
    expect(calls).toBeGreaterThan(0)
    expect(calls).toBeLessThan(n)
  })

  underSchedules(
    "Forget: the next call runs anew, and the old run's end does not remove it",
    function* () {
      const flights = new SingleFlight<string, number>()
      const [unblockFirst, unblockSecond] = [chan<void>(), chan<void>()]
      const returning = (value: number, gate: { receive: typeof unblockFirst.receive } | undefined) =>
        function* () {
          if (gate !== undefined) yield* gate.receive()
          return value
        }
      const first = go(flights.do("key", returning(1, unblockFirst)))
      yield* waitIdle()
      flights.forget("key")
      const second = go(flights.do("key", returning(2, unblockSecond)))
      yield* waitIdle()
      unblockFirst.close()
      yield* first
      const third = go(flights.do("key", returning(3, undefined)))
      yield* waitIdle()
      unblockSecond.close()
      yield* second
      expect((yield* third).value).toBe(2)
    },
    virtual,
  )

  underSchedules(
    "DoChan, ExampleGroup: two share the first one's result",
    function* () {
      const flights = new SingleFlight<string, string>()
      const block = chan<void>()
      const named = (name: string) =>
        function* () {
          yield* block.receive()
          return name
        }
      const first = go(flights.do("key", named("func 1")))
      yield* waitIdle()
      const second = go(flights.do("key", named("func 2")))
      yield* waitIdle()
      block.close()
      const flown = { value: "func 1", shared: true }
      expect([yield* first, yield* second]).toEqual([flown, flown])
    },
    virtual,
  )

  underSchedules("PanicDo: each of five callers gets the throw, and none hangs", function* () {
    const flights = new SingleFlight<string, never>()
    const error = new Error("invalid memory address or nil pointer dereference")
    const callers = [1, 2, 3, 4, 5].map(() =>
      go(() =>
        thrownBy(
          flights.do("key", function* () {
            yield* gosched()
            throw error
          }),
        ),
      ),
    )
    for (const caller of callers) expect(yield* caller).toBe(error)
  })

  underSchedules("GoexitDo: each of five callers is told, and none hangs", function* () {
    const flights = new SingleFlight<string, never>()
    const callers = [1, 2, 3, 4, 5].map(() =>
      go(() =>
        thrownBy(
          flights.do("key", function* () {
            return yield* goexit()
          }),
        ),
      ),
    )
    for (const caller of callers) expect(yield* caller).toMatchObject({ name: "GoroutineInterrupted" })
  })

  it("PanicDoChan: a panic fails the run where a caller does not catch it", async () => {
    const flights = new SingleFlight<string, never>()
    const ended = runVirtual(function* () {
      go(
        flights.do("", function* () {
          yield* gosched()
          throw new Error("Panicking in DoChan")
        }),
      )
      yield* sleep(1)
    })
    await expect(ended).rejects.toThrow(GoroutinePanic)
    await expect(ended).rejects.toThrow("Panicking in DoChan")
  })

  it("PanicDoSharedByDoChan: also where another caller has caught it", async () => {
    const flights = new SingleFlight<string, never>()
    const caught: Array<unknown> = []
    const ended = runVirtual(function* () {
      const unblock = chan<void>()
      const catching = go(function* () {
        caught.push(
          yield* thrownBy(
            flights.do("", function* () {
              yield* unblock.receive()
              throw new Error("Panicking in Do")
            }),
          ),
        )
      })
      yield* waitIdle()
      go(
        flights.do("", function* () {
          throw new Error("DoChan unexpectedly executed callback")
        }),
      )
      yield* waitIdle()
      unblock.close()
      yield* catching
      yield* sleep(1)
    })
    await expect(ended).rejects.toThrow("Panicking in Do")
    expect(caught).toEqual([new Error("Panicking in Do")])
  })

  it("PanicErrorUnwrap: what was thrown is kept, an error or not", () =>
    run(function* () {
      const flights = new SingleFlight<string, never>()
      for (const value of ["string value", new RangeError("error value")]) {
        const error = yield* thrownBy(
          flights.do("key", function* () {
            yield* gosched()
            throw value
          }),
        )
        expect(error).toBe(value)
      }
    }))
})
