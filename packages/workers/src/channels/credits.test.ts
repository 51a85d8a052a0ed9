import { chan, type Channel } from "@weft/channels"
import { go, type Goroutine, Op, run } from "@weft/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Cancel, Send, Sent, Values } from "./hub.ts"
import { Elsewhere } from "../../test/support/elsewhere.ts"

/** What was asked for the end of this turn has been done. */
const turnEnds = () =>
  Op.fromPromise(async () => {
    for (let i = 0; i < 8; i++) await Promise.resolve()
  })

/** A thread that has sent three values, which have been received: it is promised all of the room. */
function* promised(channel: Channel<unknown>) {
  const far = new Elsewhere()
  const number = far.has(channel)
  for (let i = 0; i < 3; i++) {
    far.sends(number, i)
    expect(yield* channel.receive()).toBe(i)
    yield* turnEnds()
  }
  return { far, number, room: far.promised() }
}

/** How many it could send at once; it does. */
const taken = (room: { take(): boolean }, most = Infinity): number => {
  let n = 0
  while (n < most && room.take()) n++
  return n
}

describe.skipIf(typeof SharedArrayBuffer === "undefined")("room that is promised to another thread", () => {
  it("is what the buffer has left, and more as values come and are received", () =>
    run(function* () {
      const channel = chan<unknown>(4)
      const { far, number, room } = yield* promised(channel)
      expect(taken(room)).toBe(4)
      far.puts(number, "a", "b")
      far.puts(number, "c", "d")
      yield* turnEnds()
      expect([channel.length, taken(room)]).toEqual([4, 0])
      expect(yield* channel.receive()).toBe("a")
      far.sends(number, "e")
      yield* turnEnds()
      expect(taken(room)).toBe(0)
      for (const value of ["b", "c", "d", "e"]) expect(yield* channel.receive()).toBe(value)
      far.sends(number, "f")
      yield* turnEnds()
      expect(taken(room)).toBe(3)
      far.ends()
    }))

  it("is taken back by who needs it, as long as it is not used", () =>
    run(function* () {
      const channel = chan<unknown>(3)
      const { far, number, room } = yield* promised(channel)
      expect(taken(room, 1)).toBe(1)
      expect([channel.trySend("here"), channel.trySend("too"), channel.trySend("full")]).toEqual([true, true, false])
      expect(taken(room)).toBe(0)
      far.puts(number, "on its way")
      expect(channel.trySend("full")).toBe(false)
      for (const value of ["here", "too", "on its way"]) expect(yield* channel.receive()).toBe(value)
      far.ends()
    }))

  it("goes from one thread to another that asks", () =>
    run(function* () {
      const channel = chan<unknown>(1)
      const { far, room } = yield* promised(channel)
      const other = new Elsewhere()
      other.sends(other.has(channel), "other")
      expect(channel.length).toBe(1)
      expect(taken(room)).toBe(0)
      far.ends()
      other.ends()
    }))

  it("is not promised while somebody waits to send", () =>
    run(function* () {
      const channel = chan<unknown>(1)
      const { far, number, room } = yield* promised(channel)
      expect(taken(room)).toBe(1)
      const waiting = go(function* () {
        yield* channel.send("second")
      })
      yield* turnEnds()
      far.puts(number, "first")
      far.sends(number, "third")
      yield* turnEnds()
      expect(taken(room)).toBe(0)
      for (const value of ["first", "second", "third"]) expect(yield* channel.receive()).toBe(value)
      yield* waiting
      far.ends()
    }))

  it("comes before who waits behind it, though nothing is buffered yet", () =>
    run(function* () {
      const channel = chan<unknown>(1)
      const { far, number, room } = yield* promised(channel)
      taken(room)
      const sender = go(function* () {
        yield* channel.send("second")
      })
      yield* turnEnds()
      const received: Array<unknown> = []
      const receiver = go(function* () {
        for (let i = 0; i < 3; i++) received.push(yield* channel.receive())
      })
      yield* turnEnds()
      expect(channel.trySend("must not overtake")).toBe(false)
      far.puts(number, "first")
      yield* sender
      yield* channel.send("third")
      yield* receiver
      expect(received).toEqual(["first", "second", "third"])
      far.ends()
    }))

  it.each([
    ["has come", ["last"], (far: Elsewhere, number: number) => far.puts(number, "last")],
    ["can come no more, as its thread has ended", [], (far: Elsewhere) => far.ends()],
    ["could not be sent", [], (far: Elsewhere, number: number) => far.puts(number)],
  ])("keeps the end of a closed channel until what is on its way %s", (_what, expected, happens) =>
    run(function* () {
      const channel = chan<unknown>(2)
      const { far, number, room } = yield* promised(channel)
      expect(taken(room, 1)).toBe(1)
      const waiting = go(function* () {
        return yield* channel.drain()
      })
      yield* turnEnds()
      channel.close()
      expect(taken(room)).toBe(0)
      const late = go(function* () {
        return yield* channel.next()
      })
      yield* turnEnds()
      expect([waiting.status, late.status]).toEqual(["waiting", "waiting"])
      happens(far, number)
      expect(yield* waiting).toEqual(expected)
      expect(yield* late).toEqual({ ok: false })
      far.ends()
    }),
  )

  it("is not kept from others by the send of a select that has received meanwhile", () =>
    run(function* () {
      const channel = chan<unknown>(1)
      const { far, number } = yield* promised(channel)
      expect(channel.trySend("buffered")).toBe(true)
      far.selects(number, "not sent")
      expect([channel.length, channel.senders.length]).toEqual([0, 0])
      // Before its other case is cancelled, and after.
      expect(channel.trySend("here")).toBe(true)
      const waiting = go(function* () {
        yield* channel.send("waits")
      })
      yield* turnEnds()
      far.cancels(number)
      expect([yield* channel.receive(), yield* channel.receive()]).toEqual(["here", "waits"])
      yield* waiting
      expect(channel.length).toBe(0)
      far.ends()
    }))

  it("is never more than the buffer has, and none while somebody waits to send, of whom each value received lets one go on", async () => {
    const steps = fc.constantFrom(
      "send here",
      "try here",
      "ask there",
      "use one there",
      "use all there",
      "arrives",
      "receive",
    )
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(steps, { maxLength: 60 }), (capacity, program) =>
        run(function* () {
          const channel = chan<unknown>(capacity)
          const { far, number, room } = yield* promised(channel)
          const senders: Array<Goroutine> = []
          const sent: Record<"here" | "there", number> = { here: 0, there: 0 }
          const received: Record<"here" | "there", Array<number>> = { here: [], there: [] }
          const used: Array<unknown> = []
          let asked = 0
          const next = (from: "here" | "there") => ({ from, n: sent[from]++ })
          const receive = () => {
            const result = channel.tryReceive()
            if (result?.ok !== true) return false
            const { from, n } = result.value as { from: "here" | "there"; n: number }
            received[from].push(n)
            return true
          }
          const use = (most: number) => {
            // As a RemoteChannel does: not before one that waits for its answer.
            const answered = far.entries.filter(([kind]) => kind === Sent).length - 3
            if (asked === answered) for (let n = taken(room, most); n > 0; n--) used.push(next("there"))
          }
          for (const step of program) {
            const waiting = channel.senders.length
            if (step === "send here") senders.push(go(channel.send(next("here"))))
            // Not past its own.
            else if (step === "try here") {
              if (senders.every(({ status }) => status === "done")) {
                const value = next("here")
                if (!channel.trySend(value)) sent.here--
              }
            } else if (step === "ask there") {
              if (used.length === 0) {
                asked++
                far.sends(number, next("there"))
              }
            } else if (step === "arrives") {
              if (used.length > 0) far.puts(number, used.shift())
            } else if (step === "receive") {
              if (receive()) expect(channel.senders.length).toBe(Math.max(0, waiting - 1))
            } else use(step === "use all there" ? Infinity : 1)
            yield* turnEnds()
            expect(channel.length + used.length).toBeLessThanOrEqual(capacity)
            if (!channel.senders.isEmpty) expect(room.isAny).toBe(false)
          }
          for (const value of used) far.puts(number, value)
          while (receive()) yield* turnEnds()
          for (const from of ["here", "there"] as const)
            expect(received[from]).toEqual(Array.from({ length: sent[from] }, (_, n) => n))
          far.ends()
        }),
      ),
    )
  })

  it("is told of again to a thread that has collected the channel, and has it anew", () =>
    run(function* () {
      const channel = chan<unknown>(2)
      const { far, number } = yield* promised(channel)
      far.has(channel)
      far.entries.length = 0
      far.releases(number)
      yield* turnEnds()
      expect(taken(far.promised())).toBe(2)
      far.ends()
    }))

  it("is free again when its thread has ended, or has the channel no more", () =>
    run(function* () {
      for (const leaves of [(far: Elsewhere) => far.ends(), (far: Elsewhere, number: number) => far.releases(number)]) {
        const channel = chan<unknown>(1)
        const { far, number, room } = yield* promised(channel)
        taken(room)
        far.puts(number, "came")
        expect(yield* channel.receive()).toBe("came")
        yield* turnEnds()
        expect(taken(room)).toBe(1)
        const waiting = go(function* () {
          yield* channel.send("waits")
        })
        yield* turnEnds()
        expect(waiting.status).not.toBe("done")
        leaves(far, number)
        yield* waiting
        expect(yield* channel.receive()).toBe("waits")
        expect([channel.trySend(1), channel.trySend("one too many")]).toEqual([true, false])
      }
    }))
})

