/** Go's internal/synctest, what needs no channel: a bubble is a `synctest`. */
import { context, currentProcessor, go, gosched, never, Op, sleep } from "@weft/core"
import { explore, LeakedGoroutines, shadow, synctest, waitIdle } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { Mailbox } from "../support/mailbox.ts"

const epoch = Date.UTC(2000, 0, 1)
const now = (): number => currentProcessor().clock.wallNow()

describe("internal/synctest", () => {
  it("Now: the clock of a bubble starts at midnight UTC of 2000-01-01, in main and in those that it starts", () =>
    synctest(function* () {
      expect(now()).toBe(epoch)
      const other = go(function* () {
        yield* sleep(1000)
        return now()
      })
      yield* sleep(1000)
      expect([now(), yield* other]).toEqual([epoch + 1000, epoch + 1000])
    }))

  it("RunEmpty: a bubble that does nothing ends", () => synctest(function* () {}))

  it("SimpleWait: with nobody else there is nothing to wait for", () =>
    synctest(function* () {
      yield* waitIdle()
      expect(now()).toBe(epoch)
    }))

  it("GoroutineWait: one that has ended by then is waited for, and so is one that parks", () =>
    synctest(function* () {
      let steps = 0
      go(function* () {
        for (let i = 0; i < 10; i++) {
          steps++
          yield* gosched()
        }
      })
      const parked = go(never)
      yield* waitIdle()
      expect([steps, parked.status]).toEqual([10, "waiting"])
      parked.interrupt()
    }))

  it("DeadlockRoot: main waits for what nobody does", async () => {
    const stuck = synctest(function* () {
      yield* never
    })
    await expect(stuck).rejects.toThrow("all goroutines are asleep - deadlock!")
  })

  it("DeadlockChild: main is gone, and a goroutine that waits remains", async () => {
    const left = synctest(function* () {
      go(never)
    })
    await expect(left).rejects.toThrow(LeakedGoroutines)
    await expect(left).rejects.toThrow("main returned and left 1 goroutine behind")
  })

  it("DeadlockTicker: time stands still once main is gone, so that a ticker's loop remains", async () => {
    const ticks: Array<number> = []
    const left = synctest(function* () {
      go(function* ticker() {
        for (;;) {
          yield* sleep(1000)
          ticks.push(now() - epoch)
        }
      })
      yield* sleep(2500)
    })
    await expect(left).rejects.toMatchObject({ name: "LeakedGoroutines", goroutines: [{ name: "ticker" }] })
    expect(ticks).toEqual([1000, 2000])
  })

  it("HappensBefore: what others did before they ended or parked is before what follows waitIdle: no data race", () =>
    explore.check({}, function* () {
      const [one, two] = [shadow(1), shadow(1)]
      const both = () => [one, two].map((variable) => variable.value++)
      for (const variable of [one, two])
        go(function* () {
          variable.value++
        })
      yield* waitIdle()
      both()
      const box = new Mailbox<number>()
      for (const variable of [one, two])
        go(function* () {
          variable.value++
          yield* box.take
        })
      yield* waitIdle()
      expect(both()).toEqual([4, 4])
      box.put(1)
      box.put(2)
    }))

  it("TimerFromOutsideBubble: what ends by the host's time is waited for in it", () =>
    synctest(function* () {
      const other = go(sleep("1 hour"))
      const began = performance.now()
      yield* Op.fromPromise(() => new Promise((resolve) => setTimeout(resolve, 10)))
      expect(performance.now() - began).toBeGreaterThanOrEqual(9)
      expect(now()).toBe(epoch)
      yield* other
    }))
})

describe("testing/synctest", () => {
  it("Success: a test that passes, passes", () =>
    synctest(function* () {
      yield* sleep(1)
    }))

  it("Fatal: what is thrown ends the test, once, and the others are cleaned up", async () => {
    const log: Array<string> = []
    const failing = synctest(function* () {
      go(function* () {
        try {
          yield* never
        } finally {
          log.push("cleaned up")
        }
      })
      yield* waitIdle()
      log.push("fails")
      throw new Error("fatal")
    })
    await expect(failing).rejects.toThrow("fatal")
    expect(log).toEqual(["fails", "cleaned up"])
  })

  it("Error: an error thrown in another goroutine fails the test, naming it", async () => {
    const failing = synctest(function* () {
      go.named("worker", function* () {
        throw new Error("in a worker")
      })
      yield* sleep(1)
    })
    await expect(failing).rejects.toMatchObject({
      name: "GoroutinePanic",
      goroutine: "worker",
      cause: { message: "in a worker" },
    })
  })

  it("Skip: what a runner throws to skip a test comes through as it is", async () => {
    const skip = Object.assign(new Error("skipped"), { code: "VITEST_PENDING" })
    const skipped = synctest(function* () {
      yield* sleep(1)
      throw skip
    })
    await expect(skipped).rejects.toBe(skip)
  })

  it("Cleanup: finally blocks run in the bubble, in its time, those that wait included", async () => {
    const log: Array<number> = []
    await synctest(function* () {
      try {
        yield* sleep(1000)
      } finally {
        log.push(now() - epoch)
        const box = new Mailbox<number>()
        go(function* () {
          yield* sleep(500)
          box.put(now() - epoch)
        })
        log.push(yield* box.take)
      }
    })
    expect(log).toEqual([1000, 1500])
  })

  it("Context: one that main cancels at its end ends those that wait for it, before the test is over", async () => {
    let ended = ""
    await synctest(function* () {
      const [ctx, cancel] = context.withCancel(context.background)
      go(function* () {
        yield* ctx.done
        ended = ctx.err!.message
      })
      try {
        yield* sleep("1 minute")
      } finally {
        cancel()
      }
    })
    expect(ended).toBe("context canceled")
  })

  it("ContextAfterFunc: not called before the cancel, and called once all are idle after it", () =>
    synctest(function* () {
      const [ctx, cancel] = context.withCancel(context.background)
      let isCalled = false
      context.afterFunc(ctx, () => {
        isCalled = true
      })
      yield* waitIdle()
      expect(isCalled).toBe(false)
      cancel()
      yield* waitIdle()
      expect(isCalled).toBe(true)
    }))

  it("ContextWithTimeout: not over a nanosecond before its time, and over then", () =>
    synctest(function* () {
      const [ctx] = context.withTimeout(context.background, "5 seconds")
      yield* sleep(5000 - 1e-6)
      yield* waitIdle()
      expect(ctx.err).toBeUndefined()
      yield* sleep(1e-6)
      yield* waitIdle()
      expect(ctx.err).toMatchObject({ name: "DeadlineExceeded", message: "context deadline exceeded" })
    }))
})
