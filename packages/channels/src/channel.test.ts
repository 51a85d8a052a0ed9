import { DeadlockError, go, gosched, goroutines, Panic, run, sleep } from "@weft/core"
import { describe, expect, it } from "vitest"
import { runVirtual, waitIdle } from "../../core/test/support/virtual.ts"
import { buffer, chan } from "./chan.ts"
import type { Channel } from "./channel.ts"
import { ChannelClosed } from "./closed.ts"
import { select } from "./select.ts"

const kinds: ReadonlyArray<readonly [string, () => Channel<number>]> = [
  ["unbuffered", () => chan(0)],
  ["capacity 1", () => chan(1)],
  ["capacity 3", () => chan(3)],
  ["sliding 2", () => chan(buffer.sliding(2))],
  ["dropping 2", () => chan(buffer.dropping(2))],
  ["unbounded", () => chan(buffer.unbounded())],
]

describe.each(kinds)("a channel (%s)", (_, make) => {
  it("panics on every form of send once closed, and gives the value back", () =>
    run(function* () {
      const ch = make()
      ch.close()
      for (const attempt of [() => ch.trySend(7), () => [...ch.send(7)]]) {
        let thrown: unknown
        try {
          attempt()
        } catch (error) {
          thrown = error
        }
        expect(thrown).toBeInstanceOf(ChannelClosed)
        expect(thrown).toMatchObject({ name: "ChannelClosed", value: 7 })
        expect((thrown as Error).message).toBe(
          "send on closed channel; close it only after the last send, best by its one sender",
        )
      }
      let selected: unknown
      try {
        yield* select({ sent: ch.send(8) })
      } catch (error) {
        selected = error
      }
      expect(selected).toMatchObject({ name: "ChannelClosed", value: 8 })
    }))

  it("panics on a second close", () => {
    const ch = make()
    ch.close()
    expect(() => ch.close()).toThrow("close of closed channel; close it once")
    expect(() => ch.close()).toThrow(Panic)
    expect(ch.closed).toBe(true)
  })

  it("answers every form of receive for ever once closed and drained", () =>
    run(function* () {
      const ch = make()
      expect(ch.closed).toBe(false)
      ch.close()
      for (let i = 0; i < 3; i++) {
        expect(yield* ch.receive()).toBeUndefined()
        expect(yield* ch.next()).toEqual({ ok: false, value: undefined })
        expect(ch.tryReceive()).toEqual({ ok: false, value: undefined })
        expect((yield* select({ end: ch.next() })).value).toEqual({ ok: false, value: undefined })
      }
    }))

  it("wakes every parked receiver at close, in order, and nobody twice", () =>
    runVirtual(function* () {
      const ch = make()
      const woken: Array<number> = []
      for (let i = 0; i < 4; i++) {
        go(function* () {
          expect(yield* ch.next()).toEqual({ ok: false, value: undefined })
          woken.push(i)
        })
      }
      yield* waitIdle()
      expect(ch.receivers.length).toBe(4)
      ch.close()
      expect(woken).toEqual([])
      yield* waitIdle()
      expect(woken).toEqual([0, 1, 2, 3])
    }))

  it("serves parked receivers in the order in which they came", () =>
    runVirtual(function* () {
      const ch = make()
      const got: Array<string> = []
      for (const name of ["a", "b", "c"]) {
        go(function* () {
          const value = yield* ch.receive()
          got.push(`${name}${value}`)
        })
        yield* waitIdle()
      }
      for (let i = 0; i < 3; i++) {
        yield* ch.send(i)
        yield* waitIdle()
      }
      expect(got).toEqual(["a0", "b1", "c2"])
    }))

  it("tells nobody of a waiter that gave up", () =>
    runVirtual(function* () {
      const ch = make()
      const gone = go(function* () {
        yield* ch.receive()
      })
      yield* waitIdle()
      gone.interrupt()
      yield* waitIdle()
      expect(ch.receivers.length).toBe(0)
      const kept = go(function* () {
        return yield* ch.receive()
      })
      yield* waitIdle()
      yield* ch.send(1)
      expect(yield* kept).toBe(1)
    }))

  it("closes under a select that has both a receive and a send case on it: one of them happens", () =>
    runVirtual(function* () {
      const ch = chan<number>()
      const selecting = go(function* () {
        return yield* select({ in: ch.next(), out: ch.send(1) })
      })
      yield* waitIdle()
      ch.close()
      expect(yield* selecting).toEqual({ case: "in", value: { ok: false, value: undefined } })
    }))

  it("closes under a select with two receives on it: one of them happens, and others wake too", () =>
    runVirtual(function* () {
      const ch = make()
      const selecting = go(function* () {
        return yield* select({ a: ch.next(), b: ch.next() })
      })
      yield* waitIdle()
      const plain = go(function* () {
        return yield* ch.next()
      })
      yield* waitIdle()
      ch.close()
      expect((yield* selecting).value).toEqual({ ok: false, value: undefined })
      expect(yield* plain).toEqual({ ok: false, value: undefined })
      expect(ch.receivers.length).toBe(0)
    }))
})

