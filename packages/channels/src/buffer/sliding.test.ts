import { go, run } from "@weft/core"
import { describe, expect, it } from "vitest"
import { runVirtual, waitIdle } from "../../../core/test/support/virtual.ts"
import { buffer, chan } from "../chan.ts"

describe("a sliding buffer", () => {
  it("never makes a sender wait, and keeps the newest values in order", () =>
    run(function* () {
      const ch = chan<number>(buffer.sliding(3))
      for (let i = 0; i < 10; i++) yield* ch.send(i)
      expect([ch.length, ch.capacity]).toEqual([3, 3])
      ch.close()
      expect(yield* ch.drain()).toEqual([7, 8, 9])
    }))

  it("hands a value to a waiting receiver rather than to the buffer", () =>
    runVirtual(function* () {
      const ch = chan<number>(buffer.sliding(1))
      const receiving = go(function* () {
        return yield* ch.receive()
      })
      yield* waitIdle()
      expect([ch.trySend(1), ch.trySend(2), ch.trySend(3)]).toEqual([true, true, true])
      expect(yield* receiving).toBe(1)
      expect(yield* ch.receive()).toBe(3)
    }))
})
