import { describe, expect, it } from "vitest"
import { DeadlockError, go, gosched, never, Op, run } from "./index.ts"

describe("Op.fromAbortSignal", () => {
  it("is ready at once with the reason of a signal that has aborted", () =>
    run(function* () {
      expect(yield* Op.fromAbortSignal(AbortSignal.abort("reason"))).toBe("reason")
    }))

  it("waits for the abort, and may be committed again after it", () =>
    run(function* () {
      const abort = new AbortController()
      const op = Op.fromAbortSignal(abort.signal)
      const all = [go(op), go(op)]
      yield* gosched()
      yield* gosched()
      expect(all.map(({ status }) => status)).toEqual(["waiting", "waiting"])
      abort.abort("stop")
      expect([yield* all[0]!, yield* all[1]!, yield* op]).toEqual(["stop", "stop", "stop"])
    }))

  it("stops listening when it is withdrawn, and counts as a wake-up no longer", async () => {
    const abort = new AbortController()
    const asleep = run(
      function* () {
        const gone = go(Op.fromAbortSignal(abort.signal))
        yield* gosched()
        yield* gosched()
        gone.interrupt()
        abort.abort()
        yield* never
      },
      { deadlock: "fail" },
    )
    await expect(asleep).rejects.toThrow(DeadlockError)
  })

  it("counts as something that can wake the program while it waits", async () => {
    const abort = new AbortController()
    const waiting = run(
      function* () {
        return yield* Op.fromAbortSignal(abort.signal)
      },
      { deadlock: "fail" },
    )
    await new Promise((resolve) => setTimeout(resolve, 0))
    await new Promise((resolve) => setTimeout(resolve, 0))
    abort.abort("late")
    expect(await waiting).toBe("late")
  })
})
