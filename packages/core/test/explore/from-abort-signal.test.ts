/** Aborts at every moment. */
import { go, Op } from "@weft/core"
import { explore } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { expectNothingLeft } from "../support/left-over.ts"
import { planted } from "../support/planted.ts"
import { promised } from "../support/promised.ts"
import { thrownBy } from "../support/thrown-by.ts"

/** A signal that knows who listens. */
function watched() {
  const controller = new AbortController()
  const { signal } = controller
  const listeners = new Set<unknown>()
  const { addEventListener, removeEventListener } = signal
  signal.addEventListener = (type: string, listener: EventListenerOrEventListenerObject) => {
    listeners.add(listener)
    addEventListener.call(signal, type, listener)
  }
  signal.removeEventListener = (type: string, listener: EventListenerOrEventListenerObject) => {
    listeners.delete(listener)
    removeEventListener.call(signal, type, listener)
  }
  return { controller, signal, listeners }
}

const doing = (f: () => void) =>
  go(function* () {
    f()
  })

describe("fromAbortSignal", () => {
  it("gives the reason to everybody who waits, before the abort or after, and nobody listens any more", async () => {
    const { schedules } = await explore.check({}, function* () {
      const { controller, listeners, signal } = watched()
      const op = Op.fromAbortSignal(signal)
      const waiting = [go(op), go(op)]
      const aborter = doing(() => controller.abort("reason"))
      for (const goroutine of waiting) expect(yield* goroutine).toBe("reason")
      yield* aborter
      expect(listeners.size).toBe(0)
      expectNothingLeft()
    })
    expect(schedules).toBe(356)
  })

  it("interrupted at every step leaves no listener, and is not counted as a wait any more", async () => {
    const ends = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const { controller, listeners, signal } = watched()
      const waiting = go(Op.fromAbortSignal(signal))
      const interrupter = doing(() => waiting.interrupt())
      const aborter = doing(() => controller.abort("reason"))
      const error = yield* thrownBy(waiting.join())
      ends.add(error === undefined ? "returned" : "interrupted")
      expect(listeners.size).toBe(0)
      for (const goroutine of [interrupter, aborter]) yield* goroutine
      expectNothingLeft()
    })
    expect(ends).toEqual(new Set(["returned", "interrupted"]))
    expect(schedules).toBe(88)
  })

  it("of a signal that aborts another wakes whoever waits for either, once", async () => {
    const { schedules } = await explore.check({}, function* () {
      const [outer, inner] = [watched(), watched()]
      outer.signal.addEventListener("abort", () => inner.controller.abort("inner"))
      const waiting = [go(Op.fromAbortSignal(inner.signal)), go(Op.fromAbortSignal(outer.signal))]
      const aborter = doing(() => outer.controller.abort("outer"))
      expect([yield* waiting[0]!, yield* waiting[1]!]).toEqual(["inner", "outer"])
      yield* aborter
      expect([outer.listeners.size, inner.listeners.size]).toEqual([1, 0])
      expectNothingLeft()
    })
    expect(schedules).toBe(356)
  })
})

/** Asks before it listens, but in another step than it. */
function* tooLate(signal: AbortSignal) {
  if (signal.aborted) return
  yield* go(function* () {})
  const { promise, resolve } = promised<void>()
  signal.addEventListener("abort", () => resolve())
  yield* Op.fromPromise(promise)
}

describe("explore finds", () => {
  it("a listener that is added too late", async () => {
    const error = await planted(function* () {
      const { controller, listeners, signal } = watched()
      const waiting = go(tooLate, signal)
      yield* doing(() => controller.abort())
      // Nobody could wake it any more: a promise for ever.
      if (waiting.status === "runnable" && listeners.size === 0 && signal.aborted) throw new Error("missed")
      yield* waiting
    })
    expect(error).toEqual(new Error("missed"))
  })
})
