import { Effect, Exit } from "effect"
import { describe, expect, it } from "vitest"
import { Mailbox } from "../test/support/mailbox.ts"
import { thrownBy } from "../test/support/thrown-by.ts"
import { runVirtual, waitIdle } from "../test/support/virtual.ts"
import {
  failure,
  go,
  type Goroutine,
  GoroutineInterrupted,
  GoroutinePanic,
  gosched,
  never,
  run,
  sleep,
} from "./index.ts"

describe("a goroutine's status", () => {
  it("is runnable when started, running in its body, waiting as soon as parked, done at its end", () =>
    run(function* () {
      const box = new Mailbox<number>()
      const seen: Array<string> = []
      const goroutine: Goroutine = go(function* () {
        seen.push(goroutine.status)
        yield* box.take
      })
      seen.push(goroutine.status)
      yield* gosched()
      seen.push(goroutine.status)
      expect(goroutine.waitReason).toBe("mailbox")
      box.put(1)
      seen.push(goroutine.status)
      expect(goroutine.waitReason).toBeUndefined()
      yield* goroutine
      expect([...seen, goroutine.status]).toEqual(["runnable", "running", "waiting", "runnable", "done"])
    }))

  it("is waiting before anybody else runs: no turn lies between the yield and the parking", () =>
    run(function* () {
      const first = go(function* () {
        yield* never
      })
      const second = go(function* () {
        return first.status
      })
      expect(yield* second).toBe("waiting")
    }))

  it("says how long it has been waiting, by the run's clock", () =>
    runVirtual(function* () {
      // Since it began to wait, not since it was started, nor since the clock began.
      const waiting = go(function* () {
        yield* sleep("1 hour")
        yield* never
      })
      yield* sleep("1 hour")
      yield* sleep("90 seconds")
      expect(waiting.waitMillis).toBeGreaterThanOrEqual(89_999)
      expect(waiting.waitMillis).toBeLessThanOrEqual(90_000)
    }))
})

describe("a goroutine's name and number", () => {
  it("are its body's name, or the given one; a number is never given twice", () =>
    run(function* () {
      function* fetchAll() {}
      const all = [go(fetchAll), go.named("named", fetchAll), go.named("effect", Effect.void), go(function* () {})]
      expect(all.map(({ name }) => name)).toEqual(["fetchAll", "named", "effect", ""])
      expect(new Set(all.map(({ id }) => id)).size).toBe(4)
    }))
})

describe("join", () => {
  it("gives the result: before and after the end, to one and to many", () =>
    run(function* () {
      const goroutine = go(function* () {
        yield* sleep(1)
        return 7
      })
      const others = [go(goroutine.join()), go(goroutine.join())]
      expect(yield* goroutine).toBe(7)
      expect(yield* goroutine.join()).toBe(7)
      for (const other of others) expect(yield* other).toBe(7)
      expect(goroutine.exit).toEqual(Exit.succeed(7))
    }))

  it("fails with the typed failure, now or later, as often as asked", () =>
    run(function* () {
      const goroutine = go(Effect.fail("typed"))
      expect([yield* thrownBy(goroutine.join()), yield* thrownBy(goroutine.join())]).toEqual(["typed", "typed"])
      expect(goroutine.exit).toEqual(Exit.fail("typed"))
    }))

  it("throws what the body threw to whoever is joining, and that is no panic", () =>
    run(function* () {
      const boom = new Error("boom")
      const goroutine = go(function* () {
        yield* gosched()
        throw boom
      })
      expect(yield* thrownBy(goroutine.join())).toBe(boom)
      expect(goroutine.exit).toEqual(Exit.die(boom))
    }))

  it("throws GoroutineInterrupted for one that was interrupted, with the reason", () =>
    run(function* () {
      const goroutine = go.named("gone", never)
      goroutine.interrupt(new Error("reason"))
      const error = yield* thrownBy(goroutine.join())
      expect(error).toBeInstanceOf(GoroutineInterrupted)
      expect(error).toMatchObject({ id: goroutine.id, goroutine: "gone", cause: { message: "reason" } })
    }))

  it("of itself is a wait that only an interruption ends", () =>
    runVirtual(function* () {
      const self: Goroutine<void, never> = go(function* () {
        yield* self
      })
      yield* waitIdle()
      expect([self.status, self.waitReason]).toEqual(["waiting", "join"])
      self.interrupt()
    }))
})

