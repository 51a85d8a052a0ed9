import { DeadlockError, go, gosched, Op, run, sleep } from "@weft/core"
import { seeded, virtualTime } from "@weft/core/testing"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { runVirtual } from "../../../core/test/support/virtual.ts"
import { buffer, type BufferPolicy, chan } from "../chan.ts"
import { map } from "../combinators/map.ts"
import type { Receiver } from "../receiver.ts"
import { select } from "../select.ts"
import { type Emitter, fromEvent } from "./event.ts"

class Numbered extends Event {
  readonly n: number
  constructor(n: number) {
    super("n")
    this.n = n
  }
}

/** Counts its listeners. */
class Counted extends EventTarget {
  listeners = 0
  override addEventListener(...args: Parameters<EventTarget["addEventListener"]>) {
    this.listeners++
    super.addEventListener(...args)
  }
  override removeEventListener(...args: Parameters<EventTarget["removeEventListener"]>) {
    this.listeners--
    super.removeEventListener(...args)
  }
}

const numbersOf = (events: ReadonlyArray<Numbered>) => events.map(({ n }) => n)

describe("fromEvent", () => {
  it("gives every event in order, those before the first receive included", () =>
    runVirtual(function* () {
      const target = new Counted()
      const events = fromEvent<Numbered>(target, "n")
      for (const n of [1, 2]) target.dispatchEvent(new Numbered(n))
      const third = go(function* () {
        const got = []
        for (let i = 0; i < 3; i++) got.push(yield* events.take())
        return got
      })
      for (let i = 0; i < 5; i++) yield* gosched()
      target.dispatchEvent(new Numbered(3))
      expect(numbersOf(yield* third)).toEqual([1, 2, 3])
    }))

  it("keeps what its buffer says when nobody receives", () => {
    const kept = (capacity?: number | BufferPolicy) =>
      runVirtual(function* () {
        const target = new Counted()
        const events = fromEvent<Numbered>(target, "n", capacity)
        for (const n of [1, 2, 3]) target.dispatchEvent(new Numbered(n))
        events.stop()
        return numbersOf(yield* events.drain())
      })
    return Promise.all([
      expect(kept()).resolves.toEqual([1, 2, 3]),
      expect(kept(0)).resolves.toEqual([]),
      expect(kept(2)).resolves.toEqual([1, 2]),
      expect(kept(buffer.dropping(2))).resolves.toEqual([1, 2]),
      expect(kept(buffer.sliding(2))).resolves.toEqual([2, 3]),
    ])
  })

  it("reports no deadlock while somebody waits for an event, and one again once nobody does", async () => {
    const target = new Counted()
    const first = await run(
      function* () {
        queueMicrotask(() => queueMicrotask(() => setTimeout(() => target.dispatchEvent(new Numbered(1)))))
        return (yield* fromEvent<Numbered>(target, "n").receive())?.n
      },
      { deadlock: "fail" },
    )
    expect(first).toBe(1)
    const running = run(
      function* () {
        const events = fromEvent<Numbered>(target, "n")
        const waiting = go(events.receive())
        for (let i = 0; i < 5; i++) yield* gosched()
        target.dispatchEvent(new Numbered(2))
        yield* waiting
        const { receive } = { receive: go(events.receive()) }
        for (let i = 0; i < 5; i++) yield* gosched()
        receive.interrupt()
        yield* select({})
      },
      { deadlock: "fail", plugins: [seeded(1)] },
    )
    await expect(running).rejects.toThrow(DeadlockError)
  })

  it("ends when it is stopped: under a receive, under two cases of one select, and for who comes later", () =>
    runVirtual(function* () {
      const target = new Counted()
      const events = fromEvent<Numbered>(target, "n")
      const receiving = go(events.next())
      const selecting = go(select({ a: events.next(), b: events.next() }))
      for (let i = 0; i < 5; i++) yield* gosched()
      expect(target.listeners).toBe(1)
      events.stop()
      events.stop()
      expect(target.listeners).toBe(0)
      target.dispatchEvent(new Numbered(1))
      expect((yield* receiving).ok).toBe(false)
      expect((yield* selecting).value.ok).toBe(false)
      expect((yield* events.next()).ok).toBe(false)
      // Virtual time goes on only if nothing is held any more.
      yield* sleep(1)
    }))

  it("hears nothing more of an emitter that still calls it when a listener before it has stopped it", () =>
    runVirtual(function* () {
      const listeners: Array<(event: unknown) => void> = []
      const emitter: Emitter = {
        on: (_, listener) => listeners.push(listener),
        off: (_, listener) => listeners.splice(listeners.indexOf(listener), 1),
      }
      emitter.on("n", () => events.stop())
      const events = fromEvent<number>(emitter, "n")
      for (const listener of [...listeners]) listener(1)
      expect(listeners).toHaveLength(1)
      expect((yield* events.next()).ok).toBe(false)
    }))

  it("is withdrawn by a select that another case won, and holds nothing then", () =>
    run(
      function* () {
        const target = new Counted()
        using events = fromEvent<Numbered>(target, "n")
        const receiving = go(function* () {
          return yield* select({ event: events.receive(), tick: gosched() })
        })
        expect((yield* receiving).case).toBe("tick")
        yield* sleep(1)
        target.dispatchEvent(new Numbered(1))
        expect((yield* events.receive())?.n).toBe(1)
      },
      { deadlock: "fail", plugins: [virtualTime()] },
    ))

  it("is stopped by using and with the flow it was given to", () =>
    runVirtual(function* () {
      const target = new Counted()
      {
        using events = fromEvent<Numbered>(target, "n")
        expect(events.closed).toBe(false)
      }
      expect(target.listeners).toBe(0)
      const flow = map(fromEvent<Numbered>(target, "n"), ({ n }) => n)
      yield* gosched()
      flow.stop()
      yield* gosched()
      yield* gosched()
      expect(target.listeners).toBe(0)
    }))

  /** Not withdrawn before its outer select's fiber goes on, as one of its cases starts work. */
  const nestedBeside = (events: Receiver<unknown>) =>
    select({ working: Op.fromPromise(() => new Promise<never>(() => {})), event: events.receive() })

  it("leaves the count of who waits outside alone when it is stopped under a select that is over", () =>
    runVirtual(function* () {
      const { processor } = go(gosched())
      const events = fromEvent(new EventTarget(), "n")
      const quit = chan<void>()
      const fiber = go(
        Effect.map(select({ quit: quit.receive(), inner: nestedBeside(events) }), () => {
          events.stop()
        }),
      )
      yield* gosched()
      quit.close()
      yield* fiber
      expect(processor.outside).toBe(0)
    }))

  it("gives an event that such a select refuses to the next", () =>
    runVirtual(function* () {
      const { processor } = go(gosched())
      const target = new EventTarget()
      using events = fromEvent<Numbered>(target, "n")
      const quit = chan<void>()
      const fiber = go(
        Effect.map(select({ quit: quit.receive(), inner: nestedBeside(events) }), () =>
          target.dispatchEvent(new Numbered(1)),
        ),
      )
      yield* gosched()
      const next = go(events.receive())
      yield* gosched()
      quit.close()
      expect((yield* next)?.n).toBe(1)
      yield* fiber
      expect(processor.outside).toBe(0)
    }))
})
