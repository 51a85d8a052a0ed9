import { context, ContextMisuse, go, run } from "@weft/core"
import { describe, expect, it } from "vitest"
import { untilWaiting } from "../../core/test/support/idle.ts"
import { Cond } from "./cond.ts"
import { Mutex } from "./mutex.ts"
import { RateLimiter } from "./rate-limiter.ts"
import { SharedCond } from "./shared/shared-cond.ts"
import { SharedMutex } from "./shared/shared-mutex.ts"

const { signal } = new AbortController()

describe("a wait with a context", () => {
  it.each([
    [signal, "an AbortSignal"],
    [null, "null"],
    [{ done: true }, "an object {done}"],
    ["soon", '"soon"'],
  ])("refuses at the call what is none: %s", (given, wrong) => {
    const shared = new SharedCond(new SharedMutex())
    for (const [name, op, wait] of [
      ["Cond.wait", "changed()", () => new Cond(new Mutex()).wait(given as never)],
      ["SharedCond.wait", "changed()", () => shared.wait(given as never)],
      ["RateLimiter.wait", "wait(n)", () => new RateLimiter(1, 1).wait(1, given as never)],
    ] as const) {
      expect(wait).toThrow(ContextMisuse)
      expect(wait).toThrow(
        `sync: ${name} with ${wrong}; pass a context, or, to give up by a signal, select on ${op} and Op.fromAbortSignal(signal)`,
      )
    }
  })

  it("that was refused leaves nobody asleep: the next broadcast reaches all others", () =>
    run(function* () {
      const mutex = new Mutex()
      const cond = new Cond(mutex)
      yield* mutex.lock()
      expect(() => cond.wait(signal as never)).toThrow(ContextMisuse)
      mutex.unlock()
      const waiting = go(function* () {
        using _ = yield* mutex.lock()
        yield* cond.wait()
      })
      yield* untilWaiting(waiting)
      cond.broadcast()
      yield* waiting
      expect(mutex.locked).toBe(false)
    }))

  it("takes one of any make, and none where it is undefined", () =>
    run(function* () {
      const { background } = context
      const foreign = { ...background, done: background.done, err: undefined, value: () => undefined }
      for (const ctx of [background, foreign, undefined]) yield* new RateLimiter(1, 1).wait(1, ctx as never)
    }))
})
