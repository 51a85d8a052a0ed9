/** A channel keeps its laws on whatever thread: these are the far side's. */
import { type Channel, chan, ChannelClosed, nil, select } from "@weft/channels"
import { context, go, gosched, joinAll, type Op, run, sleep } from "@weft/core"
import { AtomicInt32 } from "@weft/sync"
import { spawn } from "@weft/workers"
import { describe, expect, it } from "vitest"
import {
  closing,
  exchanging,
  makeChannel,
  receiveOne,
  relay,
  sendAll,
  sendsFunction,
  sendsOdd,
  sendsUntilClosed,
  stuck,
} from "./tasks/basic.ts"
import { growsEach, keepsChannel, lengths, sendsSame } from "./tasks/objects.ts"
import { thrownBy } from "./support/thrown-by.ts"

const numbers = (n: number) => Array.from({ length: n }, (_, i) => i)

describe.each([
  ["unbuffered", () => chan<number>()],
  ["of capacity 1", () => chan<number>(1)],
  ["of capacity 64", () => chan<number>(64)],
])("a channel %s on another thread", (_name, make) => {
  it("gives each value to one receiver, in order to each", () =>
    run(function* () {
      const from = make()
      const to = make()
      const relays = [spawn(relay, from, to), spawn(relay, from, to), spawn(relay, from, to)]
      go(function* () {
        for (const n of numbers(300)) yield* from.send(n)
        from.close()
      })
      const received: Array<number> = []
      for (let i = 0; i < 300; i++) received.push((yield* to.receive())!)
      expect(received.toSorted((a, b) => a - b)).toEqual(numbers(300))
      const counts = yield* joinAll(relays)
      expect(counts.reduce((sum, n) => sum + n)).toBe(300)
    }))

  it("keeps the order of one sender there", () =>
    run(function* () {
      const to = make()
      const sending = spawn(sendAll, to, numbers(100))
      const received: Array<number> = []
      for (let i = 0; i < 100; i++) received.push((yield* to.receive())!)
      expect(received).toEqual(numbers(100))
      yield* sending
    }))

  it("commits one case of each select, on whatever sides they are", () =>
    run(function* () {
      const a = make()
      const b = make()
      const rounds = 200
      const there = [spawn(exchanging, a, b, 0, rounds), spawn(exchanging, a, b, 1000, rounds)]
      let sent = 0
      let received = 0
      const here = go(function* () {
        for (;;) {
          const hit = yield* select({ a: a.send(1), b: b.receive() })
          if (hit.case === "a") sent++
          else received += hit.value!
        }
      })
      const [first, second] = yield* joinAll(there)
      here.interrupt()
      // What is still buffered was sent by one side and received by none.
      for (let left = a.tryReceive(); left?.ok === true; left = a.tryReceive()) sent--
      for (let left = b.tryReceive(); left?.ok === true; left = b.tryReceive()) received += left.value
      expect(first!.received + second!.received).toBe(sent)
      expect(first!.sent + second!.sent).toBe(received)
    }))
})

describe.skipIf(typeof SharedArrayBuffer === "undefined").each([0, 1, 3, 64])(
  "a sender there, room for %i",
  (capacity) => {
    it("is never ahead of who receives by more than that", () =>
      run(function* () {
        const channel = chan<number>(capacity)
        const sent = new AtomicInt32()
        const sending = spawn(sendsUntilClosed, channel, sent)
        for (let n = 1; n <= 400; n++) {
          expect(yield* channel.receive()).toBe(n)
          expect(sent.load()).toBeLessThanOrEqual(n + capacity)
        }
        channel.close()
        yield* channel.drain()
        yield* sending
      }))

    it("has nothing lost that it could send before the channel was closed here", () =>
      run(function* () {
        for (let round = 0; round < 20; round++) {
          const channel = chan<number>(capacity)
          const sent = new AtomicInt32()
          const sending = spawn(sendsUntilClosed, channel, sent)
          let received = 0
          while (received < round * 10) received = (yield* channel.receive())!
          channel.close()
          const left = yield* channel.drain()
          expect(yield* sending).toBe("ChannelClosed")
          expect(left).toEqual(numbers(sent.load() - received).map((i) => received + i + 1))
        }
      }))
  },
)

