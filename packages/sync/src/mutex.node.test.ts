import { go, gosched, run } from "@weft/core"
import { describe, expect, it } from "vitest"
import { isCollected } from "../../core/test/support/collected.node.ts"
import { Mutex } from "./mutex.ts"

describe("a Mutex", () => {
  it("holds neither the goroutine that has it nor one that waited for it", async () => {
    const mutex = new Mutex()
    const made: Array<WeakRef<object>> = []
    await run(function* () {
      const holder = go(function* () {
        yield* mutex.lock()
      })
      yield* holder
      const waiters = [
        go(mutex.lock()),
        go(function* () {
          yield* mutex.lock()
        }),
      ]
      for (let i = 0; i < 5; i++) yield* gosched()
      for (const waiter of waiters) waiter.interrupt()
      for (const goroutine of [holder, ...waiters]) made.push(new WeakRef(goroutine))
    })
    expect(mutex.locked).toBe(true)
    for (const goroutine of made) expect(await isCollected(() => goroutine)).toBe(true)
    mutex.unlock()
  })
})
