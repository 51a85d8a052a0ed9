import { run } from "@weft/core"
import { describe, expect, it } from "vitest"
import { buffer, chan } from "../chan.ts"

describe("an unbounded buffer", () => {
  it("never makes a sender wait and loses nothing", () =>
    run(function* () {
      const ch = chan<number>(buffer.unbounded())
      const sent = Array.from({ length: 10_000 }, (_, i) => i)
      for (const value of sent) expect(ch.trySend(value)).toBe(true)
      expect([ch.length, ch.capacity]).toEqual([10_000, Infinity])
      ch.close()
      expect(yield* ch.drain()).toEqual(sent)
    }))
})
