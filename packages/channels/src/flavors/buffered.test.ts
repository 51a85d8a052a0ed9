import { go, run } from "@weft/core"
import { describe, expect, it } from "vitest"
import { runVirtual, waitIdle } from "../../../core/test/support/virtual.ts"
import { chan } from "../chan.ts"

describe("a buffered channel", () => {
  it("counts what it holds", () =>
    run(function* () {
      const ch = chan<number>(3)
      for (let i = 0; i < 3; i++) {
        expect(ch.length).toBe(i)
        yield* ch.send(i)
      }
      expect(ch.trySend(3)).toBe(false)
      expect(ch.tryReceive()).toEqual({ ok: true, value: 0 })
      expect(ch.length).toBe(2)
    }))

  it("lets the k-th receive come before the end of the (k + capacity)-th send", () =>
    runVirtual(function* () {
      const capacity = 4
      const ch = chan<number>(capacity)
      let ended = 0
      go(function* () {
        for (let i = 0; i < 20; i++) {
          yield* ch.send(i)
          ended++
        }
      })
      for (let received = 0; received < 16; received++) {
        yield* waitIdle()
        expect(ended).toBe(received + capacity)
        expect(yield* ch.receive()).toBe(received)
      }
    }))

  it("takes a parked sender's value to the tail: it overtakes nothing", () =>
    runVirtual(function* () {
      const ch = chan<string>(2)
      for (const value of ["a", "b"]) yield* ch.send(value)
      const sending = go(function* () {
        yield* ch.send("c")
      })
      yield* waitIdle()
      expect(yield* ch.receive()).toBe("a")
      expect(ch.length).toBe(2)
      expect(ch.senders.length).toBe(0)
      expect(ch.trySend("d")).toBe(false)
      expect([yield* ch.receive(), yield* ch.receive()]).toEqual(["b", "c"])
      yield* sending
    }))

  it("drains what it holds after the close, with ok, and then ends", () =>
    run(function* () {
      const ch = chan<number>(2)
      for (const value of [1, 2]) yield* ch.send(value)
      ch.close()
      expect([ch.closed, ch.length]).toEqual([true, 2])
      expect(yield* ch.next()).toEqual({ ok: true, value: 1 })
      expect(ch.tryReceive()).toEqual({ ok: true, value: 2 })
      expect(yield* ch.next()).toEqual({ ok: false, value: undefined })
    }))
})
