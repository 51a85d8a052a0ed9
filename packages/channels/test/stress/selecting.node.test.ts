/** Real threads whose goroutines select over two shared channels, a local one, a lock and a timeout at once: each select takes exactly one. */
import { SharedMutex } from "@weft/sync"
import { describe, expect, it } from "vitest"
import { schedules } from "../../../core/test/support/soak.ts"
import { onThreads } from "../../../core/test/support/threads.node.ts"
import { codec, sharedChan } from "../../src/shared/shared-chan.ts"
import type { selectAll, Selecting } from "./selecting.node.ts"

const module = new URL("./selecting.node.ts", import.meta.url)

/** In ascending order, to be compared. */
const sorted = (values: ReadonlyArray<number>) => values.toSorted((a, b) => a - b)

describe("a select over all there is, on two threads", () => {
  it.each([
    [2, 1],
    [0, 1],
  ])("takes one case, and nothing of the others: channels of capacity %d and %d", async (...capacities) => {
    const threads = 2
    const [selectors, times] = [3, schedules(1_000)]
    const channels = capacities.map((capacity) => sharedChan(codec.i32, capacity))
    const mutex = new SharedMutex()
    const inside = new Int32Array(new SharedArrayBuffer(4))
    const handles = channels.map((ch) => ch.share()) as unknown as Selecting["channels"]
    const work = { channels: handles, mutex: mutex.share(), inside, selectors, times }
    const seen = await onThreads<typeof selectAll>(threads, module, "selectAll", work)

    const hits = seen.map((each) => each.hits)
    for (const name of ["first", "second", "local", "lock", "late"] as const)
      expect(Math.max(...hits.map((each) => each[name])), name).toBeGreaterThan(0)
    expect(mutex.locked).toBe(false)

    // All that was sent has been received, once, or is still there; a send that was interrupted may have happened, too.
    const left = channels.flatMap((ch) => [ch.tryReceive(), ch.tryReceive(), ch.tryReceive()])
    const there = left.flatMap((next) => (next === undefined ? [] : [next.value!]))
    const found = sorted([...seen.flatMap(({ received }) => received), ...there])
    const sent = new Set(seen.flatMap((each) => each.sent))
    expect(new Set(found).size).toBe(found.length)
    expect(found.filter((value) => sent.has(value))).toHaveLength(sent.size)
    expect(found.length - sent.size).toBeLessThanOrEqual(threads)

    for (const { eaten, fed, hits, received } of seen) {
      expect(hits.first + hits.second).toBe(received.length)
      expect(sorted(eaten).slice(0, fed.length)).toEqual(fed)
      expect(eaten.length - fed.length).toBeLessThanOrEqual(1)
    }
  })
})