describe.each([0, 16])("an object that is sent several times, room for %i", (capacity) => {
  it("is one of its own to each receiver there", () =>
    run(function* () {
      const lists = chan<Array<number>>(capacity)
      const growing = spawn(growsEach, lists, 12)
      const list: Array<number> = []
      for (let i = 0; i < 12; i++) yield* lists.send(list)
      expect(yield* growing).toEqual(new Array(12).fill(1))
      expect(list).toEqual([])
    }))

  it("is one of its own to each receiver here", () =>
    run(function* () {
      const lists = chan<Array<number>>(capacity)
      const sending = spawn(sendsSame, lists, 12)
      const received = new Set<unknown>()
      for (let i = 0; i < 12; i++) received.add(yield* lists.receive())
      expect(received.size).toBe(12)
      yield* sending
    }))
})

describe("an object that is sent to a receiver there", () => {
  const rounds = 20

  it.each<[string, (to: Channel<Array<number>>, list: Array<number>) => Generator<Op<unknown>, void, unknown>]>([
    [
      "a send",
      function* (to, list) {
        yield* to.send(list)
      },
    ],
    [
      "a select",
      function* (to, list) {
        yield* select({ sent: to.send(list) })
      },
    ],
    [
      "a trySend",
      function* (to, list) {
        while (!to.trySend(list)) yield* sleep(1)
      },
    ],
  ])("comes as it was when %s ended", (_how, send) =>
    run(function* () {
      const to = chan<Array<number>>()
      const receiving = spawn(lengths, to, rounds)
      const list: Array<number> = []
      for (let i = 0; i < rounds; i++) {
        yield* send(to, list)
        list.push(i)
      }
      expect(yield* receiving).toEqual(numbers(rounds))
    }),
  )
})

describe("a channel on another thread", () => {
  it("fails a select here that sends what only the host can't clone, and leaves its other channels as they were", () =>
    run(function* () {
      const [a, b] = yield* joinAll([spawn(keepsChannel), spawn(keepsChannel)])
      const selecting = go(select({ sent: a.send(new Proxy({}, {})), received: b.receive() }))
      expect(yield* thrownBy(selecting)).toMatchObject({ name: "NotCloneable" })
      for (const channel of [a, b]) {
        const receiving = spawn(receiveOne, channel)
        yield* channel.send("plain")
        expect(yield* receiving).toEqual({ ok: true, value: "plain" })
      }
    }))

  it("ends a send there only when a receiver has the value", () =>
    run(function* () {
      const to = chan<number>()
      const sending = spawn(sendAll, to, [1])
      const hit = yield* select({ sent: sending.join(), late: sleep(30) })
      expect(hit.case).toBe("late")
      expect(yield* to.receive()).toBe(1)
      yield* sending
    }))

  it("ends receivers there when it is closed here, and the other way round", () =>
    run(function* () {
      const closed = chan<unknown>()
      const receiving = spawn(receiveOne, closed)
      yield* sleep(5)
      closed.close()
      expect(yield* receiving).toEqual({ ok: false, value: undefined })
      const other = chan<unknown>()
      yield* spawn(closing, other)
      expect(yield* other.next()).toEqual({ ok: false, value: undefined })
      expect(other.closed).toBe(true)
    }))

  it("panics a send there on a closed channel, which gives the value back", () =>
    run(function* () {
      const to = chan<number>()
      const sending = spawn(sendAll, to, [7])
      yield* sleep(5)
      to.close()
      const error = yield* thrownBy(sending)
      expect(error).toBeInstanceOf(ChannelClosed)
      expect((error as Error).message).toMatch(/send on closed channel/)
    }))

  it("takes nothing when a receiver there is interrupted", () =>
    run(function* () {
      for (let round = 0; round < 20; round++) {
        const from = chan<unknown>()
        const receiving = spawn(receiveOne, from)
        if (round % 2 === 0) yield* sleep(round / 4)
        receiving.interrupt()
        const sending = go(function* () {
          yield* from.send("kept")
        })
        const outcome = (yield* thrownBy(receiving)) as { readonly name: string }
        // It has the value, or the value is still to be received.
        if (outcome.name === "GoroutineInterrupted")
          expect((yield* select({ value: from.receive(), late: sleep(5000) })).case).toBe("value")
        sending.interrupt()
      }
    }))

  it("carries channels, and one that comes home is itself", () =>
    run(function* () {
      const made = chan<Channel<string>>(1)
      const mine = chan<string>(1)
      const there = spawn(makeChannel, made, "hello")
      yield* made.send(mine)
      expect(yield* mine.receive()).toBe("hello")
      yield* there
      const home = chan<unknown>(1)
      yield* home.send(home)
      expect(yield* spawn(receiveOne, home)).toEqual({ ok: true, value: home })
    }))

  it("that is nil never happens there either", () =>
    run(function* () {
      const waiting = spawn(stuck, nil<number>())
      const hit = yield* select({ waiting: waiting.join(), late: sleep(20) })
      expect(hit.case).toBe("late")
      waiting.interrupt()
    }))

  it("refuses there to send what can't go here, and goes on", () =>
    run(function* () {
      const to = chan<unknown>()
      const sending = spawn(sendsFunction, to)
      expect(yield* to.receive()).toBe("NotCloneable")
      yield* sending
    }))

  it("fails who receives what only the host can't clone, and loses nothing beside it", () =>
    run(function* () {
      const odd = chan<unknown>()
      const plain = chan<unknown>()
      // Joined from the start: what it throws is no panic then.
      const refused = go(thrownBy, spawn(receiveOne, odd))
      const receiving = spawn(receiveOne, plain)
      while (!odd.trySend(new Proxy({}, {}))) yield* sleep(1)
      while (!plain.trySend("plain")) yield* sleep(1)
      expect(yield* refused).toMatchObject({ name: "NotCloneable" })
      expect(yield* receiving).toEqual({ ok: true, value: "plain" })
    }))
})

