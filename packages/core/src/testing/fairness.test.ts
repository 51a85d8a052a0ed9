import { describe, expect, it } from "vitest"
import { go, gosched, Op } from "../index.ts"
import { explore } from "./explore.ts"

const ready = Op.make<void>({
  name: "ready",
  poll: () => undefined,
  enqueue() {},
  dequeue() {},
})

describe("a schedule", () => {
  it("lets others have their turn where one never gives way", async () => {
    const { failure } = await explore({ preemptions: 0, steps: 300 }, function* () {
      const flag = { isSet: false }
      go(function* () {
        flag.isSet = true
      })
      while (!flag.isSet) yield* ready
    })
    expect(failure).toBeUndefined()
  })

  it("lets others have their turn where two give way to each other only", async () => {
    const { complete, failure } = await explore({ preemptions: 0, steps: 300 }, function* () {
      let isSet = false
      const poll = function* () {
        while (!isSet) yield* gosched()
      }
      const all = [go(poll), go(poll)]
      all.push(
        go(function* () {
          isSet = true
        }),
      )
      for (const goroutine of all) yield* goroutine
    })
    expect(failure).toBeUndefined()
    expect(complete).toBe(true)
  })
})