describe.skipIf(typeof SharedArrayBuffer === "undefined")("a sender that is promised room", () => {
  const sentBy = ({ entries }: Elsewhere) => entries.filter(([kind]) => kind === Send || kind === Values)

  it("sends at once while there is some, but for the first of a turn in one message, and asks when there is none", () =>
    run(function* () {
      const far = new Elsewhere()
      const channel = far.channel()
      expect(channel.trySend("too early")).toBe(false)
      const words = far.promises(3)
      for (const value of ["a", "b"]) yield* channel.send(value)
      expect(channel.trySend({ c: 1 })).toBe(true)
      expect([words[0], channel.trySend("no more")]).toEqual([0, false])
      const waiting = go(function* () {
        yield* channel.send("d")
      })
      yield* turnEnds()
      const [first, others, asked] = sentBy(far)
      expect(first).toEqual([Values, 1, "a"])
      expect(others).toEqual([Values, 1, "b", { c: 1 }])
      expect(asked?.slice(0, 2)).toEqual([Send, 1])
      waiting.interrupt()
      far.ends()
    }))

  it("posts an object at once, with what was sent before it, as its sender may change it", () =>
    run(function* () {
      const far = new Elsewhere()
      const channel = far.channel()
      far.promises(3)
      yield* channel.send("a")
      yield* channel.send("b")
      expect(sentBy(far)).toEqual([[Values, 1, "a"]])
      yield* channel.send({ c: 1 })
      expect(sentBy(far)).toEqual([
        [Values, 1, "a"],
        [Values, 1, "b", { c: 1 }],
      ])
      far.ends()
    }))

  it("does not overtake one that waits for an answer, until that is withdrawn", () =>
    run(function* () {
      const far = new Elsewhere()
      const channel = far.channel()
      const first = go(function* () {
        yield* channel.send("first")
      })
      yield* turnEnds()
      far.promises(1)
      expect(channel.trySend("second")).toBe(false)
      first.interrupt()
      yield* turnEnds()
      expect(channel.trySend("second")).toBe(true)
      yield* turnEnds()
      expect(far.entries.map(([kind]) => kind).slice(-3)).toEqual([Send, Cancel, Values])
      far.ends()
    }))

  it("asks with what another thread has a part in", () =>
    run(function* () {
      const far = new Elsewhere()
      const words = far.promises(1)
      const channel = far.channel()
      far.promises(1)
      expect([channel.trySend(chan()), channel.trySend(channel), words[0]]).toEqual([false, false, 1])
      far.ends()
    }))
})
