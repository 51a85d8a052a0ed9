/**
 * Go's runtime/crash_test and fixedbugs, as far as no process has to end for them: how a program's goroutines deadlock, exit and panic.
 *
 * A recovered panic is a caught throw, a deferred function a `finally` block, and what Go prints as it dies is what `run` rejects with.
 */
import { DeadlockError, go, goexit, GoroutinePanic, goroutines, gosched, InvalidBody, never } from "@weft/core"
import { type Body, numGoroutine, Op, run, type RunOptions, sleep, type Yieldable } from "@weft/core"
import { seeded, virtualTime } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { Mailbox } from "../support/mailbox.ts"
import { underSchedules } from "../support/under-schedules.ts"
import { runVirtual } from "../support/virtual.ts"

type Main = () => Generator<Yieldable, unknown, never>

/** What the program fails with, in a box: as the result of an async function it would be asked whether it is a promise. */
async function failed(main: Main, options: RunOptions = {}): Promise<{ readonly error: unknown }> {
  try {
    await run(main as Body<unknown, never>, { deadlock: "fail", ...options })
  } catch (error) {
    return { error }
  }
  return expect.unreachable("the program ended well")
}

const failureOf = async (main: Main, options?: RunOptions): Promise<unknown> => (await failed(main, options)).error

/** What several schedules of the program fail with: the real scheduler's first. */
async function failuresOf(main: Main): Promise<Array<unknown>> {
  const failures = [await failureOf(main)]
  for (let seed = 1; seed <= 50; seed++)
    failures.push(await failureOf(main, { plugins: [seeded(seed), virtualTime()] }))
  return failures
}

/** A panic's cause, that one's cause and so on. */
function causes(error: unknown): Array<string> {
  const messages: Array<string> = []
  for (let at = error; at instanceof Error; at = at.cause) messages.push(at.message)
  return messages
}

const asleep = "all goroutines are asleep - deadlock!"
const mainGone = "no goroutines (main called runtime.Goexit) - deadlock!"

