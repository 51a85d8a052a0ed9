/** Go's sync/once_test.go. */
import { chan } from "@weft/channels"
import { go, gosched } from "@weft/core"
import { Once } from "@weft/sync"
import { describe, expect } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"

describe("sync/once_test", () => {
  for (const [kind, body] of [
    ["plain", (increment: () => void) => increment],
    [
      "generator",
      (increment: () => void) =>
        function* () {
          yield* gosched()
          increment()
        },
    ],
  ] as const) {
    underSchedules(`Once: 10 racers run f once and see its effect (${kind})`, function* () {
      let o = 0
      const once = new Once()
      const c = chan<boolean>()
      for (let i = 0; i < 10; i++)
        go(function* () {
          yield* once.do(body(() => o++))
          expect(o).toBe(1)
          yield* c.send(true)
        })
      for (let i = 0; i < 10; i++) yield* c.receive()
      expect(o).toBe(1)
    })
  }

  underSchedules("OncePanic: a panic counts as done", function* () {
    const once = new Once()
    let caught: unknown
    try {
      yield* once.do(() => {
        throw new Error("failed")
      })
    } catch (error) {
      caught = error
    }
    expect((caught as Error).message).toBe("failed")
    yield* once.do(() => {
      throw new Error("Once.do called twice")
    })
  })
})
