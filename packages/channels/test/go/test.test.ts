/** Go's test directory: chancap.go, chanlinear.go, closedchan.go, range.go, sieve.go. */
import { chan, ChannelClosed, type Channel, InvalidCapacity, nil, select, trySelect } from "@weft/channels"
import { go, run, type Waiter, type WaitList } from "@weft/core"
import { describe, expect, expectTypeOf, it } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"
import { runVirtual, waitIdle } from "../../../core/test/support/virtual.ts"
import { primes } from "../programs/sieve.ts"

type Form = (
  ch: Channel<number>,
) => Generator<unknown, { readonly value: number; readonly ok: boolean | undefined }, unknown>

const zero = (value: number | undefined) => value ?? 0

/** Every form of receive: plain, comma ok, in select, with default. */
const receives: Readonly<Record<string, Form>> = {
  *receive(ch) {
    return { value: zero(yield* ch.receive()), ok: undefined }
  },
  *next(ch) {
    const next = yield* ch.next()
    return { value: zero(next.value), ok: next.ok }
  },
  *take(ch) {
    try {
      return { value: yield* ch.take(), ok: true }
    } catch (error) {
      expect(error).toBeInstanceOf(ChannelClosed)
      return { value: 0, ok: false }
    }
  },
  *tryReceive(ch) {
    const next = ch.tryReceive()!
    return { value: zero(next.value), ok: next.ok }
  },
  *select(ch) {
    return { value: zero((yield* select({ in: ch.receive() })).value), ok: undefined }
  },
  *selectOk(ch) {
    const { value } = yield* select({ in: ch.next() })
    return { value: zero(value.value), ok: value.ok }
  },
  *trySelect(ch) {
    return { value: zero(trySelect({ in: ch.receive() })!.value), ok: undefined }
  },
  *trySelectOk(ch) {
    const { value } = trySelect({ in: ch.next() })!
    return { value: zero(value.value), ok: value.ok }
  },
}

const sends: Readonly<Record<string, (ch: Channel<number>) => Generator<unknown, void, unknown>>> = {
  *send(ch) {
    yield* ch.send(2)
  },
  *trySend(ch) {
    ch.trySend(2)
  },
  *select(ch) {
    yield* select({ out: ch.send(2) })
  },
  *trySelect(ch) {
    trySelect({ out: ch.send(2) })
  },
}

describe("test", () => {
  it("sieve: an endless sieve compiles", () => {
    expectTypeOf(primes).returns.toHaveProperty("receive")
  })

  describe.each([
    ["unbuffered, empty", 0, []],
    ["buffered, empty", 2, []],
    ["buffered, holding 1", 2, [1]],
  ] as const)("%s", (_, capacity, held) => {
    for (const [name, form] of Object.entries(receives)) {
      underSchedules(
        `closedchan: ${name} gives what is held, and then thrice the end`,
        function* () {
          const ch = chan<number>(capacity)
          for (const value of held) yield* ch.send(value)
          ch.close()
          for (const value of held) {
            const got = yield* form(ch) as Generator<never, { value: number; ok: boolean | undefined }, unknown>
            expect(got.value).toBe(value)
            expect(got.ok ?? true).toBe(true)
          }
          for (let i = 0; i < 3; i++) {
            const got = yield* form(ch) as Generator<never, { value: number; ok: boolean | undefined }, unknown>
            expect(got.value).toBe(0)
            expect(got.ok ?? false).toBe(false)
          }
        },
        { seeds: 5 },
      )
    }

    for (const [name, form] of Object.entries(sends)) {
      underSchedules(
        `closedchan: ${name} panics, and so does a second close`,
        function* () {
          const ch = chan<number>(capacity)
          for (const value of held) yield* ch.send(value)
          ch.close()
          for (let i = 0; i < 3; i++) {
            let panic: unknown
            try {
              yield* form(ch) as Generator<never, void, unknown>
            } catch (error) {
              panic = error
            }
            expect(panic).toBeInstanceOf(ChannelClosed)
            expect((panic as Error).message).toMatch(/^send on closed channel/)
            expect(() => ch.close()).toThrow(/^close of closed channel/)
          }
          expect(ch.length).toBe(held.length)
        },
        { seeds: 5 },
      )
    }
  })

  it("chancap: length and capacity after sends; bad capacities panic with Go's words", () =>
    run(function* () {
      const ch = chan<number>(10)
      expect([ch.length, ch.capacity]).toEqual([0, 10])
      for (let i = 0; i < 3; i++) yield* ch.send(i)
      expect([ch.length, ch.capacity]).toEqual([3, 10])
      expect([chan().length, chan().capacity]).toEqual([0, 0])
      for (const capacity of [-1, -(2 ** 63), 2 ** 63, 2 ** 32])
        expect(() => chan(capacity)).toThrow(/^makechan: size out of range/)
    }))

  it.each([-1, -10, NaN, 1.5, 2 ** 32, 2 ** 53, 1e100])("makechan: a capacity of %d panics", (capacity) => {
    expect(() => chan(capacity)).toThrow(InvalidCapacity)
  })

  it("makechan: whole numbers that fit do not", () => {
    for (const capacity of [0, 1, 10, 1e3, 2 ** 32 - 1, -0]) expect(() => chan(capacity)).not.toThrow()
  })

  it("chanlinear: leaving a queue of n waiters costs O(n) in all", () =>
    runVirtual(function* () {
      /** Links read and written while n goroutines leave the queue of a channel that nobody uses. */
      function* stepsFor(n: number, order: "first to last" | "last to first") {
        const ch = chan<number>()
        const waiting = Array.from({ length: n }, () =>
          go(function* () {
            yield* select({ in: ch.receive(), idle: nil<number>().receive() })
          }),
        )
        yield* waitIdle()
        expect(ch.receivers.length).toBe(n)
        const links = countLinks(ch.receivers)
        for (const goroutine of order === "first to last" ? waiting : waiting.toReversed()) goroutine.interrupt()
        const steps = links.stop()
        expect(ch.receivers.length).toBe(0)
        return steps
      }
      for (const order of ["first to last", "last to first"] as const) {
        const [once, twice] = [yield* stepsFor(500, order), yield* stepsFor(1000, order)]
        expect(once).toBeGreaterThan(500)
        expect(twice / once).toBeCloseTo(2, 1)
      }
    }))

  underSchedules("range: ranges over a channel, with and without the variable", function* () {
    function* sequence(low: number, high: number, out: Channel<number>) {
      for (let i = low; i <= high; i++) yield* out.send(i)
      out.close()
    }
    const letters = chan<number>()
    go(sequence, "a".charCodeAt(0), "z".charCodeAt(0), letters)
    let text = ""
    yield* letters.forEach((code) => {
      text += String.fromCharCode(code)
    })
    expect(text).toBe("abcdefghijklmnopqrstuvwxyz")
    const counted = chan<number>()
    go(sequence, 1, 10, counted)
    let n = 0
    yield* counted.forEach(() => n++)
    expect(n).toBe(10)
  })
})

/** Counts every access to a link of the waiters that stand in a list now. */
function countLinks(list: WaitList): { stop(): number } {
  let steps = 0
  const waiters: Array<Waiter> = []
  for (let waiter = list.head; waiter !== null; waiter = waiter.next) waiters.push(waiter)
  for (const waiter of waiters) {
    for (const link of ["next", "prev"] as const) {
      let value = waiter[link]
      Object.defineProperty(waiter, link, {
        configurable: true,
        get: () => (steps++, value),
        set: (given: Waiter | null) => {
          steps++
          value = given
        },
      })
    }
  }
  return { stop: () => steps }
}