describe("runtime/crash_test", () => {
  it("SimpleDeadlock: a main that waits for ever fails at once, and the report shows it alone", async () => {
    for (const error of await failuresOf(waits)) {
      expect(error).toBeInstanceOf(DeadlockError)
      expect((error as DeadlockError).message.split("\n")[0]).toBe(asleep)
      expect((error as DeadlockError).goroutines).toMatchObject([{ isMain: true, waitReason: "never" }])
    }
  })

  it("GoexitDeadlock: main exits, the others run to their end, then none is left", async () => {
    let ended = 0
    const failures = await failuresOf(function* () {
      for (let i = 0; i < 2; i++)
        go(function* () {
          for (let round = 0; round < 10; round++) yield* gosched()
          ended++
        })
      yield* goexit()
    })
    for (const error of failures) {
      expect(error).toBeInstanceOf(DeadlockError)
      expect((error as Error).message).toContain(mainGone)
      expect((error as DeadlockError).goroutines).toEqual([])
    }
    expect(ended).toBe(2 * failures.length)
  })

  it("GoexitDeadlock: main exits and the others wait for ever: they are asleep, not gone", async () => {
    const error = await failureOf(function* () {
      go.named("left", never)
      yield* goexit()
    })
    expect((error as DeadlockError).message).toContain(asleep)
    expect((error as DeadlockError).goroutines).toMatchObject([{ name: "left", isMain: false }])
  })

  it("GoexitCrash: main exits while another sleeps, which still wakes", async () => {
    let isAwake = false
    const error = await failureOf(
      function* () {
        go(function* () {
          yield* sleep(1)
          isAwake = true
        })
        yield* goexit()
      },
      { plugins: [virtualTime()] },
    )
    expect([isAwake, (error as Error).message.includes(mainGone)]).toEqual([true, true])
  })

  it("GoexitInPanic: a goroutine that exits while it panics has not panicked", async () => {
    const failures = await failuresOf(function* () {
      go(function* () {
        try {
          throw new Error("hello")
        } finally {
          yield* goexit()
        }
      })
      yield* goexit()
    })
    for (const error of failures) expect((error as Error).message).toContain(mainGone)
  })

  describe("Goexit and recover", () => {
    const exits: Readonly<Record<string, Main>> = {
      "a panic after it, caught in the same finally": function* () {
        try {
          yield* goexit()
        } finally {
          expect(() => {
            throw new Error("hello")
          }).toThrow("hello")
        }
      },
      "a panic after it, caught around the finally": function* () {
        try {
          try {
            yield* goexit()
          } finally {
            panic("hello")
          }
        } catch (error) {
          expect(error).toMatchObject({ message: "hello" })
        }
      },
      "a panic after it, caught by the second of two that would": function* () {
        try {
          try {
            try {
              yield* goexit()
            } finally {
              panic("first")
            }
          } catch {
            panic("second")
          }
        } catch (error) {
          expect(error).toMatchObject({ message: "second" })
        }
      },
    }
    it.each(Object.entries(exits))("Goexit and recover: %s does not undo it", async (_, main) => {
      for (const error of await failuresOf(main)) {
        expect(error).toBeInstanceOf(DeadlockError)
        expect((error as Error).message).toContain(mainGone)
      }
    })
  })

  it("PanicAfterGoexit: a throw in the finally of an exiting main is its panic", async () => {
    for (const error of await failuresOf(exitsAndPanics)) expect(error).toMatchObject({ message: "hello" })
  })

  it("PanicAfterGoexit: so it is in any goroutine", async () => {
    const failures = await failuresOf(function* () {
      go(exitsAndPanics)
      yield* never
    })
    for (const error of failures) {
      expect(error).toBeInstanceOf(GoroutinePanic)
      expect(causes(error).slice(1)).toEqual(["hello"])
    }
  })

  underSchedules("GoexitDefer: finally blocks run and may wait, and no catch sees the exit", function* () {
    const order: Array<string> = []
    const done = new Mailbox<void>()
    go(function* () {
      try {
        try {
          yield* goexit()
          order.push("went on")
        } catch {
          order.push("caught")
        } finally {
          yield* gosched()
          order.push("inner")
        }
        order.push("went on after it")
      } finally {
        order.push("outer")
        done.put()
      }
    })
    yield* done.take
    expect(order).toEqual(["inner", "outer"])
  })

  it("RecursivePanic 1-5: a wrapped panic that was caught is over, and the next one has nothing to do with it", async () => {
    const printed: Array<unknown> = []
    const failures = await failuresOf(function* () {
      try {
        try {
          panic("bad")
        } catch (error) {
          panic("wrap", error)
        }
      } catch (error) {
        printed.push(causes(error))
      }
      panic("again")
    })
    for (const error of failures) expect(causes(error)).toEqual(["again"])
    expect(printed).toEqual(failures.map(() => ["wrap", "bad"]))
  })

  it("RecursivePanic 1-5: of panics in nested finally blocks the last one counts", async () => {
    const failures = await failuresOf(function* () {
      go(function* () {
        try {
          try {
            panic("first panic")
          } finally {
            yield* gosched()
            panic("second panic")
          }
        } finally {
          yield* gosched()
          panic("third panic")
        }
      })
      yield* never
    })
    for (const error of failures) expect(causes(error).slice(1)).toEqual(["third panic"])
  })

  it("RecursivePanic 1-5: a panic that was caught and thrown again in a new one is its cause", async () => {
    const failures = await failuresOf(function* () {
      go(function* () {
        try {
          panic("first panic")
        } catch (error) {
          yield* gosched()
          panic("second panic", error)
        }
      })
      yield* never
    })
    for (const error of failures) expect(causes(error).slice(1)).toEqual(["second panic", "first panic"])
  })

  it("PanicTraceback: each panic in the chain keeps the place where it was thrown", async () => {
    function* pt1() {
      try {
        yield* gosched()
        panic("panic pt1")
      } catch (error) {
        panic("panic pt2", error)
      }
    }
    function* pt2() {
      try {
        yield* pt1()
      } catch (error) {
        panic("hello", error)
      }
    }
    const error = await failureOf(function* () {
      go(pt2)
      yield* never
    })
    expect(causes(error).slice(1)).toEqual(["hello", "panic pt2", "panic pt1"])
    const hello = (error as Error).cause as Error
    const inner = hello.cause as Error
    expect(hello.stack).toMatch(/\bpt2\b/)
    for (const thrown of [inner, inner.cause as Error]) expect(thrown.stack).toMatch(/\bpt1\b/)
  })

  describe("DoublePanic", () => {
    const values: ReadonlyArray<readonly [string, unknown, unknown]> = [
      ["of errors", new Error("XXX"), new Error("YYY")],
      ["of strings", "XXX", "YYY"],
      ["of numbers", 1, 2],
      ["of nothing", undefined, null],
      ["of functions", () => 1, () => 2],
      ["of one value twice", "same", "same"],
      ["of an error and what is none", new Error("XXX"), { name: "YYY" }],
    ]
    it.each(values)(
      "DoublePanic: %s: a disposal that panics while a panic passes keeps both",
      async (_, first, second) => {
        const failures = await failuresOf(function* () {
          go(function* () {
            using _ = {
              [Symbol.dispose]() {
                throw second
              },
            }
            yield* gosched()
            throw first
          })
          yield* never
        })
        for (const error of failures) {
          expect(error).toBeInstanceOf(GoroutinePanic)
          const both = (error as Error).cause as { readonly name: string; error: unknown; suppressed: unknown }
          expect([both.name, both.error, both.suppressed]).toEqual(["SuppressedError", second, first])
        }
      },
    )
  })

  it("GoNil: starting nothing panics in the one who tries, in Go's words", async () => {
    const nothing = undefined as unknown as Main & Body<void, never>
    await run(function* () {
      expect(() => go(nothing)).toThrow(InvalidBody)
      expect(() => go(nothing)).toThrow("go of nil func value")
      expect(numGoroutine()).toBeGreaterThan(0)
    })
    expect(await failureOf(nothing)).toBeInstanceOf(InvalidBody)
  })

  it("MainGoroutineID: main is the oldest of its program, and is named first", async () => {
    const error = (await failureOf(function* () {
      for (const name of ["a", "b"]) go.named(name, never)
      yield* never
    })) as DeadlockError
    const ids = error.goroutines.map(({ id }) => id)
    expect(error.goroutines.map(({ isMain }) => isMain)).toEqual([true, false, false])
    expect(Math.min(...ids)).toBe(ids[0])
    expect(error.message.match(/^goroutine \d+ .*$/gm)).toEqual([
      `goroutine ${ids[0]} [never]: main`,
      `goroutine ${ids[1]} [never]: a`,
      `goroutine ${ids[2]} [never]: b`,
    ])
  })

  it("NumGoroutine: the count agrees with the dump while goroutines come and go", () =>
    runVirtual(function* () {
      const before = numGoroutine()
      expect(before).toBe(1)
      const agree = (n: number) => expect([numGoroutine(), goroutines().length]).toEqual([n, n])
      const boxes = Array.from({ length: 10 }, () => new Mailbox<void>())
      for (const [i, box] of boxes.entries()) {
        go(function* () {
          yield* box.take
        })
        agree(i + 2)
      }
      yield* sleep(1)
      agree(11)
      for (const [i, box] of boxes.entries()) {
        box.put()
        yield* sleep(1)
        agree(10 - i)
      }
    }))

  it("PanicDeadlockGosched: an error whose message starts goroutines is reported all the same", async () => {
    class ErrorThatGoscheds extends Error {
      override get message() {
        go(gosched())
        return "errorThatGosched"
      }
    }
    const failures = await failuresOf(function* () {
      go(function* () {
        throw new ErrorThatGoscheds()
      })
      yield* never
    })
    for (const error of failures) {
      expect(error).toBeInstanceOf(GoroutinePanic)
      expect((error as Error).message).toContain("errorThatGosched")
    }
  })

  describe("PanicLoop", () => {
    const refuse = (): never => {
      throw new Error("no message")
    }
    const hostile: ReadonlyArray<readonly [string, () => unknown]> = [
      ["an error whose message throws", () => Object.defineProperty(new Error(), "message", { get: refuse })],
      ["a TypeError whose message throws", () => Object.defineProperty(new TypeError(), "message", { get: refuse })],
      ["an error whose name throws", () => Object.defineProperty(new Error("x"), "name", { get: refuse })],
      ["an object that is no text", () => Object.create(null) as object],
      ["an object whose text throws", () => ({ toString: refuse })],
      ["what can't even be asked what it is", () => new Proxy({}, { getPrototypeOf: refuse, get: refuse })],
      ["a revoked proxy", revoked],
    ]
    it.each(hostile)("PanicLoop: %s is reported, and the run ends", async (_, make) => {
      const thrown = make()
      const error = await failureOf(function* () {
        go.named("hostile", function* () {
          throw thrown
        })
        yield* never
      })
      // No matcher gets the value itself: to print it would throw.
      expect((error as { readonly name?: unknown }).name).toBe("GoroutinePanic")
      expect((error as Error).message).toContain("(hostile) panicked: ")
      expect((error as Error).cause === thrown).toBe(true)
    })

    it.each(hostile)("PanicLoop: %s fails main as it is", async (_, make) => {
      const thrown = make()
      const main = function* () {
        throw thrown
      }
      const { error } = await failed(main)
      expect(error === thrown).toBe(true)
    })
  })

  it("NetpollDeadlock: what is awaited of the host is no deadlock, however many wait for it", () =>
    run(
      function* () {
        const fromHost = () => Op.fromPromise(() => new Promise<string>((resolve) => setTimeout(resolve, 5, "answer")))
        const waiting = [1, 2, 3].map(() => go(fromHost()))
        for (const goroutine of waiting) expect(yield* goroutine).toBe("answer")
      },
      { deadlock: "fail" },
    ))

  it("PanicRace: a panic whose finally lets main end is not lost", async () => {
    const failures = await failuresOf(function* () {
      const done = new Mailbox<void>()
      go.named("crasher", function* () {
        try {
          panic("crash")
        } finally {
          done.put()
        }
      })
      yield* done.take
    })
    for (const error of failures) {
      expect(error).toBeInstanceOf(GoroutinePanic)
      expect((error as GoroutinePanic).goroutine).toBe("crasher")
      expect(causes(error).slice(1)).toEqual(["crash"])
    }
  })

  it("PanicRace: nor is one whose finally waits, where main's end is no cancellation", async () => {
    const error = await failureOf(
      function* () {
        const done = new Mailbox<void>()
        go(function* () {
          try {
            panic("crash")
          } finally {
            done.put()
            yield* gosched()
          }
        })
        yield* done.take
      },
      { remaining: "wait" },
    )
    expect(causes(error).slice(1)).toEqual(["crash"])
  })
})

describe("fixedbugs", () => {
  it("issue5963: a main that exits runs its finally, what that hands over is seen, and nothing after it runs", async () => {
    const got: Array<number> = []
    const failures = await failuresOf(function* () {
      const box = new Mailbox<number>()
      go(function* () {
        got.push(yield* box.take)
      })
      try {
        yield* goexit()
        expect.unreachable()
      } finally {
        box.put(0)
      }
      expect.unreachable()
    })
    for (const error of failures) expect((error as Error).message).toContain(mainGone)
    expect(got).toEqual(failures.map(() => 0))
  })
})

function panic(message: string, cause?: unknown): never {
  throw cause === undefined ? new Error(message) : new Error(message, { cause })
}

function* waits() {
  yield* never
}

function* exitsAndPanics() {
  try {
    yield* goexit()
  } finally {
    panic("hello")
  }
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}
