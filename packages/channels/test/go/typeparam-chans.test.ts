/** Go's test/typeparam/chans.go: a small library of channel functions, over channels of any type. */
import { chan, type Receiver, select, type Sender } from "@weft/channels"
import { context, type Context, go, gosched, numGoroutine, type Op } from "@weft/core"
import { describe, expect } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"
import { waitIdle } from "../../../core/test/support/virtual.ts"

/** Reads from the channel until it closes or the context is done. */
function* readAll<T>(ctx: Context, from: Receiver<T>) {
  const values: Array<T> = []
  for (;;) {
    const hit = yield* select({ done: ctx.done, in: from.next() })
    if (hit.case === "done" || !hit.value.ok) return values
    values.push(hit.value.value)
  }
}

function merge<T>(ctx: Context, a: Receiver<T>, b: Receiver<T>): Receiver<T> {
  const out = chan<T>()
  go(function* () {
    const open = new Set([a, b])
    while (open.size > 0) {
      const [first, second = first!] = open
      const hit = yield* select({ done: ctx.done, first: first!.next(), second: second.next() })
      if (hit.case === "done") break
      if (!hit.value.ok) open.delete(hit.case === "first" ? first! : second)
      else if ((yield* select({ done: ctx.done, out: out.send(hit.value.value) })).case === "done") break
    }
    out.close()
  })
  return out
}

function filter<T>(ctx: Context, from: Receiver<T>, keep: (value: T) => boolean): Receiver<T> {
  const out = chan<T>()
  go(function* () {
    for (;;) {
      const hit = yield* select({ done: ctx.done, in: from.next() })
      if (hit.case === "done" || !hit.value.ok) break
      const { value } = hit.value
      if (keep(value) && (yield* select({ done: ctx.done, out: out.send(value) })).case === "done") break
    }
    out.close()
  })
  return out
}

/** A channel that swallows what it is sent. */
function sink<T>(ctx: Context): Sender<T> {
  const ch = chan<T>()
  go(function* () {
    while ((yield* select({ done: ctx.done, in: ch.next() })).case === "in" && !ch.closed);
  })
  return ch
}

/** A value that one goroutine has at a time. */
class Exclusive<T> {
  readonly #box = chan<T>(1)

  constructor(initial: T) {
    this.#box.trySend(initial)
  }
  acquire(): Op<T | undefined> {
    return this.#box.receive()
  }
  tryAcquire(): T | undefined {
    return this.#box.tryReceive()?.value
  }
  release(value: T): void {
    if (!this.#box.trySend(value)) throw new Error("released twice")
  }
}

/** Both ends of a stream of which either side may walk away. */
function ranger<T>() {
  const [values, gone] = [chan<T>(), chan<void>()]
  return {
    *send(value: T) {
      return (yield* select({ sent: values.send(value), gone: gone.receive() })).case === "sent"
    },
    closeSender: () => values.close(),
    next: () => values.next(),
    closeReceiver: () => gone.close(),
  }
}

const { background, withCancel } = context

function* fill(to: Sender<number>, ...values: ReadonlyArray<number>) {
  for (const value of values) yield* to.send(value)
  to.close()
}

const virtual = { time: "virtual" } as const

describe("typeparam/chans", () => {
  underSchedules("ReadAll: gives all until the close, or what came before the cancel", function* () {
    const ch = chan<number>()
    go(fill, ch, 4, 1, 2)
    expect(yield* readAll(background, ch)).toEqual([4, 1, 2])
    const [ctx, cancel] = withCancel(background)
    const open = chan<number>()
    const reading = go(readAll<number>, ctx, open)
    yield* open.send(1)
    cancel()
    expect(yield* reading).toEqual([1])
    expect(open.receivers.length).toBe(0)
  })

  underSchedules("Merge: loses nothing, keeps each order, ends after both", function* () {
    const [odd, even] = [chan<number>(), chan<number>()]
    go(fill, odd, 1, 3, 5, 7, 9)
    go(fill, even, 2, 4, 6, 8)
    const all = yield* readAll(background, merge(background, odd, even))
    expect(all.filter((value) => value % 2 === 1)).toEqual([1, 3, 5, 7, 9])
    expect(all.filter((value) => value % 2 === 0)).toEqual([2, 4, 6, 8])
  })

  underSchedules(
    "Merge: ends when cancelled, and leaves no goroutine",
    function* () {
      const before = numGoroutine()
      const [ctx, cancel] = withCancel(background)
      const merged = merge(ctx, chan<number>(), chan<number>())
      yield* waitIdle()
      cancel()
      expect(yield* merged.next()).toEqual({ ok: false, value: undefined })
      yield* waitIdle()
      expect(numGoroutine()).toBe(before)
    },
    virtual,
  )

  underSchedules("Filter: passes on what its function keeps, in order", function* () {
    const ch = chan<number>()
    go(fill, ch, 1, 2, 3, 4)
    expect(
      yield* readAll(
        background,
        filter(background, ch, (value) => value % 2 === 0),
      ),
    ).toEqual([2, 4])
  })

  underSchedules(
    "Sink: takes everything until cancelled, and leaves no goroutine",
    function* () {
      const before = numGoroutine()
      const [ctx, cancel] = withCancel(background)
      const into = sink<number>(ctx)
      for (let i = 0; i < 10; i++) yield* into.send(i)
      cancel()
      yield* waitIdle()
      expect(numGoroutine()).toBe(before)
      expect(into.trySend(1)).toBe(false)
    },
    virtual,
  )

  underSchedules("Exclusive: two goroutines never have the value at the same time", function* () {
    const counter = new Exclusive(0)
    let inside = 0
    const workers = [1, 2].map(() =>
      go(function* () {
        for (let i = 0; i < 20; i++) {
          const value = (yield* counter.acquire())!
          expect(++inside).toBe(1)
          yield* gosched()
          inside--
          counter.release(value + 1)
        }
      }),
    )
    for (const worker of workers) yield* worker
    expect(yield* counter.acquire()).toBe(40)
  })

  underSchedules("ExclusiveTry: tryAcquire answers at once, and release frees it", function* () {
    const text = new Exclusive("")
    expect(text.tryAcquire()).toBe("")
    expect(text.tryAcquire()).toBeUndefined()
    text.release("a")
    expect(() => text.release("b")).toThrow("released twice")
    expect(yield* text.acquire()).toBe("a")
  })

  underSchedules(
    "Ranger: a sender learns that the receiver has gone, a receiver that the sender has",
    function* () {
      const before = numGoroutine()
      const whole = ranger<number>()
      go(function* () {
        for (const value of [1, 2]) expect(yield* whole.send(value)).toBe(true)
        whole.closeSender()
      })
      expect([yield* whole.next(), yield* whole.next(), yield* whole.next()]).toEqual([
        { ok: true, value: 1 },
        { ok: true, value: 2 },
        { ok: false, value: undefined },
      ])
      const left = ranger<number>()
      const sender = go(function* () {
        let sent = 0
        while (yield* left.send(sent)) sent++
        return sent
      })
      yield* left.next()
      left.closeReceiver()
      expect(yield* sender).toBe(1)
      yield* waitIdle()
      expect(numGoroutine()).toBe(before)
    },
    virtual,
  )
})
