import { Effect } from "effect"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { thrownBy } from "../test/support/thrown-by.ts"
import { runVirtual, waitIdle } from "../test/support/virtual.ts"
import {
  failure,
  go,
  goexit,
  GoroutinePanic,
  gosched,
  isFailure,
  never,
  numGoroutine,
  Op,
  Panic,
  run,
  type Scope,
  scope,
  sleep,
} from "./index.ts"

/** A child that says when it was cancelled, having cleaned up for a while. */
function* cleaning(order: Array<string>, name: string, millis = 5) {
  try {
    yield* never
  } finally {
    yield* sleep(millis)
    order.push(name)
  }
}

const fail = (error: unknown): never => {
  throw error
}

function* throwingAsItUnwinds(error: unknown) {
  try {
    yield* never
  } finally {
    fail(error)
  }
}

/** What is said on the console, and not printed. */
function warnings() {
  const told = vi.spyOn(console, "warn").mockImplementation(() => undefined)
  onTestFinished(() => told.mockRestore())
  return told
}

describe("scope", () => {
  it("returns what its body returns, once every child has ended", () =>
    runVirtual(function* () {
      const order: Array<string> = []
      const result = yield* scope(function* (s) {
        s.go(function* () {
          yield* sleep(10)
          order.push("slow child")
          s.go(function* () {
            yield* sleep(10)
            order.push("grandchild")
          })
        })
        order.push("body")
        return 7
      })
      expect([result, order]).toEqual([7, ["body", "slow child", "grandchild"]])
      expect(numGoroutine()).toBe(1)
    }))

  it("does nothing until it is committed, and runs its body anew for each commit", () =>
    runVirtual(function* () {
      let runs = 0
      const op = scope(function* () {
        return ++runs
      })
      expect(runs).toBe(0)
      expect([yield* op, yield* op]).toEqual([1, 2])
    }))

  it("gives the results of its children through their goroutines", () =>
    runVirtual(function* () {
      const sum = yield* scope(function* (s) {
        const [a, b] = [s.go(double, 1), s.go(double, 2)]
        return (yield* a) + (yield* b)
      })
      expect(sum).toBe(6)
      function* double(n: number) {
        yield* sleep(1)
        return n * 2
      }
    }))

  it("cancels body and children at the first throw of one, and fails with it after all have unwound", () =>
    runVirtual(function* () {
      const order: Array<string> = []
      const boom = new Error("boom")
      const thrown = yield* thrownBy(
        scope(function* (s) {
          s.go(() => cleaning(order, "sibling"))
          s.go(function* () {
            yield* sleep(1)
            throw boom
          })
          yield* cleaning(order, "body")
        }),
      )
      expect(thrown).toBe(boom)
      expect(order.sort()).toEqual(["body", "sibling"])
      expect(numGoroutine()).toBe(1)
    }))

  it("keeps the first failure when a cancelled sibling fails too", () =>
    runVirtual(function* () {
      const thrown = yield* thrownBy(
        scope(function* (s) {
          s.go(function* () {
            try {
              yield* never
            } finally {
              // eslint-disable-next-line no-unsafe-finally
              throw failure(new Error("second"))
            }
          })
          yield* gosched()
          throw new Error("first")
        }),
      )
      expect(thrown).toMatchObject({ message: "first" })
    }))

  it("fails with a child's typed failure, still typed", () =>
    runVirtual(function* () {
      const thrown = yield* thrownBy(
        scope(function* (s: Scope<Error>) {
          s.go(function* () {
            yield* Effect.fail(new Error("typed"))
          })
          yield* never
        }),
      )
      expect(thrown).toMatchObject({ message: "typed" })
      expect(isFailure(thrown)).toBe(true)
    }))

  it("does not fail where a child is interrupted", () =>
    runVirtual(function* () {
      const result = yield* scope(function* (s) {
        const child = s.go(function* () {
          yield* never
        })
        yield* gosched()
        child.interrupt()
        return "fine"
      })
      expect(result).toBe("fine")
    }))

  it("cancelled with its goroutine, unwinds its children first: then that one's finally runs", () =>
    runVirtual(function* () {
      const order: Array<string> = []
      const outer = go(function* () {
        try {
          yield* scope(function* (s) {
            s.go(() => cleaning(order, "child"))
            yield* cleaning(order, "body", 10)
          })
        } finally {
          order.push("outer")
        }
      })
      yield* waitIdle()
      outer.interrupt()
      yield* waitIdle()
      expect([outer.status, outer.waitReason, order]).toEqual(["waiting", "scope", []])
      yield* sleep(20)
      expect(order).toEqual(["child", "body", "outer"])
    }))

  it("cancelled, lets no panic of its children be lost", async () => {
    const ended = runVirtual(function* () {
      const outer = go(function* () {
        yield* scope(() => throwingAsItUnwinds(new Error("while unwinding")))
      })
      yield* waitIdle()
      outer.interrupt()
      yield* never
    })
    const error: unknown = await ended.catch((error: unknown) => error)
    expect(error).toBeInstanceOf(GoroutinePanic)
    expect(error).toMatchObject({ cause: { message: "while unwinding" } })
  })

  it("fails with what was thrown first, though children throw as they unwind: of those the first is told", async () => {
    const told = warnings()
    await runVirtual(function* () {
      const thrown = yield* thrownBy(
        scope(function* (s) {
          for (const message of ["one", "two"]) s.go(throwingAsItUnwinds, new Error(message))
          yield* sleep(1)
          throw new Error("first")
        }),
      )
      expect(thrown).toMatchObject({ message: "first" })
    })
    expect(told.mock.calls.flat()).toEqual([
      expect.stringMatching(/goroutine \d+ \(throwingAsItUnwinds\) threw, too, after its scope had failed: Error: one/),
    ])
  })

  it("fails, whatever is thrown second", async () => {
    const told = warnings()
    await runVirtual(function* () {
      const thrown = yield* thrownBy(
        scope(function* (s) {
          s.go(throwingAsItUnwinds, Object.create(null))
          yield* gosched()
          throw new Error("first")
        }),
      )
      expect(thrown).toMatchObject({ message: "first" })
    })
    expect(told.mock.calls.flat()).toEqual([expect.stringContaining("(an error whose message can't be read)")])
  })

  it("tells nothing of one error that two children threw", async () => {
    const told = warnings()
    await runVirtual(function* () {
      const shared = go(function* () {
        yield* sleep(1)
        throw new Error("of both")
      })
      const thrown = yield* thrownBy(
        scope(function* (s) {
          for (let i = 0; i < 2; i++)
            s.go(function* () {
              yield* shared
            })
        }),
      )
      expect(thrown).toMatchObject({ message: "of both" })
    })
    expect(told).not.toHaveBeenCalled()
  })

  it("refuses a child once it has ended, and cancels one that starts while it is being cancelled", () =>
    runVirtual(function* () {
      let kept: Scope | undefined
      yield* scope(function* (s) {
        kept = s
      })
      expect(() => kept!.go(function* () {})).toThrow(Panic)
      expect(() => kept!.go(function* () {})).toThrow("weft: Scope.go after the scope has ended")
      let isLateStarted = false
      yield* thrownBy(
        scope(function* (s) {
          s.go(function* () {
            try {
              yield* never
            } finally {
              s.go(function* () {
                isLateStarted = true
              })
            }
          })
          yield* gosched()
          throw new Error("cancel")
        }),
      )
      expect(isLateStarted).toBe(false)
    }))

  it("nests: the inner one's failure is the body's to catch", () =>
    runVirtual(function* () {
      const result = yield* scope(function* (outer) {
        const sibling = outer.go(function* () {
          yield* sleep(10)
          return "sibling"
        })
        const caught = yield* thrownBy(
          scope(function* () {
            throw new Error("inner")
          }),
        )
        return [(caught as Error).message, yield* sibling]
      })
      expect(result).toEqual(["inner", "sibling"])
    }))

  it("is committed in an Effect and as a promise, too", async () => {
    const op = scope(function* (s) {
      return yield* s.go(function* () {
        yield* sleep(1)
        return 1
      })
    })
    expect(await Effect.runPromise(op)).toBe(1)
    expect(await op.promise()).toBe(1)
    expect(await run(Effect.map(op, (n: number) => n + 1))).toBe(2)
  })

  it("as a promise whose signal aborts, rejects when its goroutines have unwound", async () => {
    const log: Array<string> = []
    const abort = new AbortController()
    const [begun, begin] = gate()
    const [open, openUp] = gate()
    const waiting = scope(function* (s) {
      s.go(function* () {
        try {
          begin()
          yield* never
        } finally {
          yield* Op.fromPromise(open)
          log.push("the child has unwound")
        }
      })
      yield* never
    }).promise(abort.signal)
    const rejected = waiting.catch((error: unknown) => void log.push(`rejected: ${(error as Error).message}`))
    await begun
    abort.abort(new Error("enough"))
    for (let i = 0; i < 10; i++) await Promise.resolve()
    log.push("the child may go on")
    openUp()
    await rejected
    expect(log).toEqual(["the child may go on", "the child has unwound", "rejected: enough"])
  })
})

it("a scope whose body ends itself has no result: it fails, and waits for nobody", () =>
  runVirtual(function* () {
    const error = yield* thrownBy(
      scope(function* (s) {
        s.go(function* () {
          yield* never
        })
        yield* goexit()
      }),
    )
    expect(error).toMatchObject({ name: "GoroutineInterrupted" })
  }))

function gate(): [Promise<void>, () => void] {
  let open = (): void => undefined
  return [new Promise<void>((resolve) => (open = resolve)), () => open()]
}