describe.each([
  ["unbuffered", 0],
  ["capacity 2", 2],
])("a channel that holds senders back (%s)", (_, capacity) => {
  it("fails every parked sender at close with its own value, after what is buffered was kept", () =>
    runVirtual(function* () {
      const ch = chan<number>(capacity)
      for (let i = 0; i < capacity; i++) yield* ch.send(i)
      const returned: Array<unknown> = []
      for (const value of [10, 11, 12]) {
        go(function* () {
          try {
            yield* ch.send(value)
          } catch (error) {
            returned.push((error as ChannelClosed).value)
          }
        })
        yield* waitIdle()
      }
      expect(ch.senders.length).toBe(3)
      ch.close()
      yield* waitIdle()
      expect(returned).toEqual([10, 11, 12])
      expect(yield* ch.drain()).toEqual(Array.from({ length: capacity }, (_, i) => i))
    }))

  it("closes under a select with two sends on it: it panics once", () =>
    runVirtual(function* () {
      const ch = chan<number>(capacity)
      for (let i = 0; i < capacity; i++) yield* ch.send(i)
      const selecting = go(function* () {
        yield* select({ a: ch.send(10), b: ch.send(11) })
      })
      const panic = go(function* () {
        try {
          yield* selecting
        } catch (error) {
          return error
        }
        return undefined
      })
      yield* waitIdle()
      ch.close()
      expect(yield* panic).toBeInstanceOf(ChannelClosed)
      expect(ch.senders.length).toBe(0)
    }))

  it("serves parked senders in the order in which they came, behind what is buffered", () =>
    runVirtual(function* () {
      const ch = chan<number>(capacity)
      for (let i = 0; i < capacity + 3; i++) {
        go(function* () {
          yield* ch.send(i)
        })
        yield* waitIdle()
      }
      expect([ch.length, ch.senders.length]).toEqual([capacity, 3])
      const got: Array<unknown> = []
      for (let i = 0; i < capacity + 3; i++) got.push(yield* ch.receive())
      expect(got).toEqual(Array.from({ length: capacity + 3 }, (_, i) => i))
    }))

  it("forgets the value of a sender that gave up", () =>
    runVirtual(function* () {
      const ch = chan<number>(capacity)
      for (let i = 0; i < capacity; i++) yield* ch.send(i)
      const gone = go(function* () {
        yield* ch.send(100)
      })
      yield* waitIdle()
      gone.interrupt()
      yield* waitIdle()
      expect(ch.senders.length).toBe(0)
      for (let i = 0; i < capacity; i++) expect(yield* ch.receive()).toBe(i)
      expect(ch.tryReceive()).toBeUndefined()
    }))
})

describe("a channel in a report", () => {
  it("says what kind it is, what it holds and who waits", () =>
    runVirtual(function* () {
      const full = chan<number>(1)
      yield* full.send(1)
      const waiting = go.named("sender", function* () {
        yield* full.send(2)
      })
      yield* waitIdle()
      expect(waiting.waitReason).toBe("chan send")
      expect(waiting.waitDetail).toBe("a channel (capacity 1, 1 buffered, 1 waiting to send)")
      expect(goroutines().find(({ name }) => name === "sender")).toMatchObject({ waitReason: "chan send" })
      yield* full.receive()
      yield* full.receive()
    }))

  it("gives a wait Go's reason", () =>
    runVirtual(function* () {
      const ch = chan<number>()
      const reasons = [
        go(function* () {
          yield* ch.receive()
        }),
        go(function* () {
          yield* ch.next()
        }),
        go(function* () {
          yield* ch.forEach(() => undefined)
        }),
        go(function* () {
          yield* select({ a: ch.receive(), b: sleep("1 hour") })
        }),
        go(function* () {
          yield* select({})
        }),
      ]
      yield* waitIdle()
      expect(reasons.map((goroutine) => goroutine.waitReason)).toEqual([
        "chan receive",
        "chan receive",
        "chan receive",
        "select",
        "select (no cases)",
      ])
    }))

  it("reads like Go's when all goroutines are asleep", async () => {
    const main = run(
      function* () {
        const responses = chan<string>()
        yield* responses.send("nobody")
      },
      { deadlock: "fail" },
    )
    const error: unknown = await main.catch((error: unknown) => error)
    expect(error).toBeInstanceOf(DeadlockError)
    const { message } = error as Error
    expect(message).toContain("all goroutines are asleep - deadlock!")
    expect(message).toContain("[chan send")
    expect(message).toContain("start the receiver first, or give the channel a capacity: chan(n)")
  })
})

describe("an op of a channel", () => {
  it("does nothing until it is committed", () => {
    const ch = chan<number>(1)
    ch.send(1)
    ch.receive()
    ch.next()
    ch.take()
    expect([ch.length, ch.receivers.length, ch.senders.length]).toEqual([0, 0, 0])
  })

  it("happens once for each commit, however often it is committed", () =>
    run(function* () {
      const ch = chan<number>(4)
      const send = ch.send(5)
      yield* send
      yield* send
      yield* gosched()
      yield* send
      expect(ch.length).toBe(3)
      const receive = ch.receive()
      expect([yield* receive, yield* receive, yield* receive]).toEqual([5, 5, 5])
    }))

  it("can be waited for by several goroutines at the same time", () =>
    runVirtual(function* () {
      const ch = chan<number>()
      const receive = ch.receive()
      const got: Array<unknown> = []
      for (let i = 0; i < 3; i++) {
        go(function* () {
          got.push(yield* receive)
        })
      }
      yield* waitIdle()
      for (let i = 0; i < 3; i++) yield* ch.send(i)
      yield* waitIdle()
      expect(got.sort()).toEqual([0, 1, 2])
    }))

  it.each([
    ["sends", (ch: Channel<number>) => ch.send(1)],
    ["receives", (ch: Channel<number>) => ch.receive()],
    ["asks for what is next", (ch: Channel<number>) => ch.next()],
  ])("lets others have their turn where a goroutine only %s and need never wait", (_, make) =>
    run(function* () {
      const ch = chan<number>(100_000)
      while (ch.length < 50_000) ch.trySend(0)
      const other = go(function* () {})
      for (let i = 0; i < 50_000 && other.status !== "done"; i++) yield* make(ch)
      expect(other.status).toBe("done")
    }),
  )
})
