/** The talk "Advanced Go Concurrency Patterns" (Sameer Ajmani, 2013): a feed reader with one select loop. */
import { after, chan, nil, type Receiver, select, Timer } from "@weft/channels"
import { go, numGoroutine, type Op, sleep } from "@weft/core"
import { describe, expect } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"
import { waitIdle } from "../../../core/test/support/virtual.ts"

interface Item {
  readonly id: string
}

interface Fetched {
  readonly items: ReadonlyArray<Item>
  readonly error: Error | undefined
  /** Virtual milliseconds until the feed may be asked again. */
  readonly next: number
}

type Fetch = () => Generator<Op<void>, Fetched, unknown>

interface Subscription {
  readonly updates: Receiver<Item>
  /** Ends it, and gives the error of the last fetch. */
  close(): Generator<Op<void> | Op<Error | undefined>, Error | undefined, unknown>
}

const maxPending = 4

function subscribe(fetch: Fetch): Subscription {
  const updates = chan<Item>()
  const closing = chan<ReturnType<typeof chan<Error | undefined>>>()
  go.named("subscription", function* () {
    const pending: Array<Item> = []
    const seen = new Set<string>()
    let fetching: ReturnType<typeof chan<Fetched>> | undefined
    let error: Error | undefined
    let nextFetch = after(0)
    for (;;) {
      const hit = yield* select({
        closing: closing.take(),
        // Switched off: while a fetch is under way or too much waits, until one is done, while nothing waits.
        start: (fetching === undefined && pending.length < maxPending ? nextFetch : nil<Date>()).receive(),
        fetched: (fetching ?? nil<Fetched>()).take(),
        sent: pending.length > 0 ? updates.send(pending[0]!) : nil<Item>().send({ id: "" }),
      })
      switch (hit.case) {
        case "closing":
          yield* hit.value.send(error)
          updates.close()
          return
        case "start": {
          // A goroutine of its own, over a channel with room: it ends also if nobody waits for it any more.
          const done = (fetching = chan<Fetched>(1))
          go.named("fetch", function* () {
            yield* done.send(yield* fetch())
          })
          break
        }
        case "fetched":
          fetching = undefined
          error = hit.value.error
          nextFetch = after(error === undefined ? hit.value.next : 10_000)
          for (const item of hit.value.items) if (!seen.has(item.id)) pending.push(item)
          for (const item of hit.value.items) seen.add(item.id)
          break
        case "sent":
          pending.shift()
      }
    }
  })
  return {
    updates,
    *close() {
      const answer = chan<Error | undefined>()
      yield* closing.send(answer)
      return yield* answer.receive()
    },
  }
}

/** A feed that has three more items each second, the last of the time before among them. */
function feed(options: { readonly failsAt?: number; readonly takes?: number } = {}) {
  let fetches = 0
  const fetch: Fetch = function* () {
    const n = fetches++
    if (options.takes !== undefined) yield* sleep(options.takes)
    if (n === options.failsAt) return { items: [], error: new Error(`fetch ${n} failed`), next: 0 }
    const items = [2 * n, 2 * n + 1, 2 * n + 2].map((i) => ({ id: `item ${i}` }))
    return { items, error: undefined, next: 1000 }
  }
  return { fetch, fetches: () => fetches }
}

const now = () => new Timer(0).receive().map((time) => time!.getTime() - Date.UTC(2000, 0, 1))
const virtual = { time: "virtual" } as const

describe("Advanced Go Concurrency Patterns: feed reader", () => {
  underSchedules(
    "gives each item once, in order, though feeds repeat themselves",
    function* () {
      const subscription = subscribe(feed().fetch)
      const ids: Array<string> = []
      for (let i = 0; i < 9; i++) ids.push((yield* subscription.updates.take()).id)
      expect(ids).toEqual(Array.from({ length: 9 }, (_, i) => `item ${i}`))
      expect(yield* now()).toBe(3000)
      expect(yield* subscription.close()).toBeUndefined()
    },
    virtual,
  )

  underSchedules(
    "stops fetching while too much waits for a slow reader",
    function* () {
      const source = feed()
      const subscription = subscribe(source.fetch)
      yield* sleep("1 hour")
      expect(source.fetches()).toBe(2)
      for (let i = 0; i < 3; i++) yield* subscription.updates.take()
      yield* sleep("1 hour")
      expect(source.fetches()).toBe(3)
      yield* subscription.close()
    },
    virtual,
  )

  underSchedules(
    "answers a close at once, also while a fetch hangs, and nothing is left running but that fetch",
    function* () {
      const before = numGoroutine()
      const subscription = subscribe(feed({ takes: 60_000 }).fetch)
      yield* sleep(500)
      expect(yield* subscription.close()).toBeUndefined()
      expect(yield* now()).toBe(500)
      expect(yield* subscription.updates.next()).toEqual({ ok: false, value: undefined })
      yield* waitIdle()
      expect(numGoroutine()).toBe(before + 1)
      yield* sleep(60_000)
      expect(numGoroutine()).toBe(before)
    },
    virtual,
  )

  underSchedules(
    "close gives the error of the last fetch, and an error slows the next one down",
    function* () {
      const source = feed({ failsAt: 1 })
      const subscription = subscribe(source.fetch)
      for (let i = 0; i < 3; i++) yield* subscription.updates.take()
      yield* sleep(5000)
      expect(source.fetches()).toBe(2)
      expect((yield* subscription.close())?.message).toBe("fetch 1 failed")
    },
    virtual,
  )
})
