/** Go's sync/example_test.go, as far as there is a WaitGroup. */
import { go, type Op, sleep } from "@weft/core"
import { WaitGroup } from "@weft/sync"
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
})
