import {
  context,
  ContextCanceled,
  go,
  goexit,
  goroutines,
  gosched,
  InvalidBody,
  never,
  NotReady,
  Op,
  Panic,
  run,
  runExit,
  sleep,
} from "@weft/core"
import { Effect, Exit } from "effect"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../core/test/support/thrown-by.ts"
import { underSchedules } from "../../core/test/support/under-schedules.ts"
import { runVirtual, waitIdle } from "../../core/test/support/virtual.ts"
import { ErrorGroup, ErrorGroupActive } from "./error-group.ts"
import { InvalidAmount } from "./invalid-amount.ts"

const boom = new Error("boom")

function* throwing(error: unknown) {
  yield* gosched()
  throw error
}

describe("ErrorGroup", () => {
  underSchedules("waits for all its members, and passes on the first error; the others run to their end", function* () {
    const group = new ErrorGroup()
    const ended: Array<number> = []
    for (const n of [1, 2, 3]) {
      group.go(function* () {
        for (let i = 0; i < n; i++) yield* gosched()
        ended.push(n)
        if (n === 2) throw boom
      })
    }
    expect(yield* thrownBy(group.wait())).toBe(boom)
    expect(ended.sort()).toEqual([1, 2, 3])
    expect(yield* thrownBy(group.wait())).toBe(boom)
  })

  it("drops all errors but the first, which ends the context as its cause at once", () =>
    runVirtual(function* () {
      const group = new ErrorGroup()
      const seen: Array<unknown> = []
      group.go(throwing, boom)
      group.go(function* () {
        yield* group.context.done
        seen.push(group.context.cause)
        throw new Error("because of that")
      })
      expect(yield* thrownBy(group.wait())).toBe(boom)
      expect(seen).toEqual([boom])
      expect(group.context.err).toBeInstanceOf(ContextCanceled)
    }))

  it("keeps an error for a wait that comes later; no panic, though nobody waits yet", () =>
    runVirtual(function* () {
      const group = new ErrorGroup()
      group.go(throwing, boom)
      yield* waitIdle()
      expect(group.context.cause).toBe(boom)
      expect(yield* thrownBy(group.wait())).toBe(boom)
    }))

  it("passes a typed failure on as one", async () => {
    const group = new ErrorGroup<string>()
    const exit = await runExit(function* () {
      group.go(function* () {
        yield* Effect.fail("no luck")
      })
      yield* group.wait()
    })
    expect(exit).toEqual(Exit.fail("no luck"))
    expect(await Effect.runPromiseExit(group.wait())).toEqual(Exit.fail("no luck"))
  })

  it("ends its context when a wait returns, also one that nobody had to wait for", () =>
    runVirtual(function* () {
      const [empty, busy] = [new ErrorGroup(), new ErrorGroup()]
      yield* empty.wait()
      busy.go(function* () {
        yield* sleep(1)
      })
      yield* waitIdle()
      expect([empty.context.cause, busy.context.err]).toEqual([new ContextCanceled(), undefined])
      yield* busy.wait()
      expect(busy.context.cause).toBeInstanceOf(ContextCanceled)
    }))

  it("keeps its context alive while all members have ended and nobody has waited", () =>
    runVirtual(function* () {
      const group = new ErrorGroup()
      group.go(function* () {})
      yield* waitIdle()
      expect(group.context.err).toBeUndefined()
      group.go(function* () {
        expect(group.context.err).toBeUndefined()
      })
      yield* group.wait()
    }))

  it("has a context below the one it was given", () =>
    run(function* () {
      const [parent, cancel] = context.withCancel(context.withValue(context.background, "key", "value"))
      const group = new ErrorGroup(parent)
      expect(group.context.value("key")).toBe("value")
      group.go(function* () {
        yield* group.context.done
        throw boom
      })
      cancel("enough")
      expect(yield* thrownBy(group.wait())).toBe(boom)
      expect([group.context.cause, parent.cause]).toEqual(["enough", "enough"])
    }))

  it("can be used again, and keeps its error", () =>
    run(function* () {
      const group = new ErrorGroup()
      group.go(throwing, boom)
      yield* thrownBy(group.wait())
      let isDone = false
      group.go(function* () {
        yield* gosched()
        isDone = true
      })
      expect([yield* thrownBy(group.wait()), isDone]).toEqual([boom, true])
    }))

  it("waits on for a member that is started when the context ends", () =>
    runVirtual(function* () {
      const group = new ErrorGroup()
      const log: Array<string> = []
      group.context.signal.addEventListener("abort", () => {
        group.go(function* () {
          yield* sleep(1)
          log.push("last member")
        })
      })
      group.go(function* () {
        yield* sleep(1)
        log.push("first member")
      })
      yield* group.wait()
      log.push("wait")
      expect(log).toEqual(["first member", "last member", "wait"])
    }))

  it("takes no error from a member that was interrupted, or ended itself", async () => {
    const group = new ErrorGroup()
    await runVirtual(function* () {
      group.go(function* () {
        yield* goexit()
      })
      group.go(function* () {
        yield* never
      })
      yield* waitIdle()
    })
    await run(function* () {
      yield* group.wait()
    })
  })

  it("takes for the error of a member what it threw because another goroutine was interrupted", () =>
    run(function* () {
      const group = new ErrorGroup()
      group.go(function* () {
        const other = go(function* () {
          yield* never
        })
        other.interrupt()
        yield* other
      })
      expect(yield* thrownBy(group.wait())).toMatchObject({ name: "GoroutineInterrupted" })
    }))

  it("starts a body with its arguments, under the body's name", () =>
    runVirtual(function* () {
      const group = new ErrorGroup()
      const sums: Array<number> = []
      group.setLimit(1)
      const add = function* (a: number, b: number) {
        yield* gosched()
        sums.push(a + b)
      }
      group.go(add, 1, 2)
      group.go(add, 3, 4)
      expect(goroutines().map(({ name }) => name)).toEqual(expect.arrayContaining(["add", "add"]))
      yield* group.wait()
      expect(sums).toEqual([3, 7])
    }))

  it("refuses a bad body at the call, and has started nothing", () =>
    run(function* () {
      const group = new ErrorGroup()
      group.setLimit(1)
      for (const start of [
        () => group.go((async () => {}) as never),
        () => group.tryGo((() => 5) as never),
        () => {
          group.go(throwing, boom)
          group.go(undefined as never)
        },
      ])
        expect(start).toThrow(InvalidBody)
      expect(() => group.go((() => 5) as never)).toThrow("weft: ErrorGroup.go can't start a plain function")
      expect(yield* thrownBy(group.wait())).toBe(boom)
    }))

  it("is left by a wait that gave up", () =>
    runVirtual(function* () {
      const group = new ErrorGroup()
      group.go(function* () {
        yield* sleep(5)
      })
      const waiting = go(group.wait())
      yield* waitIdle()
      expect([waiting.waitReason, waiting.waitDetail]).toEqual([
        "sync.ErrorGroup.Wait",
        "an ErrorGroup (1 running, 0 queued)",
      ])
      waiting.interrupt()
      yield* waitIdle()
      expect([waiting.status, group.context.err]).toEqual(["done", undefined])
      yield* group.wait()
    }))
})

