import { run } from "@weft/core"
import { describe, expect, it } from "vitest"
import { buffer, chan } from "../chan.ts"
import { select } from "../select.ts"

describe("a dropping buffer", () => {
  it("never makes a sender wait, and keeps the oldest values in order", () =>
    run(function* () {
      const ch = chan<number>(buffer.dropping(3))
      for (let i = 0; i < 10; i++) yield* ch.send(i)
      expect([ch.length, ch.capacity]).toEqual([3, 3])
      ch.close()
      expect(yield* ch.drain()).toEqual([0, 1, 2])
    }))

  it("has room again once a value was received", () =>
    run(function* () {
      const ch = chan<number>(buffer.dropping(1))
      for (const value of [1, 2]) yield* ch.send(value)
      expect(yield* ch.receive()).toBe(1)
      expect((yield* select({ sent: ch.send(3) })).case).toBe("sent")
      expect(yield* ch.receive()).toBe(3)
    }))
})
