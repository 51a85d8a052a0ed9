import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { Mailbox } from "../test/support/mailbox.ts"
import { thrownBy } from "../test/support/thrown-by.ts"
import { runVirtual, waitIdle } from "../test/support/virtual.ts"
import { failure, go, type Goroutine, GoroutinePanic, gosched, goexit, interruptedBy, never, sleep } from "./index.ts"

describe("interrupt", () => {
  it("before the first step: the body never runs, nor its finally, but onExit does", () =>
    runVirtual(function* () {
      const order: Array<string> = []
      const goroutine = go(function* () {
        try {
          order.push("body")
        } finally {
          order.push("finally")
        }
      })
      goroutine.onExit(() => order.push("exit"))
      goroutine.interrupt()
      yield* waitIdle()
      expect(order).toEqual(["exit"])
      expect(goroutine.status).toBe("done")
    }))

  it("while parked: it is withdrawn at once and unwinds from there", () =>
    runVirtual(function* () {
      const box = new Mailbox<number>()
      const order: Array<string> = []
      const goroutine = go(function* () {
        try {
          yield* box.take
          order.push("taken")
        } finally {
          order.push("finally")
        }
      })
      yield* gosched()
      goroutine.interrupt()
      expect(box.waiters.length).toBe(0)
      expect(order).toEqual([])
      yield* gosched()
      expect(order).toEqual(["finally"])
    }))

  it("when a value was committed to it already: it runs with the value up to its next op", () =>
    runVirtual(function* () {
      const box = new Mailbox<number>()
      const order: Array<unknown> = []
      const goroutine = go(function* () {
        try {
          order.push(yield* box.take)
          yield* gosched()
          order.push("next")
        } finally {
          order.push("finally")
        }
      })
      yield* gosched()
      box.put(7)
      goroutine.interrupt()
      yield* waitIdle()
      expect(order).toEqual([7, "finally"])
    }))

  it("when a value was committed to it already: a ready op after it takes nothing", () =>
    runVirtual(function* () {
      const box = new Mailbox<number>()
      const goroutine = go(function* () {
        for (;;) yield* box.take
      })
      yield* gosched()
      box.put(1)
      box.put(2)
      goroutine.interrupt()
      yield* waitIdle()
      expect([goroutine.status, box.values]).toEqual(["done", [2]])
    }))

  it("when a failure was committed to it already: it is thrown, and a ready op after it takes nothing", () =>
    runVirtual(function* () {
      const box = new Mailbox<number>()
      const caught: Array<unknown> = []
      const goroutine = go(function* () {
        try {
          yield* box.take
        } catch (error) {
          caught.push(error)
        }
        yield* box.take
      })
      yield* gosched()
      box.fail(failure("failed"))
      box.put(2)
      goroutine.interrupt()
      yield* waitIdle()
      expect([goroutine.status, caught, box.values]).toEqual(["done", ["failed"], [2]])
    }))

  it("when it has given way: it unwinds without going on", () =>
    runVirtual(function* () {
      const order: Array<string> = []
      const goroutine = go(function* () {
        try {
          yield* gosched()
          order.push("on")
        } finally {
          order.push("finally")
        }
      })
      yield* gosched()
      goroutine.interrupt()
      yield* waitIdle()
      expect(order).toEqual(["finally"])
    }))

  it("by itself, while running: at its next op, be that ready or not", () =>
    runVirtual(function* () {
      const box = new Mailbox<number>()
      box.put(1)
      const order: Array<string> = []
      const goroutine: Goroutine = go(function* () {
        try {
          goroutine.interrupt()
          order.push("still runs")
          yield* box.take
          order.push("not reached")
        } finally {
          order.push("finally")
        }
      })
      yield* waitIdle()
      expect(order).toEqual(["still runs", "finally"])
      expect(box.values).toEqual([1])
    }))

  it("by itself, while running: a plain Effect after it is not run", () =>
    runVirtual(function* () {
      let isRun = false
      const goroutine: Goroutine = go(function* () {
        goroutine.interrupt()
        yield* Effect.sync(() => void (isRun = true))
      })
      yield* waitIdle()
      expect([goroutine.status, isRun]).toEqual(["done", false])
    }))

  it("by a fiber that it resumes in place, while running: a ready op after it takes nothing", () =>
    runVirtual(function* () {
      const [box, wake] = [new Mailbox<number>(), new Mailbox<void>()]
      box.put(1)
      Effect.runFork(Effect.map(wake.take, () => goroutine.interrupt()))
      const goroutine: Goroutine = go(function* () {
        wake.put()
        yield* box.take
      })
      yield* waitIdle()
      expect([goroutine.status, box.values]).toEqual(["done", [1]])
    }))

  it("by a fiber that the same wake-up resumed before it: it unwinds once, and its finally is left in peace", () =>
    runVirtual(function* () {
      const [box, later] = [new Mailbox<void>(), new Mailbox<void>()]
      Effect.runFork(Effect.map(box.take, () => goroutine.interrupt()))
      const goroutine = go(function* () {
        try {
          yield* box.take
        } finally {
          yield* later.take
        }
      })
      yield* waitIdle()
      expect(box.waiters.length).toBe(2)
      box.waiters.commitAll(undefined)
      yield* waitIdle()
      expect([goroutine.status, later.waiters.length]).toEqual(["waiting", 1])
      later.put()
      yield* waitIdle()
      expect(goroutine.status).toBe("done")
    }))

  it("in a loop of ready ops that never parks: it ends", () =>
    runVirtual(function* () {
      const box = new Mailbox<number>()
      const goroutine = go(function* () {
        for (;;) {
          box.put(1)
          yield* box.take
        }
      })
      yield* gosched()
      goroutine.interrupt()
      yield* waitIdle()
      expect(goroutine.status).toBe("done")
    }))

  it("twice, or after the end, does nothing: a finally that waits is left in peace", () =>
    runVirtual(function* () {
      const order: Array<string> = []
      const goroutine = go(function* () {
        try {
          yield* never
        } finally {
          yield* sleep(10)
          order.push("cleaned up")
        }
      })
      yield* waitIdle()
      goroutine.interrupt()
      yield* waitIdle()
      expect([goroutine.status, goroutine.waitReason]).toEqual(["waiting", "sleep"])
      goroutine.interrupt()
      yield* sleep(20)
      goroutine.interrupt()
      expect(order).toEqual(["cleaned up"])
    }))

  it("lets nested finally blocks wait, one after another, and their values arrive", () =>
    runVirtual(function* () {
      const box = new Mailbox<string>()
      const order: Array<string> = []
      const goroutine = go(function* () {
        try {
          try {
            yield* never
          } finally {
            order.push(yield* box.take)
          }
        } finally {
          order.push(yield* box.take)
        }
      })
      yield* waitIdle()
      goroutine.interrupt()
      yield* waitIdle()
      box.put("inner")
      yield* waitIdle()
      box.put("outer")
      yield* waitIdle()
      expect(order).toEqual(["inner", "outer"])
    }))

  it("reaches ops of generators that the body delegates to, innermost finally first", () =>
    runVirtual(function* () {
      const order: Array<string> = []
      function* inner() {
        try {
          yield* never
        } finally {
          order.push("inner")
        }
      }
      const goroutine = go(function* () {
        try {
          yield* inner()
        } finally {
          order.push("outer")
        }
      })
      yield* gosched()
      goroutine.interrupt()
      yield* waitIdle()
      expect(order).toEqual(["inner", "outer"])
    }))

  it("disposes of what the body is using", () =>
    runVirtual(function* () {
      let isDisposed = false
      const goroutine = go(function* () {
        using _ = { [Symbol.dispose]: () => void (isDisposed = true) }
        yield* never
      })
      yield* gosched()
      goroutine.interrupt()
      yield* waitIdle()
      expect(isDisposed).toBe(true)
    }))

  it("can't be caught", () =>
    runVirtual(function* () {
      let isCaught = false
      const goroutine = go(function* () {
        try {
          yield* never
        } catch {
          isCaught = true
        }
      })
      yield* gosched()
      goroutine.interrupt()
      yield* waitIdle()
      expect([goroutine.status, isCaught]).toEqual(["done", false])
    }))

  it("whose finally throws is a panic", async () => {
    const ended = runVirtual(function* () {
      const goroutine = go(function* () {
        try {
          yield* never
        } finally {
          // eslint-disable-next-line no-unsafe-finally
          throw new Error("in finally")
        }
      })
      yield* gosched()
      goroutine.interrupt()
      yield* never
    })
    const error: unknown = await ended.catch((error: unknown) => error)
    expect(error).toBeInstanceOf(GoroutinePanic)
    expect(error).toMatchObject({ cause: { message: "in finally" } })
  })

  it("in a finally that waits on the way of a throw: the throw is lost, as JavaScript's return replaces it", () =>
    runVirtual(function* () {
      const goroutine = go(function* () {
        try {
          throw new Error("replaced")
        } finally {
          yield* never
        }
      })
      yield* gosched()
      goroutine.interrupt()
      yield* gosched()
      expect(goroutine.wasInterrupted).toBe(true)
    }))

  it("ends as interrupted, also where a finally returns a value", () =>
    runVirtual(function* () {
      const goroutine = go(function* () {
        try {
          yield* never
        } finally {
          // eslint-disable-next-line no-unsafe-finally
          return 5
        }
      })
      yield* gosched()
      goroutine.interrupt()
      yield* waitIdle()
      expect(goroutine.wasInterrupted).toBe(true)
      expect(goroutine.exit).toMatchObject({ _tag: "Failure" })
    }))
})

