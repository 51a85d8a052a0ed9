/**
 * A fiber's select whose other case has happened on another thread: it hears of that when this channel is about to commit its case here, and
 * runs on at once.
 */
import { run } from "@weft/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import { buffer, chan } from "../chan.ts"
import type { Channel } from "../channel.ts"
import { ChannelClosed } from "../closed.ts"
import { select } from "../select.ts"
import { codec, sharedChan } from "../shared/shared-chan.ts"
import { Buffered } from "./buffered.ts"

/** A fiber that waits to send to another thread, or for `op`; it has been received there, of which it has not heard. */
function decided(op: Parameters<typeof select>[0][string], runsOn: () => void) {
  const here = sharedChan(codec.f64, 0)
  const there = sharedChan.from(codec.f64, here.share())
  const fiber = Effect.runFork(
    Effect.gen(function* () {
      const hit = yield* select({ offer: here.send(1), op })
      runsOn()
      return hit.case
    }),
  )
  expect(there.tryReceive()).toEqual({ ok: true, value: 1 })
  return Fiber.join(fiber)
}

describe.skipIf(typeof SharedArrayBuffer === "undefined")("a select that has happened on another thread", () => {
  it("runs on without having sent to a buffered channel, and finds nothing of it there", () =>
    run(function* () {
      const ch = chan<string>(1)
      yield* ch.send("first")
      const seen: Array<unknown> = []
      const fiber = decided(ch.send("phantom"), () => seen.push(ch.length, ch.tryReceive()))
      expect(ch.tryReceive()).toEqual({ ok: true, value: "first" })
      expect(yield* fiber).toBe("offer")
      expect(seen).toEqual([0, undefined])
      expect([ch.length, ch.trySend("next"), ch.tryReceive()]).toEqual([0, true, { ok: true, value: "next" }])
    }))

  it("may use the room that was there for it, and then those behind it wait on", () =>
    run(function* () {
      const ch = chan<string>(1)
      yield* ch.send("first")
      const fiber = decided(ch.send("phantom"), () => expect(ch.trySend("its own")).toBe(true))
      const behind = Effect.runFork(ch.send("behind"))
      expect(ch.tryReceive()).toEqual({ ok: true, value: "first" })
      expect(yield* fiber).toBe("offer")
      expect([ch.length, ch.senders.length]).toEqual([1, 1])
      expect([yield* ch.receive(), yield* ch.receive()]).toEqual(["its own", "behind"])
      yield* Fiber.join(behind)
    }))

  it("runs on with all in order that is given room or received when promises are free again", () =>
    run(function* () {
      const ch = new Buffered<number>(2)
      const seen: Array<unknown> = []
      // Both values are on their way.
      ch.room = 0
      const fiber = decided(ch.receive(), () => seen.push(ch.tryReceive()))
      ch.arrive(1)
      expect(yield* fiber).toBe("offer")
      ch.arrive(2)
      expect(seen).toEqual([{ ok: true, value: 1 }])
      expect(ch.tryReceive()).toEqual({ ok: true, value: 2 })
    }))

  it.each<readonly [string, () => Channel<number>]>([
    ["unbuffered", () => chan()],
    ["capacity 1", () => chan(1)],
    ["sliding 1", () => chan(buffer.sliding(1))],
  ])("closes a channel to which somebody is about to send: he is told so (%s)", (_, make) =>
    run(function* () {
      const ch = make()
      const fiber = decided(ch.receive(), () => ch.close())
      expect(() => ch.trySend(7)).toThrow(ChannelClosed)
      expect(yield* fiber).toBe("offer")
      expect([ch.length, yield* ch.next()]).toEqual([0, { ok: false, value: undefined }])
    }),
  )
})
