/** Go's runtime/crash_test, as far as channels panic. */
import { chan, ChannelClosed, nil } from "@weft/channels"
import { go, GoroutinePanic, never, type Op, Panic, run } from "@weft/core"
import { describe, expect, it } from "vitest"

const closed = () => {
  const ch = chan<number>()
  ch.close()
  return ch
}

const misuses: ReadonlyArray<readonly [string, () => Generator<Op<void>, void, unknown>, string]> = [
  [
    "a send on a closed channel",
    function* () {
      yield* closed().send(1)
    },
    "send on closed channel",
  ],
  [
    "a try to send on one",
    function* () {
      closed().trySend(1)
    },
    "send on closed channel",
  ],
  [
    "a second close",
    function* () {
      closed().close()
    },
    "close of closed channel",
  ],
  [
    "the close of a nil channel",
    function* () {
      nil<number>().close()
    },
    "close of nil channel",
  ],
  [
    "a capacity that is none",
    function* () {
      chan(-1)
    },
    "makechan: size out of range",
  ],
]

describe("runtime/crash_test", () => {
  it.each(misuses)("RuntimePanicWithRuntimeError: %s panics with an error of the family", async (_, misuse, words) => {
    const caught: Array<unknown> = []
    await run(function* () {
      try {
        yield* misuse()
      } catch (error) {
        caught.push(error)
      }
    })
    expect(caught).toHaveLength(1)
    expect(caught[0]).toBeInstanceOf(Panic)
    if (words !== "makechan: size out of range") expect(caught[0]).toBeInstanceOf(ChannelClosed)
    expect((caught[0] as Error).message).toContain(words)

    const failed: unknown = await run(function* () {
      go(misuse)
      yield* never
    }).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(GoroutinePanic)
    expect((failed as Error).cause).toBeInstanceOf(Panic)
    expect((failed as Error).message).toContain(words)
  })
})
