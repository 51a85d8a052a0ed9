import { chan, select } from "@weft/channels"
import { go, gosched, run } from "@weft/core"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../test/support/thrown-by.ts"
import { Elsewhere } from "../../test/support/elsewhere.ts"
import type { ClaimThere } from "./claims.ts"

function* selecting(first: Elsewhere, second: Elsewhere) {
  const channels = { first: first.channel(), second: second.channel() }
  const goroutine = go(function* () {
    return yield* select({ first: channels.first.receive(), second: channels.second.receive() })
  })
  const ended = go(thrownBy, goroutine)
  // Both requests are sent when this turn ends.
  while (first.entries.length < 2 || second.entries.length < 2) yield* gosched()
  return { goroutine, ended }
}

describe.skipIf(typeof SharedArrayBuffer === "undefined")("a select that waits for channels of two threads", () => {
  it("has what one has sent, though the other ends before it comes", () =>
    run(function* () {
      const [first, second] = [new Elsewhere(), new Elsewhere()]
      const { ended } = yield* selecting(first, second)
      const { claim, request } = second.received()
      expect(claim.take()).toBe(true)
      first.ends()
      second.answers(request, "kept")
      expect(yield* ended).toMatchObject({ case: "second", value: "kept" })
      second.ends()
    }))

  it.each([
    ["before it has looked", () => true],
    ["while it looks", (claim: ClaimThere) => claim.begin()],
    ["when it has taken the claim, and nothing has come of it", (claim: ClaimThere) => claim.take()],
  ])("fails as lost with the thread that ends %s", (_when, does) =>
    run(function* () {
      const [first, second] = [new Elsewhere(), new Elsewhere()]
      const { ended } = yield* selecting(first, second)
      expect(does(first.received().claim)).toBe(true)
      const other = second.received()
      first.ends()
      expect(yield* ended).toMatchObject({ name: "ChannelLost", fields: { thread: first.number } })
      expect(other.claim.take()).toBe(false)
      second.ends()
    }),
  )

  it("fails as lost with the thread that had taken it, of many", () =>
    run(function* () {
      const all = Array.from({ length: 70 }, () => new Elsewhere())
      const channels = all.map((each) => each.channel())
      const goroutine = go(function* () {
        return yield* select(Object.fromEntries(channels.map((channel, i) => [`case ${i}`, channel.receive()])))
      })
      const ended = go(thrownBy, goroutine)
      while (all.some(({ entries }) => entries.length < 2)) yield* gosched()
      // Cases are registered in any order.
      all.sort((a, b) => a.received().home - b.received().home)
      const last = all.at(-1)!
      expect(last.received().claim.take()).toBe(true)
      all.at(-2)!.ends()
      yield* gosched()
      expect(goroutine.status).not.toBe("done")
      last.ends()
      expect(yield* ended).toMatchObject({ name: "ChannelLost", fields: { thread: last.number } })
      for (const each of all.slice(0, -2)) each.ends()
    }))

  it("takes another case while a thread looks that is being ended, and may look for ever", () =>
    run(function* () {
      const [first, second] = [new Elsewhere(), new Elsewhere()]
      const here = chan<string>()
      const channels = { first: first.channel(), second: second.channel() }
      const goroutine = go(function* () {
        const cases = { first: channels.first.receive(), second: channels.second.receive(), here: here.receive() }
        return yield* select(cases)
      })
      while (first.entries.length < 2 || second.entries.length < 2) yield* gosched()
      expect(first.received().claim.begin()).toBe(true)
      first.isTerminated()
      expect(here.trySend("taken")).toBe(true)
      expect(yield* goroutine).toMatchObject({ case: "here", value: "taken" })
      first.ends()
      second.ends()
    }))

  it("unwinds when what has happened at one has come, and not when the other ends", () =>
    run(function* () {
      const [first, second] = [new Elsewhere(), new Elsewhere()]
      const { ended, goroutine } = yield* selecting(first, second)
      const { claim, request } = second.received()
      claim.take()
      goroutine.interrupt()
      first.ends()
      yield* gosched()
      expect(goroutine.status).not.toBe("done")
      second.answers(request, "to go back")
      expect(yield* ended).toMatchObject({ name: "GoroutineInterrupted" })
      second.ends()
    }))
})

describe.skipIf(typeof SharedArrayBuffer === "undefined")("what came for a receive that was given up", () => {
  it("and can't be made here, is told to who receives next here, once", () =>
    run(function* () {
      const there = new Elsewhere()
      const channel = there.channel()
      const goroutine = go(channel.receive())
      const ended = go(thrownBy, goroutine)
      while (there.entries.length < 2) yield* gosched()
      const { claim, request } = there.received()
      claim.take()
      goroutine.interrupt()
      yield* gosched()
      there.answersBroken(request)
      expect(yield* ended).toMatchObject({ name: "GoroutineInterrupted" })
      expect(() => channel.tryReceive()).toThrow("the value sent is what can't be made again where it goes (")
      expect(channel.tryReceive()).toBeUndefined()
      there.ends()
    }))
})
