/** Go's test/chan: the channel and select programs of the compiler's test suite. */
import { chan, type Channel, nil, type Receiver, select, type Sender, trySelect } from "@weft/channels"
import { go, gosched, type Op } from "@weft/core"
import { describe, expect, it } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"
import { filter, primes } from "../programs/sieve.ts"

describe("test/chan", () => {
  underSchedules("goroutines: 10,000 goroutines in a chain pass one value and end", function* ({ isReal }) {
    const n = isReal ? 10_000 : 200
    const first = chan<number>()
    let right = first
    for (let i = 0; i < n; i++) {
      const [from, to] = [right, chan<number>()]
      go(function* () {
        yield* to.send((yield* from.take()) + 1)
      })
      right = to
    }
    yield* first.send(0)
    expect(yield* right.receive()).toBe(n)
  })

  describe.each([0, 1, 10])("capacity %d", (capacity) => {
    underSchedules("nonblock: tries miss without a partner and hit one within bounded yields", function* () {
      // As long as it takes a partner to come: in Go up to 100 Gosched calls, under a random schedule any number.
      function* until<A>(attempt: () => A | undefined): Generator<Op<void>, A, unknown> {
        for (;;) {
          const result = attempt()
          if (result !== undefined) return result
          yield* gosched()
        }
      }
      const [values, sync] = [chan<number>(capacity), chan<boolean>(capacity)]
      expect(values.tryReceive()).toBeUndefined()
      expect(trySelect({ in: values.receive() })).toBeUndefined()
      if (capacity === 0) {
        expect(values.trySend(1)).toBe(false)
        expect(trySelect({ out: values.send(1) })).toBeUndefined()
      }
      const receiver = go(function* () {
        const value = yield* values.receive()
        yield* sync.send(true)
        return value
      })
      yield* until(() => values.trySend(123) || undefined)
      yield* sync.receive()
      expect(yield* receiver).toBe(123)

      go(function* () {
        yield* values.send(234)
        yield* sync.send(true)
      })
      expect(yield* until(() => trySelect({ in: values.receive() })?.value)).toBe(234)
      yield* sync.receive()
      expect(values.tryReceive()).toBeUndefined()

      const fills = Array.from({ length: capacity + 1 }, (_, i) => values.trySend(i))
      expect(fills).toEqual([...Array<boolean>(capacity).fill(true), false])
    })
  })

  it("perm: uses in the wrong direction are rejected by the compiler", () => {
    /* eslint-disable @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-assignment,
         @typescript-eslint/no-unsafe-class-instance-assignment -- none of it may compile */
    const wrong = (receiver: Receiver<number>, sender: Sender<number>) => {
      // @ts-expect-error send to receive-only type
      receiver.send(1)
      // @ts-expect-error send to receive-only type
      receiver.trySend(1)
      // @ts-expect-error cannot close receive-only channel
      receiver.close()
      // @ts-expect-error receive from send-only type
      sender.receive()
      // @ts-expect-error receive from send-only type
      sender.tryReceive()
      // @ts-expect-error receive from send-only type
      select({ in: sender.next() })
      // @ts-expect-error cannot range over send-only channel
      sender.forEach(() => undefined)
      // @ts-expect-error no way back from one end to both
      const both: Channel<number> = receiver
      // @ts-expect-error no way from one end to the other
      const other: Receiver<number> = sender
      return [both, other]
    }
    /* eslint-enable */
    expect(wrong).toBeTypeOf("function")
  })

  underSchedules("sieve1: a chain of filters gives the 25 primes under 100", function* () {
    const found: Array<number> = []
    const source = primes()
    while (found.length < 25) found.push(yield* source.take())
    expect(found).toEqual([
      2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    ])
    expect(filter).toBeTypeOf("function")
  })

  underSchedules("sendstmt: select sends on a channel just received from a channel", function* () {
    const channels = chan<Channel<number>>(1)
    const numbers = chan<number>(1)
    yield* channels.send(numbers)
    const hit = yield* select({ sent: (yield* channels.take()).send(42) })
    expect(hit.case).toBe("sent")
    expect(yield* numbers.receive()).toBe(42)
  })

  underSchedules("select: used-up cases become nil, operands are evaluated once each round", function* () {
    let [counter, shift] = [0, 0]
    const getValue = () => {
      counter++
      return 1 << shift
    }
    function* send(a: Channel<number> | undefined, b: Channel<number> | undefined) {
      let [left, right] = [a, b]
      let i = 0
      for (;;) {
        i++
        const hit = yield* select({
          a: (left ?? nil<number>()).send(getValue()),
          b: (right ?? nil<number>()).send(getValue()),
          ...(left === undefined && right === undefined ? { done: gosched() } : {}),
        })
        if (hit.case === "a") left = undefined
        else if (hit.case === "b") right = undefined
        else return i
        shift++
      }
    }
    const a = chan<number>(1)
    const b = chan<number>(1)
    expect(yield* send(a, b)).toBe(3)
    expect(counter).toBe(6)
    expect((yield* a.take()) | (yield* b.take())).toBe(3)
    expect(yield* send(a, undefined)).toBe(2)
    expect(counter).toBe(10)
    expect(yield* a.take()).toBe(4)
  })

  underSchedules("select4: only the taken case's target is computed", function* () {
    const c = chan<number>(1)
    const c1 = chan<number>()
    yield* c.send(42)
    const computed: Array<string> = []
    const target = (name: string) => (value: number | undefined) => {
      computed.push(name)
      return value
    }
    const hit = yield* select({ idle: c1.receive().map(target("idle")), ready: c.receive().map(target("ready")) })
    expect(hit).toEqual({ case: "ready", value: 42 })
    expect(computed).toEqual(["ready"])
  })

  underSchedules("select8: leaves selects of one, two and three cases, with and without default", function* () {
    const ch = chan<number>()
    ch.close()
    // `break` and `goto` are `return` here: nothing after the select runs, and nobody is left waiting.
    function* one() {
      for (;;) {
        yield* select({ a: ch.receive() })
        return "left"
      }
    }
    function* two() {
      for (;;) {
        const { case: taken } = yield* select({ a: ch.receive(), b: nil<number>().receive() })
        if (taken === "a") break
        expect.unreachable()
      }
      return "left"
    }
    function* three() {
      for (;;) {
        switch ((yield* select({ a: ch.receive(), b: ch.receive(), c: ch.next() })).case) {
          case "a":
          case "b":
          case "c":
            return "left"
        }
      }
    }
    expect([yield* one(), yield* two(), yield* three()]).toEqual(["left", "left", "left"])
    expect(trySelect({ a: ch.receive() })?.case).toBe("a")
    expect(trySelect({ a: nil<number>().receive() })?.case).toBeUndefined()
    expect([ch.receivers.length, ch.senders.length]).toEqual([0, 0])
  })
})
