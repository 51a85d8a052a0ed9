/** What the threads run that select over everything at once. */
import { go, gosched, type Goroutine, run, sleep } from "@weft/core"
import { type SharedHandle, SharedMutex } from "@weft/sync"
import { chan } from "../../src/chan.ts"
import { select } from "../../src/select.ts"
import { codec, sharedChan } from "../../src/shared/shared-chan.ts"
import type { SharedChannelHandle } from "../../src/shared/shared-channel.ts"

export interface Selecting {
  readonly channels: readonly [SharedChannelHandle<number>, SharedChannelHandle<number>]
  readonly mutex: SharedHandle<"SharedMutex">
  /** A plain word: not 0 while somebody has the lock. */
  readonly inside: Int32Array
  readonly selectors: number
  readonly times: number
}

/** What a thread has seen. Of the last value that a producer was sending when it was interrupted it does not know. */
interface Seen {
  readonly hits: Record<"first" | "second" | "local" | "lock" | "late", number>
  readonly sent: Array<number>
  readonly received: Array<number>
  readonly fed: Array<number>
  readonly eaten: Array<number>
}

export const mostSent = 1e6

/** Of each thread some goroutines select, beside one that sends to either shared channel, and one that sends to the thread's own. */
export function selectAll(work: Selecting, index: number): Promise<Seen> {
  const [first, second] = work.channels.map((handle) => sharedChan.from(codec.i32, handle)) as [Numbers, Numbers]
  const mutex = SharedMutex.from(work.mutex)
  const local = chan<number>(1)
  const seen: Seen = {
    hits: { first: 0, second: 0, local: 0, lock: 0, late: 0 },
    sent: [],
    received: [],
    fed: [],
    eaten: [],
  }

  function* produce() {
    for (let value = mostSent * index; ; value++) {
      yield* select({ first: first.send(value), second: second.send(value) })
      seen.sent.push(value)
    }
  }
  function* feed() {
    for (let value = 0; ; value++) {
      yield* local.send(value)
      seen.fed.push(value)
    }
  }
  function* hold(i: number) {
    if (work.inside[0] !== 0) throw new Error("two have the lock")
    work.inside[0] = 1 + index
    if (i % 3 === 0) yield* gosched()
    if (work.inside[0] !== 1 + index) throw new Error("another one had the lock meanwhile")
    work.inside[0] = 0
    mutex.unlock()
  }
  function* selecting() {
    for (let i = 0; i < work.times; i++) {
      const hit = yield* select({
        first: first.take(),
        second: second.take(),
        local: local.take(),
        lock: mutex.lock(),
        late: sleep(i % 16 === 0 ? 0 : 1 + (i % 3)),
      })
      seen.hits[hit.case]++
      if (hit.case === "lock") yield* hold(i)
      else if (hit.case === "local") seen.eaten.push(hit.value)
      else if (hit.case !== "late") seen.received.push(hit.value)
    }
  }

  return run(function* () {
    const others: Array<Goroutine> = [go(produce), go(feed)]
    const selectors = Array.from({ length: work.selectors }, () => go(selecting))
    for (const selector of selectors) yield* selector
    for (const other of others) other.interrupt()
    yield* gosched()
    // What nobody has taken is still there.
    for (let next = local.tryReceive(); next !== undefined; next = local.tryReceive()) seen.eaten.push(next.value!)
    return seen
  })
}

type Numbers = ReturnType<typeof sharedChan.from<number>>
