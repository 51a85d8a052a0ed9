import { currentProcessor, go, type Processor, run, Waiter } from "@weft/core"
import { describe, expect, it } from "vitest"
import { runVirtual, waitIdle } from "../../../core/test/support/virtual.ts"
import { buffer, chan } from "../chan.ts"
import type { Channel } from "../channel.ts"

const kinds: ReadonlyArray<readonly [string, () => Channel<number>]> = [
  ["unbuffered", () => chan()],
  ["capacity 2", () => chan(2)],
  ["sliding 2", () => chan(buffer.sliding(2))],
  ["unbounded", () => chan(buffer.unbounded())],
]

/** What is left of a select that another case has ended. */
class Over extends Waiter {
  readonly processor: Processor = currentProcessor()

  commit(): boolean {
    return false
  }
  fail(): void {}
}

// As by a channel's other end on another thread, whose receiver was gone when the value came.
describe.each(kinds)("a value given back to a channel (%s)", (_, make) => {
  it("goes to who waits longest", () =>
    runVirtual(function* () {
      const ch = make()
      const received: Array<string> = []
      for (const name of ["first", "second"])
        go(function* () {
          received.push(`${name} ${yield* ch.receive()}`)
        })
      yield* waitIdle()
      ch.giveBack(1)
      yield* waitIdle()
      expect(received).toEqual(["first 1"])
      ch.giveBack(2)
      yield* waitIdle()
      expect(received).toEqual(["first 1", "second 2"])
    }))

  it("passes a wait that is over, and reaches the next", () =>
    runVirtual(function* () {
      const ch = make()
      ch.enqueueReceiver(new Over())
      const next = go(function* () {
        return yield* ch.receive()
      })
      yield* waitIdle()
      ch.giveBack(1)
      expect(yield* next).toBe(1)
      ch.enqueueReceiver(new Over())
      ch.giveBack(2)
      expect(ch.tryReceive()).toEqual({ ok: true, value: 2 })
    }))

  it("is the next to be received, once, and before the end", () =>
    run(function* () {
      const ch = make()
      ch.giveBack(1)
      expect(ch.tryReceive()).toEqual({ ok: true, value: 1 })
      expect(ch.tryReceive()).toBeUndefined()
      ch.giveBack(2)
      ch.close()
      expect([yield* ch.next(), yield* ch.next()]).toEqual([
        { ok: true, value: 2 },
        { ok: false, value: undefined },
      ])
    }))
})

describe("a value given back to a channel with a buffer", () => {
  it("comes before those that are buffered", () =>
    run(function* () {
      const ch = chan<number>(2)
      for (const value of [1, 2]) yield* ch.send(value)
      ch.giveBack(0)
      expect(ch.length).toBe(3)
      expect([yield* ch.receive(), yield* ch.receive(), yield* ch.receive()]).toEqual([0, 1, 2])
    }))

  it("lets no sender in before there is room again", () =>
    runVirtual(function* () {
      const ch = chan<number>(1)
      yield* ch.send(1)
      const sending = go(function* () {
        yield* ch.send(2)
      })
      yield* waitIdle()
      ch.giveBack(0)
      expect(yield* ch.receive()).toBe(0)
      expect([ch.length, ch.senders.length]).toEqual([1, 1])
      expect([yield* ch.receive(), yield* ch.receive()]).toEqual([1, 2])
      yield* sending
    }))
})

describe("a value given back to a channel without a buffer", () => {
  it("comes before those of who waits to send", () =>
    runVirtual(function* () {
      const ch = chan<number>()
      const sending = go(function* () {
        yield* ch.send(2)
      })
      yield* waitIdle()
      ch.giveBack(1)
      expect([yield* ch.receive(), yield* ch.receive()]).toEqual([1, 2])
      yield* sending
    }))
})
