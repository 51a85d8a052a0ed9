/** Go's sync/example_test.go. */
import { chan } from "@weft/channels"
import { go, type Op, sleep } from "@weft/core"
import { Once, onceValue, WaitGroup } from "@weft/sync"
import { describe, expect } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"

const delays = { "golang.org": 30, "google.com": 10, "example.com": 20 }

describe("sync/example_test", () => {
  for (const [how, start] of [
    ["go", (wg: WaitGroup, fetch: () => Generator<Op<void>, void, unknown>) => void wg.go(fetch)],
    [
      "add and done",
      (wg: WaitGroup, fetch: () => Generator<Op<void>, void, unknown>) => {
        wg.add(1)
        go(function* () {
          try {
            yield* fetch()
          } finally {
            wg.done()
          }
        })
      },
    ],
  ] as const) {
    underSchedules(
      `WaitGroup: waits until every fetch has completed, counted by ${how}`,
      function* () {
        const wg = new WaitGroup()
        const fetched: Array<string> = []
        for (const [url, millis] of Object.entries(delays)) {
          start(wg, function* () {
            yield* sleep(millis)
            fetched.push(url)
          })
        }
        expect(fetched).toEqual([])
        yield* wg.wait()
        expect(fetched).toEqual(["google.com", "example.com", "golang.org"])
      },
      { time: "virtual" },
    )
  }

  /** Runs `call` in 10 goroutines, and waits for all. */
  function* inTen(call: () => Op<unknown>): Generator<Op<unknown>, Array<unknown>, unknown> {
    const done = chan<unknown>()
    for (let i = 0; i < 10; i++)
      go(function* () {
        yield* done.send(yield* call())
      })
    const got: Array<unknown> = []
    for (let i = 0; i < 10; i++) got.push(yield* done.receive())
    return got
  }

  underSchedules("Once: ten goroutines print only once", function* () {
    const printed: Array<string> = []
    const once = new Once()
    yield* inTen(() => once.do(() => printed.push("Only once")))
    expect(printed).toEqual(["Only once"])
  })

  underSchedules("OnceValue: an expensive computation, once", function* () {
    const printed: Array<string> = []
    const once = onceValue(() => {
      let sum = 0
      for (let i = 0; i < 1000; i++) sum += i
      printed.push(`Computed once: ${sum}`)
      return sum
    })
    expect(yield* inTen(once)).toEqual(Array(10).fill(499500))
    expect(printed).toEqual(["Computed once: 499500"])
  })

  underSchedules("OnceValues: reads a file once, its text and no error", function* () {
    const printed: Array<string> = []
    const once = onceValue(function* (): Generator<Op<void>, [string, undefined], never> {
      printed.push("Reading file once")
      yield* sleep(1)
      return ["text", undefined]
    })
    expect(yield* inTen(once)).toEqual(Array(10).fill(["text", undefined]))
    expect(printed).toEqual(["Reading file once"])
  })
})