describe("a throw that leaves a body", () => {
  it("panics where nobody is joining: the run fails, naming the goroutine", async () => {
    const boom = new Error("boom")
    const ended = run(
      function* () {
        go.named("worker", function* () {
          throw boom
        })
        yield* never
      },
      { debug: true },
    )
    const error: unknown = await ended.catch((error: unknown) => error)
    expect(error).toBeInstanceOf(GoroutinePanic)
    expect(error).toMatchObject({ name: "GoroutinePanic", goroutine: "worker", cause: boom })
    expect((error as Error).message).toMatch(
      /^goroutine \d+ \(worker\) panicked: Error: boom\n {2}started at .*goroutine\.test\.ts/,
    )
  })

  it("panics although somebody would have joined later", async () => {
    const ended = run(function* () {
      const goroutine = go(function* () {
        throw new Error("early")
      })
      yield* gosched()
      yield* gosched()
      yield* goroutine
    })
    await expect(ended).rejects.toThrow(GoroutinePanic)
  })

  it("panics where the one who was joining has given up", async () => {
    const ended = run(function* () {
      const goroutine = go(function* () {
        yield* sleep(2)
        throw new Error("nobody")
      })
      const joining = go(goroutine.join())
      yield* gosched()
      yield* gosched()
      joining.interrupt()
      yield* sleep(1000)
    })
    await expect(ended).rejects.toThrow(GoroutinePanic)
  })

  it("is reported even if it is no Error, or one whose message throws", async () => {
    const evil = Object.defineProperty(new Error(), "message", {
      get() {
        throw new Error("nested")
      },
    })
    for (const [thrown, text] of [
      [undefined, "panicked: undefined"],
      ["text", "panicked: text"],
      [evil, "panicked: (an error whose message can't be read)"],
      [
        {
          toString: () => {
            throw new Error("nested")
          },
        },
        "panicked: (an error whose message can't be read)",
      ],
    ] as const) {
      const ended = run(function* () {
        go(function* () {
          throw thrown
        })
        yield* never
      })
      const error = await ended.catch((error: unknown) => error as Error)
      expect((error as Error).message).toContain(text)
      expect((error as Error).cause).toBe(thrown)
    }
  })
})

describe("a typed failure", () => {
  it("that nobody joined fails the run at its end", async () => {
    const ended = run(function* () {
      go(Effect.fail("unjoined"))
      yield* sleep(1)
      return "main"
    })
    await expect(ended).rejects.toBe("unjoined")
  })

  it("that somebody joined, in time or late, does not", () =>
    run(function* () {
      const goroutine = go(Effect.fail("joined"))
      yield* sleep(1)
      yield* thrownBy(goroutine.join())
    }))

  it("rethrown by a body is still one", async () => {
    const ended = run(function* () {
      const goroutine = go(function* () {
        let caught: unknown
        try {
          yield* Effect.fail(new Error("typed"))
        } catch (error) {
          caught = error
        }
        throw caught
      })
      yield* thrownBy(goroutine.join())
      expect(goroutine.exit).toMatchObject(Exit.fail({ message: "typed" }))
    })
    await ended
  })

  it("may be thrown by a body itself, marked", () =>
    run(function* () {
      const goroutine = go(function* () {
        throw failure(new Error("marked"))
      })
      yield* sleep(1)
      expect(goroutine.exit).toMatchObject({ _tag: "Failure", cause: { reasons: [{ _tag: "Fail" }] } })
      yield* thrownBy(goroutine.join())
    }))
})

describe("onExit", () => {
  it("is called once at the end, however it ended, in order; at once if it has", () =>
    run(function* () {
      const order: Array<string> = []
      const ends = [
        go(function* () {}),
        go(Effect.fail("x")),
        go(never),
        go(function* () {
          yield* gosched()
        }),
      ]
      for (const [i, goroutine] of ends.entries()) {
        for (const tag of ["a", "b", "c"]) goroutine.onExit(() => order.push(`${i}${tag}`))
      }
      ends[2]!.interrupt()
      yield* sleep(1)
      yield* thrownBy(ends[1]!.join())
      expect(order.sort()).toEqual(["0a", "0b", "0c", "1a", "1b", "1c", "2a", "2b", "2c", "3a", "3b", "3c"])
      ends[0]!.onExit(() => order.push("late"))
      expect(order.at(-1)).toBe("late")
    }))

  it("that throws is a panic of its goroutine, and stops no other callback", async () => {
    let isCalled = false
    const ended = run(function* () {
      const goroutine = go.named("exiting", function* () {})
      goroutine.onExit(() => {
        throw new Error("callback")
      })
      goroutine.onExit(() => (isCalled = true))
      yield* never
    })
    await expect(ended).rejects.toThrow(/exiting\) panicked: Error: callback/)
    expect(isCalled).toBe(true)
  })
})
