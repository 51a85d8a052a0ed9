/**
 * Go's context/example_test.go. Not in core, for the examples select between channels and a context.
 *
 * Weft has no connections and, here, no sync.Cond: the two examples that need one bring the least that behaves so.
 */
import { chan, type Channel, nil, type Receiver, select, Timer } from "@weft/channels"
import { context, type Context, DeadlineExceeded, go, numGoroutine, sleep } from "@weft/core"
import { describe, expect } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"
import { waitIdle } from "../../../core/test/support/virtual.ts"

const { background, withCancel, withDeadline, withTimeout, withValue, afterFunc } = context
const virtual = { time: "virtual" } as const
const epoch = Date.UTC(2000, 0, 1)

const now = () => new Timer(0).receive().map((time) => time!.getTime() - epoch)

describe("context/example_test", () => {
  underSchedules(
    "WithCancel: a generator gives 1 to 5, and its goroutine ends with the context",
    function* () {
      const generate = (ctx: Context): Receiver<number> => {
        const out = chan<number>()
        go(function* () {
          for (let n = 1; ; n++) if ((yield* select({ done: ctx.done, out: out.send(n) })).case === "done") return
        })
        return out
      }
      const before = numGoroutine()
      const [ctx, cancel] = withCancel(background)
      const numbers = generate(ctx)
      const seen: Array<number> = []
      while (seen.at(-1) !== 5) seen.push(yield* numbers.take())
      expect(seen).toEqual([1, 2, 3, 4, 5])
      yield* waitIdle()
      expect(numGoroutine()).toBe(before + 1)
      cancel()
      yield* waitIdle()
      expect(numGoroutine()).toBe(before)
    },
    virtual,
  )

  for (const [name, make] of [
    ["WithDeadline", () => withDeadline(background, new Date(epoch + 1))],
    ["WithTimeout", () => withTimeout(background, 1)],
  ] as const) {
    underSchedules(
      `${name}: a select that nothing else ends is ended by the context, then and not before`,
      function* () {
        const neverReady = chan<void>()
        const [ctx, cancel] = make()
        try {
          const hit = yield* select({ ready: neverReady.receive(), done: ctx.done })
          expect([hit.case, ctx.err!.message, yield* now()]).toEqual(["done", "context deadline exceeded", 1])
          // The case that lost waits no more.
          expect(neverReady.trySend(undefined)).toBe(false)
        } finally {
          cancel()
        }
        expect(ctx.err).toBeInstanceOf(DeadlineExceeded)
      },
      virtual,
    )
  }

  underSchedules("WithValue: finds what was set for the key, and nothing for another", function* () {
    const [language, color] = [Symbol("language"), Symbol("color")]
    const ctx = withValue(background, language, "Go")
    const found = yield* go(function* () {
      return [ctx.value(language), ctx.value(color)]
    })
    expect(found).toEqual(["Go", undefined])
  })

  underSchedules(
    "AfterFunc_cond: each of four who wait on one condition leaves when its own context ends",
    function* () {
      /** Closing a channel wakes everybody; the next ones wait on another. */
      let round: Channel<void> = chan()
      const broadcast = () => {
        const ended = round
        round = chan()
        ended.close()
      }
      function* waitOnCondition(ctx: Context, isMet: () => boolean) {
        const stop = afterFunc(ctx, broadcast)
        try {
          while (!isMet()) {
            yield* round.receive()
            if (ctx.err !== undefined) return ctx.err.message
          }
          return "met"
        } finally {
          stop()
        }
      }
      let isMet = false
      const [patient, ...others] = [100, 1, 2, 3].map((millis) =>
        go(function* () {
          const [ctx, cancel] = withTimeout(background, millis)
          try {
            return [yield* waitOnCondition(ctx, () => isMet), yield* now()]
          } finally {
            cancel()
          }
        }),
      )
      for (const [i, other] of others.entries()) expect(yield* other).toEqual(["context deadline exceeded", i + 1])
      isMet = true
      broadcast()
      expect(yield* patient!).toEqual(["met", 3])
      // Nobody's function was left behind to be called at 100.
      const unchanged = round
      yield* sleep(200)
      expect(round).toBe(unchanged)
    },
    virtual,
  )

  underSchedules(
    "AfterFunc_connection: a read is ended by the context through the connection's deadline, which is then taken back",
    function* () {
      const data = chan<string>()
      const never = nil<Date>()
      let deadline: Receiver<Date> = never
      const changed = chan<void>(1)
      const setReadDeadline = (millis: number | undefined) => {
        deadline = millis === undefined ? never : new Timer(millis)
        changed.trySend(undefined)
      }
      function* read() {
        for (;;) {
          const hit = yield* select({ data: data.take(), deadline: deadline.receive(), changed: changed.receive() })
          if (hit.case === "data") return hit.value
          if (hit.case === "deadline") return "i/o timeout"
        }
      }
      function* readFrom(ctx: Context) {
        const stopped = chan<void>()
        const stop = afterFunc(ctx, () => {
          setReadDeadline(0)
          stopped.close()
        })
        const got = yield* read()
        if (stop()) return got
        yield* stopped.receive()
        setReadDeadline(undefined)
        return ctx.err!.message
      }
      const [ctx, cancel] = withTimeout(background, 1)
      expect(yield* readFrom(ctx)).toBe("context deadline exceeded")
      cancel()
      // The connection is as good as before.
      const [next, cancelNext] = withTimeout(background, 10)
      const reading = go(() => readFrom(next))
      yield* sleep(5)
      yield* data.send("hello")
      expect(yield* reading).toBe("hello")
      yield* sleep(20)
      expect(deadline).toBe(never)
      cancelNext()
    },
    virtual,
  )

  underSchedules("AfterFunc_merge: a merged context has the values of one and ends with either", function* () {
    const mergeCancel = (ctx: Context, other: Context) => {
      const [merged, cancel] = withCancel(ctx)
      const stop = afterFunc(other, () => cancel(other.cause))
      return [
        merged,
        () => {
          stop()
          cancel()
        },
      ] as const
    }
    for (const which of [0, 1]) {
      const parents = [withCancel(withValue(background, "key", "first's")), withCancel(background)] as const
      const [merged, cancelMerged] = mergeCancel(parents[0][0], parents[1][0])
      expect([merged.value("key"), merged.err]).toEqual(["first's", undefined])
      const cause = new Error(`parent ${which} canceled`)
      parents[which]![1](cause)
      yield* merged.done
      expect(merged.cause).toBe(cause)
      expect(parents[1 - which]![0].err).toBeUndefined()
      cancelMerged()
    }
  })
})
