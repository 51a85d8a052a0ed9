import { go, run } from "@weft/core"
import { describe, expect, it } from "vitest"
import { runVirtual, waitIdle } from "../../core/test/support/virtual.ts"
import { chan } from "./chan.ts"
import { ChannelClosed } from "./closed.ts"
import { nil } from "./nil.ts"
import { select, trySelect } from "./select.ts"

describe("nil", () => {
  it("never sends and never receives", () =>
    runVirtual(function* () {
      const ch = nil<number>()
      expect(ch.trySend(1)).toBe(false)
      expect(ch.tryReceive()).toBeUndefined()
      const waiting = [
        go(function* () {
          yield* ch.send(1)
        }),
        go(function* () {
          yield* ch.receive()
        }),
      ]
      yield* waitIdle()
      expect(waiting.map((goroutine) => goroutine.waitReason)).toEqual([
        "chan send (nil chan)",
        "chan receive (nil chan)",
      ])
      expect([ch.length, ch.capacity, ch.closed]).toEqual([0, 0, false])
    }))

  it("switches a case of a select off", () =>
    run(function* () {
      const on = chan<number>()
      on.close()
      for (let i = 0; i < 50; i++) {
        const hit = yield* select({ off: nil<number>().receive(), out: nil<number>().send(1), on: on.receive() })
        expect(hit.case).toBe("on")
      }
      expect(trySelect({ off: nil<number>().receive() })).toBeUndefined()
    }))

  it("panics at close with Go's words", () => {
    expect(() => nil().close()).toThrow(ChannelClosed)
    expect(() => nil().close()).toThrow("close of nil channel; make one with chan()")
  })

  it("keeps the waiters of one apart from another's", () =>
    runVirtual(function* () {
      const [a, b] = [nil<number>(), nil<number>()]
      const waiting = go(function* () {
        yield* a.receive()
      })
      yield* waitIdle()
      expect([a.receivers.length, b.receivers.length]).toEqual([1, 0])
      waiting.interrupt()
      expect(a.receivers.length).toBe(0)
    }))
})
