import { go } from "@weft/core"
import { describe, expect, it } from "vitest"
import { runVirtual, waitIdle } from "../../../core/test/support/virtual.ts"
import { chan } from "../chan.ts"

describe("an unbuffered channel", () => {
  it("ends a send only when a receiver has the value", () =>
    runVirtual(function* () {
      const ch = chan<number>()
      let sent = false
      go(function* () {
        yield* ch.send(1)
        sent = true
      })
      yield* waitIdle()
      expect(sent).toBe(false)
      expect(yield* ch.receive()).toBe(1)
      yield* waitIdle()
      expect(sent).toBe(true)
    }))

  it("never holds a value: length and capacity stay 0", () =>
    runVirtual(function* () {
      const ch = chan<number>()
      const sending = go(function* () {
        yield* ch.send(1)
      })
      yield* waitIdle()
      expect([ch.length, ch.capacity]).toEqual([0, 0])
      sending.interrupt()
      yield* waitIdle()
      expect(ch.tryReceive()).toBeUndefined()
    }))

  it("tries only with somebody waiting on the other side", () =>
    runVirtual(function* () {
      const ch = chan<number>()
      expect([ch.trySend(1), ch.tryReceive()]).toEqual([false, undefined])
      const receiving = go(function* () {
        return yield* ch.receive()
      })
      yield* waitIdle()
      expect([ch.trySend(1), ch.trySend(2)]).toEqual([true, false])
      expect(yield* receiving).toBe(1)
      const sending = go(function* () {
        yield* ch.send(3)
      })
      yield* waitIdle()
      expect([ch.tryReceive(), ch.tryReceive()]).toEqual([{ ok: true, value: 3 }, undefined])
      yield* sending
    }))
})