describe("goexit", () => {
  it("ends the goroutine that yields it, running its finally blocks, which may wait", () =>
    runVirtual(function* () {
      const order: Array<string> = []
      const goroutine = go(function* () {
        try {
          yield* goexit()
          order.push("not reached")
        } finally {
          yield* sleep(5)
          order.push("finally")
        }
      })
      yield* sleep(10)
      expect(order).toEqual(["finally"])
      expect(goroutine.wasInterrupted).toBe(true)
    }))

  it("can't be caught, and in a finally it ends that too", () =>
    runVirtual(function* () {
      const order: Array<string> = []
      const goroutine = go(function* () {
        try {
          try {
            yield* goexit()
          } catch {
            order.push("caught")
          } finally {
            yield* goexit()
            order.push("not reached")
          }
        } finally {
          order.push("outer")
        }
      })
      yield* waitIdle()
      expect([goroutine.status, order]).toEqual(["done", ["outer"]])
    }))

  it("for a reason that has an error is no panic, and whoever joins is thrown that, in time or late", () =>
    runVirtual(function* () {
      const why = new Error("why")
      function* ends() {
        yield* sleep(1)
        yield* interruptedBy(why)
      }
      const [joined, unjoined] = [go(ends), go(ends)]
      const inTime = go(thrownBy, joined.join())
      yield* waitIdle()
      expect(yield* inTime).toBe(why)
      expect(yield* thrownBy(unjoined.join())).toBe(why)
      expect(unjoined.wasInterrupted).toBe(true)
    }))

  it("in plain async code is refused", async () => {
    await expect(goexit().promise()).rejects.toThrow("weft: goexit ends a goroutine; write `yield* goexit()` in one")
  })
})