describe("a value that can't go to the thread of its receiver", () => {
  const bad = { done: () => 1 }
  const refusal = {
    name: "NotCloneable",
    message: "workers: the value sent.done is a function; pass data, or a task, and call the function there",
    fields: { task: undefined, path: "the value sent.done" },
  }

  it.each([0, 4])("fails the send that meets one who waits, who waits on, first as before: capacity %i", (capacity) =>
    run(function* () {
      const values = chan<unknown>(capacity)
      const there = spawn(receiveOne, values)
      while (values.receivers.isEmpty) yield* sleep(1)
      const here = go(function* () {
        return yield* values.receive()
      })
      yield* gosched()
      expect(yield* thrownBy(go(values.send(bad)))).toMatchObject({
        ...refusal,
        fields: { ...refusal.fields, value: bad.done },
      })
      yield* values.send(1)
      yield* values.send(2)
      expect([yield* there, yield* here]).toEqual([{ ok: true, value: 1 }, 2])
    }),
  )

  it("throws where it is tried", () =>
    run(function* () {
      const values = chan<unknown>()
      const there = spawn(receiveOne, values)
      while (values.receivers.isEmpty) yield* sleep(1)
      expect(() => values.trySend({ of: [context.background] })).toThrow(
        "workers: the value sent.of[0] is a context, which goes along with a task only; pass it as an argument",
      )
      yield* values.send(1)
      expect(yield* there).toEqual({ ok: true, value: 1 })
    }))

  it("fails the send that waits for one, and not those behind it", () =>
    run(function* () {
      const values = chan<unknown>()
      const sending = [bad, 1].map((value) => go(thrownBy, go(values.send(value))))
      yield* gosched()
      yield* gosched()
      expect(yield* spawn(receiveOne, values)).toEqual({ ok: true, value: 1 })
      expect(yield* joinAll(sending)).toEqual([expect.objectContaining({ message: refusal.message }), undefined])
    }))

  it("fails who receives it, where it was buffered, with the same words", () =>
    run(function* () {
      const values = chan<unknown>(2)
      yield* values.send(bad)
      yield* values.send(1)
      expect(yield* thrownBy(spawn(receiveOne, values))).toMatchObject(refusal)
      expect(yield* spawn(receiveOne, values)).toEqual({ ok: true, value: 1 })
    }))

  it("is said so by the thread that sends, too", () =>
    run(function* () {
      const values = chan<unknown>()
      const odd = yield* thrownBy(spawn(sendsOdd, chan(), values))
      expect(odd).toMatchObject({
        name: "NotCloneable",
        message: expect.stringMatching(
          /^workers: the value sent is what this host does not send \(.*\); pass plain data$/,
        ) as string,
      })
    }))
})
