/** What no two threads can be made to do at a certain moment: here each other thread is a list of what was sent to it. */
import { select } from "@weft/channels"
import { go, gosched, run, threadId } from "@weft/core"
import { describe, expect, it } from "vitest"
import "../carry/unpack.ts"
import { thrownBy } from "../../test/support/thrown-by.ts"
import { channelFrom } from "./carry-channel.ts"
import { type ClaimPage, ClaimThere } from "./claims.ts"
import { addThread, arrived, type Entry, Page, Receive, Received, removeThread } from "./hub.ts"

let numbers = 900_000

/** A thread of which the test says what it does. */
class Elsewhere {
  readonly number = ++numbers
  readonly entries: Array<Entry> = []
  readonly #way = (message: ReadonlyArray<unknown>): void => {
    for (let i = 0; i < message.length; i += 3) this.entries.push(message[i + 2] as Entry)
  }

  constructor() {
    addThread(this.number, this.#way)
  }

  channel() {
    return channelFrom({ thread: this.number, channel: 1, capacity: 0 })
  }

  /** The last receive that waits here, and its claim. */
  received(): { readonly request: number; readonly claim: ClaimThere } {
    const receive = this.entries.findLast(([kind]) => kind === Receive)
    const [, , request, place] = receive as [number, number, number, [number, number, number, number]]
    const [page, index, turn, numberOfCase] = place
    const words = this.entries.find(([kind, n]) => kind === Page && n === page)![2] as ClaimPage
    return { request, claim: new ClaimThere(words, { page, index, turn, case: numberOfCase }) }
  }

  answers(request: number, value: unknown): void {
    arrived([threadId(), this.number, [Received, request, value, false]], 0, this.#way)
  }

  ends(): void {
    removeThread(this.number)
  }
}

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
