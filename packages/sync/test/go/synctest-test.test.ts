/** Go's internal/synctest, where its goroutines wait for a Cond or a WaitGroup. Weft's belong to no bubble. */
import { currentProcessor, go, hold, run, sleep } from "@weft/core"
import { synctest, waitIdle } from "@weft/core/testing"
import { Cond, Mutex, WaitGroup } from "@weft/sync"
import { describe, expect, it } from "vitest"

const now = (): number => currentProcessor().clock.now()

describe("internal/synctest", () => {
  it("Cond: who waits for it is idle, and time goes on", () =>
    synctest(function* () {
      const mu = new Mutex()
      const cond = new Cond(mu)
      let isSet = false
      const waiting = go(function* () {
        using _ = yield* mu.lock()
        while (!isSet) yield* cond.wait()
        return now()
      })
      yield* waitIdle()
      expect(waiting.waitReason).toBe("sync.Cond.Wait")
      yield* sleep("1 second")
      isSet = true
      cond.signal()
      expect(yield* waiting).toBe(1000)
    }))

  it("WaitGroupInBubble: who waits for it is idle: time goes on to the one that it waits for", () =>
    synctest(function* () {
      const wg = new WaitGroup()
      wg.go(function* () {
        yield* sleep("1 second")
      })
      yield* wg.wait()
      expect(now()).toBe(1000)
    }))

  it("WaitGroupOutOfBubble: one that is done from outside is waited for where somebody holds", async () => {
    const wg = new WaitGroup()
    wg.add(1)
    let isOver = false
    const inside = synctest(function* () {
      using _ = hold()
      yield* wg.wait()
      isOver = true
    })
    await run(function* () {
      yield* sleep(1)
    })
    expect(isOver).toBe(false)
    wg.done()
    await inside
    expect(isOver).toBe(true)
  })

  it("WaitGroupMovedIntoBubble: counted outside, done inside", async () => {
    const wg = new WaitGroup()
    wg.add(2)
    await synctest(function* () {
      wg.done()
      go(function* () {
        yield* sleep(1)
        wg.done()
      })
      yield* wg.wait()
      expect(now()).toBe(1)
    })
  })

  it("WaitGroupMovedOutOfBubble: counted inside, done outside", async () => {
    const wg = await synctest(function* () {
      const made = new WaitGroup()
      made.add(1)
      return made
    })
    await run(function* () {
      const waiting = go(wg.wait())
      wg.done()
      yield* waiting
    })
  })

  it("WaitGroupMovedBetweenBubblesWithNonZeroCount: counted in one, done in another", async () => {
    const wg = new WaitGroup()
    const waiting = synctest(function* () {
      using _ = hold()
      wg.add(1)
      yield* wg.wait()
    })
    await synctest(function* () {
      yield* sleep("1 hour")
      wg.done()
    })
    await waiting
  })

  it("WaitGroupMovedBetweenBubblesWithZeroCount, WaitGroupMovedBetweenBubblesAfterWait: used anew in the next", async () => {
    const wg = new WaitGroup()
    for (const delay of [1, 2, 3])
      await synctest(function* () {
        wg.go(function* () {
          yield* sleep(delay)
        })
        wg.add(1)
        go(function* () {
          yield* sleep(delay)
          wg.done()
        })
        yield* wg.wait()
        expect(now()).toBe(delay)
      })
  })

  it("WaitGroupHeapAllocated: one that is a part of something else is no other", () =>
    synctest(function* () {
      const job = { name: "job", done: new WaitGroup() }
      job.done.go(function* () {
        yield* sleep(5)
      })
      yield* job.done.wait()
      expect(now()).toBe(5)
    }))
})
