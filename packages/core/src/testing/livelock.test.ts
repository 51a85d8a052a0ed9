import { describe, expect, it } from "vitest"
import { go } from "../go.ts"
import { gosched } from "../gosched.ts"
import { sleep } from "../sleep.ts"
import { explore } from "./explore.ts"
import { Livelock } from "./livelock.ts"

function* poller(isReady: () => boolean) {
  while (!isReady()) yield* gosched()
}

describe("a livelock", () => {
  it("is told with its steps, where each goroutine is, and what to do", async () => {
    const { failure } = await explore({ steps: 300 }, function* () {
      go(poller, () => false)
      yield* sleep(1)
    })
    expect(failure?.error).toBeInstanceOf(Livelock)
    const { message, steps } = failure!.error as Livelock
    expect(steps).toBe(300)
    expect(message).toContain("livelock: not ended after 300 steps")
    expect(message).toMatch(/goroutine 2 \[runnable\]: poller/)
    expect(message).toMatch(/goroutine 1 \[sleep\]: main/)
    expect(message).toContain("raise the bound: { steps: 100_000 }")
  })

  it("is none where the one that is waited for by giving way gets its turn, in every schedule", async () => {
    const { complete } = await explore({ steps: 300 }, function* () {
      let isReady = false
      go(function* () {
        yield* gosched()
        isReady = true
      })
      yield* go(poller, () => isReady)
    })
    expect(complete).toBe(true)
  })

  it("is none in the other strategies either: they starve nobody", async () => {
    for (const strategy of ["random", "pct"] as const) {
      const { failure } = await explore({ strategy, steps: 2000, schedules: 500 }, function* () {
        const ready = [false, false]
        const setters = ready.map((_, i) =>
          go(function* () {
            yield* gosched()
            ready[i] = true
          }),
        )
        yield* go(poller, () => ready.every((isReady) => isReady))
        for (const setter of setters) yield* setter
      })
      expect(failure).toBeUndefined()
    }
  })

  it("is one of two that spin for each other", async () => {
    const { failure } = await explore({ steps: 300 }, function* () {
      const wants = [true, true]
      const polite = [0, 1].map((i) =>
        go(function* () {
          yield* poller(() => !wants[1 - i]!)
          wants[i] = false
        }),
      )
      for (const goroutine of polite) yield* goroutine
    })
    expect(failure?.error).toMatchObject({ name: "Livelock" })
  })
})
