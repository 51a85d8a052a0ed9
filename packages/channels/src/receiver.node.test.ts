import { inspect } from "node:util"
import { go, gosched, run } from "@weft/core"
import { describe, expect, it } from "vitest"
import { after } from "./after.ts"
import { buffer, chan } from "./chan.ts"
import { map } from "./combinators/map.ts"
import { nil } from "./nil.ts"
import { select } from "./select.ts"
import { codec, sharedChan } from "./shared/shared-chan.ts"

describe("console.log", () => {
  it("shows a channel in one line: what it is, what it holds, who waits", () =>
    run(function* () {
      const ch = chan<number>()
      const waiting = go(ch.receive())
      yield* gosched()
      expect(inspect({ ch })).toBe("{ ch: Channel (unbuffered, 1 waiting to receive) }")
      yield* ch.send(1)
      yield* waiting
      const buffered = chan<number>(3)
      buffered.trySend(1)
      expect(inspect(buffered)).toBe("Channel (capacity 3, 1 buffered)")
      for (const each of [nil(), chan(buffer.sliding(1)), map(buffered, String), after(1000)])
        expect(inspect(each)).toMatch(/^[A-Z][^\n]*$/)
      expect(inspect(sharedChan(codec.f64, 2))).toBe("Shared channel of f64 (capacity 2, 0 buffered)")
    }))

  it("shows an op of it with the channel, and a select with its cases", () => {
    const ch = chan<number>()
    expect(inspect(ch.send(1))).toBe("Op chan send: a channel (unbuffered)")
    expect(inspect(select({ in: ch.receive(), out: ch.send(1) }))).toBe(
      "Op select: in: chan receive of a channel (unbuffered); out: chan send of a channel (unbuffered)",
    )
  })
})
