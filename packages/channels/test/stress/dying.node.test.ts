/** Threads that are terminated amid a send or a receive: the others' values arrive, each once, whole and in order. */
import { describe, expect, it } from "vitest"
import { schedules as longer } from "../../../core/test/support/soak.ts"
import { Threads } from "../../../core/test/support/threads.node.ts"
import { sharedChan } from "../../src/shared/shared-chan.ts"
import { Bad, batch, Doomed, kinds, type produceOrConsume, type Traffic } from "./dying.node.ts"

const module = new URL("./dying.node.ts", import.meta.url)

/** Terminates the first producer and the first consumer where so many values were sent, and accounts for every value. */
async function kill(kind: Traffic["kind"], capacity: number, each: number, when: number): Promise<void> {
  const ch = sharedChan<Uint8Array>(kinds[kind], capacity)
  const counts = new Int32Array(new SharedArrayBuffer(4 * (Doomed + 4)))
  const received = new Uint8Array(new SharedArrayBuffer(2 * each))
  const traffic: Traffic = { kind, channel: ch.share(), each, received, counts }
  await using threads = new Threads<typeof produceOrConsume>(4, module, "produceOrConsume", traffic)
  const numbers = threads.workers.map(({ threadId }) => threadId + 1)
  for (const mortal of [0, 2]) {
    const enough = when * (1 + mortal / 2)
    while (Atomics.load(counts, 0) + Atomics.load(counts, 1) < enough) await new Promise(setImmediate)
    Atomics.store(counts, Doomed + mortal, 1)
    // It waits in the middle of a copy, unless its kind has none, or it has come to its end.
    if (kind === "halves") while (Atomics.notify(counts, Doomed + mortal) === 0) await new Promise(setImmediate)
    await threads.terminate(mortal)
    ch.threadDied(numbers[mortal]!)
  }
  await threads.results[1]
  ch.close()
  await threads.results[3]
  const known = Atomics.load(counts, 0)
  const missing = (from: number, to: number) => received.subarray(from, to).filter((times) => times === 0).length
  expect(Atomics.load(counts, Bad)).toBe(0)
  expect(Math.max(...received)).toBe(1)
  // What the consumer had taken that was terminated, and not yet said so.
  expect(missing(0, known) + missing(each, 2 * each)).toBeLessThanOrEqual(batch)
  expect(each - known - missing(known, each)).toBeLessThanOrEqual(batch)
}

describe("threads that are terminated over a shared channel", () => {
  it.each([
    ["halves", 4],
    ["halves", 0],
    ["spread", 600],
    ["small", 8],
  ] as const)("%s, capacity %d", async (kind, capacity) => {
    for (let i = 0; i < longer(3); i++) await kill(kind, capacity, 400, 60 + 37 * i)
  })
})
