/** Go's runtime/chan_test.go. */
import { chan, type Channel, select, trySelect } from "@weft/channels"
import { go, gosched } from "@weft/core"
import { describe, expect } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"
import { waitIdle } from "../../../core/test/support/virtual.ts"

/** Go tries every capacity below 200; under seeds a few that differ. */
const capacities = (isReal: boolean) => (isReal ? Array.from({ length: 200 }, (_, i) => i) : [0, 1, 3])

const virtual = { time: "virtual" } as const

describe("runtime/chan_test", () => {
  underSchedules(
    "Chan: a receive from an empty channel waits, plain and in a select",
    function* ({ isReal }) {
      for (const capacity of capacities(isReal)) {
        const ch = chan<number>(capacity)
        let received = 0
        const receivers = [
          go(function* () {
            yield* ch.receive()
            received++
          }),
          go(function* () {
            yield* ch.next()
            received++
          }),
          go(function* () {
            yield* select({ in: ch.receive() })
            received++
          }),
        ]
        yield* waitIdle()
        expect(received).toBe(0)
        for (let i = 0; i < 3; i++) yield* ch.send(i)
        for (const receiver of receivers) yield* receiver
      }
    },
    virtual,
  )

  underSchedules(
    "Chan: a send to a full channel waits, plain and in a select",
    function* ({ isReal }) {
      for (const capacity of capacities(isReal)) {
        const ch = chan<number>(capacity)
        for (let i = 0; i < capacity; i++) yield* ch.send(i)
        let sent = 0
        go(function* () {
          yield* ch.send(0)
          sent++
        })
        go(function* () {
          yield* select({ out: ch.send(0) })
          sent++
        })
        yield* waitIdle()
        expect(sent).toBe(0)
        yield* ch.receive()
        yield* ch.receive()
        yield* waitIdle()
        expect(sent).toBe(2)
      }
    },
    virtual,
  )

  underSchedules(
    "Chan: the close wakes receivers with ok false, and keeps what is buffered",
    function* ({ isReal }) {
      for (const capacity of capacities(isReal)) {
        const parked = chan<number>(capacity)
        const receiver = go(function* () {
          return yield* parked.next()
        })
        yield* waitIdle()
        parked.close()
        expect(yield* receiver).toEqual({ ok: false, value: undefined })

        const ch = chan<number>(capacity)
        for (let i = 0; i < capacity; i++) yield* ch.send(i)
        ch.close()
        for (let i = 0; i < capacity; i++) expect(yield* ch.next()).toEqual({ ok: true, value: i })
        expect(yield* ch.next()).toEqual({ ok: false, value: undefined })
      }
    },
    virtual,
  )

  underSchedules("Chan: keeps the order of 100 values", function* ({ isReal }) {
    for (const capacity of capacities(isReal)) {
      const ch = chan<number>(capacity)
      go(function* () {
        for (let i = 0; i < 100; i++) yield* ch.send(i)
      })
      for (let i = 0; i < 100; i++) expect(yield* ch.receive()).toBe(i)
    }
  })

  underSchedules("Chan: 4 senders and 4 receivers lose nothing and double nothing", function* ({ isReal }) {
    const [workers, values] = [4, isReal ? 1000 : 50]
    for (const capacity of isReal ? [0, 1, 10, 100, 199] : [0, 3]) {
      const ch = chan<number>(capacity)
      for (let worker = 0; worker < workers; worker++) {
        go(function* () {
          for (let i = 0; i < values; i++) yield* ch.send(i)
        })
      }
      const counts = Array.from({ length: workers }, () =>
        go(function* () {
          const seen = new Map<number, number>()
          for (let i = 0; i < values; i++) {
            const value = (yield* ch.receive())!
            seen.set(value, (seen.get(value) ?? 0) + 1)
          }
          return seen
        }),
      )
      const total = new Array<number>(values).fill(0)
      for (const count of counts) for (const [value, n] of yield* count) total[value]! += n
      expect(total.every((n) => n === workers)).toBe(true)
    }
  })

  underSchedules(
    "Chan: length and capacity",
    function* ({ isReal }) {
      for (const capacity of capacities(isReal)) {
        const ch = chan<number>(capacity)
        expect([ch.length, ch.capacity]).toEqual([0, capacity])
        for (let i = 0; i < capacity; i++) yield* ch.send(i)
        expect([ch.length, ch.capacity]).toEqual([capacity, capacity])
      }
    },
    { seeds: 1 },
  )

  underSchedules(
    "NonblockRecvRace: with a value there and a close coming, a try is always ready",
    function* ({ isReal }) {
      for (let i = 0; i < (isReal ? 1000 : 50); i++) {
        const ch = chan<number>(1)
        yield* ch.send(1)
        const trying = go(function* () {
          return ch.tryReceive()
        })
        yield* gosched()
        ch.close()
        yield* gosched()
        yield* ch.receive()
        expect(yield* trying).toBeDefined()
      }
    },
  )

  underSchedules(
    "NonblockSelectRace: one of two channels is ready at every moment, so a try never misses",
    function* ({ isReal }) {
      const n = isReal ? 2000 : 50
      for (let i = 0; i < n; i++) {
        const [a, b] = [chan<number>(1), chan<number>(1)]
        yield* a.send(1)
        const trying = go(function* () {
          return trySelect({ a: a.receive(), b: b.receive() })
        })
        yield* b.send(1)
        a.tryReceive()
        expect(yield* trying).toBeDefined()
      }
    },
  )

  underSchedules("ChanSendInterface: objects arrive as the very objects that were sent", function* () {
    const sent = [{ a: 1 }, () => 1, Symbol("s"), new Map(), undefined, null, NaN]
    const ch = chan<unknown>(1)
    go(function* () {
      for (const value of sent) yield* ch.send(value)
      ch.close()
    })
    const received = yield* ch.drain()
    expect(received.length).toBe(sent.length)
    received.forEach((value, i) => expect(Object.is(value, sent[i])).toBe(true))
  })

  underSchedules(
    "MultiConsumer: 23 ranging workers see each of 271,828 items once",
    function* ({ isReal }) {
      const [workers, items] = [23, isReal ? 271_828 : 1000]
      const primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]
      const [queue, results] = [chan<number>(workers * 4), chan<number>(workers * 4)]
      const all = Array.from({ length: workers }, (_, worker) =>
        go(function* () {
          yield* queue.forEach(function* (value) {
            // Some work, and now and then a pause.
            if (primes[worker % primes.length]! === value) yield* gosched()
            yield* results.send(value)
          })
        }),
      )
      let expected = 0
      go(function* () {
        for (let i = 0; i < items; i++) {
          const value = primes[i % primes.length]!
          expected += value
          yield* queue.send(value)
        }
        queue.close()
        for (const worker of all) yield* worker
        results.close()
      })
      let [n, sum] = [0, 0]
      yield* results.forEach((value) => {
        n++
        sum += value
      })
      expect([n, sum]).toEqual([items, expected])
    },
    { seeds: 20 },
  )

  describe.each([0, 1, 10])("capacity %d", (capacity) => {
    underSchedules(
      "SelfSelect: goroutines that send and receive on one channel never get their own value",
      function* ({ isReal }) {
        const rounds = isReal ? 1000 : 100
        const ch: Channel<number> = chan<number>(capacity)
        const players = [0, 1].map((player) =>
          go(function* () {
            for (let i = 0; i < rounds; i++) {
              if (player === 0 || i % 2 === 0) {
                const hit = yield* select({ out: ch.send(player), in: ch.receive() })
                // With a buffer a value of one's own may come back: Go's test allows that too.
                if (hit.case === "in" && capacity === 0) expect(hit.value).toBe(1 - player)
              } else {
                const hit = yield* select({ in: ch.receive(), out: ch.send(player) })
                if (hit.case === "in" && capacity === 0) expect(hit.value).toBe(1 - player)
              }
            }
          }),
        )
        for (const player of players) yield* player
        expect([ch.receivers.length, ch.senders.length]).toEqual([0, 0])
      },
    )
  })
})