describe("an ErrorGroup with a limit", () => {
  for (const limit of [1, 2, 3]) {
    underSchedules(`never runs more than that, and all of them in the end (${limit})`, function* () {
      const group = new ErrorGroup()
      group.setLimit(limit)
      let running = 0
      const started: Array<number> = []
      for (let n = 0; n < 8; n++) {
        group.go(function* () {
          started.push(n)
          expect(++running).toBeLessThanOrEqual(limit)
          for (let i = 0; i < n % 3; i++) yield* gosched()
          running--
        })
      }
      yield* group.wait()
      // With more than one, two that are admitted may be scheduled in either order.
      expect(limit === 1 ? started : started.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    })
  }

  it("lets go's op wait for admission: Go's back-pressure", () =>
    runVirtual(function* () {
      const group = new ErrorGroup()
      group.setLimit(1)
      const hour = function* () {
        yield* sleep("1 hour")
      }
      yield* group.go(hour)
      const pushing = go(group.go(hour))
      yield* waitIdle()
      expect([pushing.status, pushing.waitReason, pushing.waitDetail]).toEqual([
        "waiting",
        "sync.ErrorGroup.Go",
        "an ErrorGroup (1 running, 1 queued)",
      ])
      yield* sleep("1 hour")
      yield* waitIdle()
      expect(pushing.status).toBe("done")
      yield* group.wait()
    }))

  it("starts what was queued though nobody waits for its admission, or has given up to", () =>
    runVirtual(function* () {
      const group = new ErrorGroup()
      group.setLimit(1)
      const done: Array<string> = []
      const member = function* (name: string) {
        yield* sleep(10)
        done.push(name)
      }
      group.go(member, "running")
      const pushing = go(group.go(member, "given up"))
      yield* waitIdle()
      pushing.interrupt()
      group.go(member, "never asked")
      yield* group.wait()
      expect(done).toEqual(["running", "given up", "never asked"])
    }))

  it("answers tryGo by whether there is room: not while somebody is queued", () =>
    runVirtual(function* () {
      const group = new ErrorGroup()
      group.setLimit(1)
      const member = function* () {
        yield* sleep(1)
      }
      expect([group.tryGo(member), group.tryGo(member)]).toEqual([true, false])
      group.go(member)
      yield* group.wait()
      expect(group.tryGo(member)).toBe(true)
      yield* group.wait()
    }))

  it("admits nobody with a limit of zero, and those who queued once it is raised, in order", () =>
    runVirtual(function* () {
      const group = new ErrorGroup()
      group.setLimit(0)
      const started: Array<number> = []
      for (const n of [1, 2, 3]) {
        group.go(function* () {
          started.push(n)
          yield* sleep(1)
        })
      }
      const waiting = go(group.wait())
      yield* waitIdle()
      expect([started, group.tryGo(function* () {}), waiting.status]).toEqual([[], false, "waiting"])
      group.setLimit(2)
      yield* gosched()
      expect(started).toEqual([1, 2])
      yield* waiting
      expect(started).toEqual([1, 2, 3])
    }))

  it("has its limit lifted by a negative one, at any time", () =>
    runVirtual(function* () {
      const group = new ErrorGroup()
      group.setLimit(1)
      let started = 0
      for (let i = 0; i < 3; i++) {
        group.go(function* () {
          started++
          yield* sleep(1)
        })
      }
      group.setLimit(-1)
      yield* gosched()
      expect(started).toBe(3)
      yield* group.wait()
    }))

  it("refuses another limit while members are running, and keeps the one it has", () =>
    runVirtual(function* () {
      const group = new ErrorGroup()
      group.setLimit(2)
      const member = function* () {
        yield* sleep(1)
      }
      group.go(member)
      group.go(member)
      let error: unknown
      try {
        group.setLimit(5)
      } catch (thrown) {
        error = thrown
      }
      expect(error).toBeInstanceOf(Panic)
      expect(error).toBeInstanceOf(ErrorGroupActive)
      expect(error).toMatchObject({
        message:
          "errgroup: modify limit while 2 goroutines in the group are still active; set it before the first `go`, or after `wait`",
        fields: { active: 2 },
      })
      expect(group.tryGo(member)).toBe(false)
      yield* group.wait()
      expect(() => group.setLimit(1.5)).toThrow(
        "errgroup: limit is no whole number (1.5); pass a whole number, or a negative one for no limit",
      )
      for (const limit of [0.5, NaN, Infinity, "2" as never]) expect(() => group.setLimit(limit)).toThrow(InvalidAmount)
      group.setLimit(5)
    }))

  it("is left by a queued member whose run ends: whoever waits for its admission is let go", async () => {
    const group = new ErrorGroup()
    group.setLimit(1)
    const log: Array<string> = []
    const release = new AbortController()
    // In no run, so it goes on.
    group.go(function* () {
      yield* Op.fromAbortSignal(release.signal)
      log.push("ended")
    })
    const admitted: Array<Promise<void>> = []
    await run(function* () {
      const queued = group.go(function* () {
        log.push("started after all")
      })
      admitted.push(queued.promise())
      yield* gosched()
    })
    await Promise.all(admitted)
    const later = group.go(function* () {
      log.push("admitted later")
    })
    expect(later.poll()).toBe(NotReady)
    release.abort()
    await group.wait().promise()
    expect(log).toEqual(["ended", "admitted later"])
  })

  it("gives the place of a member that is cancelled to the next", async () => {
    const group = new ErrorGroup()
    group.setLimit(1)
    await runVirtual(function* () {
      group.go(function* () {
        yield* never
      })
      yield* waitIdle()
    })
    expect(group.tryGo(function* () {})).toBe(true)
    await group.wait().promise()
  })
})
