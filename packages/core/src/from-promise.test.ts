import { describe, expect, it } from "vitest"
import { runVirtual, waitIdle } from "../test/support/virtual.ts"
import { currentProcessor, DeadlockError, go, gosched, isFailure, never, Op, Panic, run, runExit } from "./index.ts"

class Deferred<T> {
  declare resolve: (value: T) => void
  declare reject: (reason: unknown) => void
  readonly promise = new Promise<T>((resolve, reject) => {
    this.resolve = resolve
    this.reject = reject
  })
}

describe("Op.fromPromise", () => {
  it("waits for a promise, and throws what it rejects with", () =>
    run(function* () {
      expect(yield* Op.fromPromise(Promise.resolve(1))).toBe(1)
      let caught: unknown
      try {
        yield* Op.fromPromise(Promise.reject(new Error("no")))
      } catch (error) {
        caught = error
      }
      expect(caught).toMatchObject({ message: "no" })
      expect(isFailure(caught)).toBe(false)
    }))

  it("makes a typed failure of a rejection by catch", async () => {
    class HttpError extends Error {}
    const exit = await runExit(function* () {
      yield* Op.fromPromise(() => Promise.reject(new Error("404")), {
        catch: (reason) => new HttpError(`http: ${(reason as Error).message}`),
      })
    })
    expect(exit).toMatchObject({
      _tag: "Failure",
      cause: { reasons: [{ _tag: "Fail", error: { message: "http: 404" } }] },
    })
  })

  it("throws what catch itself throws, as a panic", () =>
    run(function* () {
      let caught: unknown
      try {
        yield* Op.fromPromise(() => Promise.reject(new Error("first")), {
          catch: () => {
            throw new Error("in catch")
          },
        })
      } catch (error) {
        caught = error
      }
      expect(caught).toMatchObject({ message: "in catch" })
    }))

  it("calls a function on each commit, not before, and throws what it throws", () =>
    run(function* () {
      let calls = 0
      const op = Op.fromPromise(() => Promise.resolve(++calls))
      expect(calls).toBe(0)
      expect([yield* op, yield* op]).toEqual([1, 2])
      let caught: unknown
      try {
        yield* Op.fromPromise(() => {
          throw new Error("at once")
        })
      } catch (error) {
        caught = error
      }
      expect(caught).toMatchObject({ message: "at once" })
    }))

  it("aborts the function's signal when it is withdrawn, and ignores what comes late", () =>
    runVirtual(function* () {
      const late = new Deferred<number>()
      let given: AbortSignal | undefined
      const waiting = go(
        Op.fromPromise((signal) => {
          given = signal
          return late.promise
        }),
      )
      yield* waitIdleOutside()
      expect(given!.aborted).toBe(false)
      waiting.interrupt()
      expect(given!.aborted).toBe(true)
      late.reject(new Error("aborted"))
      yield* waitIdle()
      expect(waiting.exit!._tag).toBe("Failure")
    }))

  it("does not abort the signal of a commit that completed", () =>
    run(function* () {
      let given: AbortSignal | undefined
      yield* Op.fromPromise((signal) => {
        given = signal
        return Promise.resolve()
      })
      expect(given!.aborted).toBe(false)
    }))

  it("aborts for the one commit that was withdrawn, of several of the same op", () =>
    run(function* () {
      const signals: Array<AbortSignal> = []
      const op = Op.fromPromise((signal) => {
        signals.push(signal)
        return new Promise<never>(() => undefined)
      })
      const [first] = [go(op), go(op)]
      yield* gosched()
      yield* gosched()
      first.interrupt()
      expect(signals.map((signal) => signal.aborted)).toEqual([true, false])
    }))

  it("counts as something that can wake the program, exactly while it waits", async () => {
    const slow = new Deferred<number>()
    setTimeout(() => slow.resolve(1), 0)
    const failed = run(
      function* () {
        expect(yield* Op.fromPromise(slow.promise)).toBe(1)
        const gone = go(Op.fromPromise(new Promise<never>(() => undefined)))
        yield* gosched()
        yield* gosched()
        gone.interrupt()
        yield* never
      },
      { deadlock: "fail" },
    )
    await expect(failed).rejects.toThrow(DeadlockError)
  })

  it("refuses what is no promise: given, or returned", async () => {
    expect(() => Op.fromPromise(5 as never)).toThrow(
      "weft: Op.fromPromise: it was given 5; give it a promise or a function (signal) => promise",
    )
    const returned = run(
      function* () {
        try {
          yield* Op.fromPromise((() => ({})) as never)
        } catch (error) {
          expect(error).toBeInstanceOf(Panic)
          expect((error as Error).message).toContain("the function returned an object {}; give it a promise")
        }
        yield* never
      },
      { deadlock: "fail" },
    )
    // It waits for nothing outside any more.
    await expect(returned).rejects.toThrow(DeadlockError)
  })
})

it("the function that makes a promise runs as nobody: what it starts is no goroutine's", () =>
  run(function* () {
    const running = () => currentProcessor().current
    expect(running()?.isMain).toBe(true)
    expect(yield* Op.fromPromise(() => Promise.resolve(running()))).toBeNull()
  }))

/** Where a promise is waited for, virtual time stands still. */
function* waitIdleOutside() {
  for (let i = 0; i < 3; i++) yield* gosched()
}
