/**
 * Threads that end at any moment: what holds of every task and value all the same. `npm run soak` has it hold from more seeds.
 *
 * @module-tag long
 */
import { chan } from "@weft/channels"
import { go, joinAll, run, sleep } from "@weft/core"
import { SharedMutex } from "@weft/sync"
import { Pool, WorkerCrashed } from "@weft/workers"
import { describe, expect, it } from "vitest"
import { seedsFor } from "../../../core/test/support/soak.ts"
import { thrownBy } from "../support/thrown-by.ts"
import { chaotic, chaoticSender, chaoticTwice } from "../tasks/dying.node.ts"
import { type Ending, Holder, holds, locks, Runs } from "../tasks/holding.node.ts"

const forgiving = { times: 1_000_000, within: "1 second" } as const
const numbers = (n: number) => Array.from({ length: n }, (_, i) => i)

/** The same for a seed. */
function shuffled<A>(seed: number, items: ReadonlyArray<A>): Array<A> {
  const keyed = items.map(
    (item, i) => [Math.imul(Math.imul(seed ^ (i * 0x9e3779b1), 0x85ebca6b) ^ i, 0xc2b2ae35), item] as const,
  )
  return keyed.toSorted(([a], [b]) => a - b).map(([, item]) => item)
}

const endings: ReadonlyArray<Ending> = [...Array<Ending>(12).fill("ends"), "loops", "loops", "blocks", "blocks"]

describe.each(seedsFor(1))("under chaos, seed %i,", (seed) => {
  const chaos = { seed, share: 0.04 }

  it("every task is done once, or failed once", () =>
    run(function* () {
      const pool = new Pool({ threads: 2, restart: forgiving })
      const n = 120
      const runs = new Int32Array(new SharedArrayBuffer(4 * n))
      const joining = numbers(n).map((i) => go(thrownBy, pool.spawn(chaotic, i, runs, chaos)))
      const outcomes = yield* joinAll(joining)
      const done = outcomes.filter((outcome, i) => outcome === i && runs[i] === 1).length
      // One that its thread had taken up may not have come to its first line.
      const failed = outcomes.filter((outcome, i) => outcome instanceof WorkerCrashed && runs[i]! <= 1).length
      expect(done + failed).toBe(n)
      expect(failed).toBeGreaterThan(0)
      expect(pool.stats).toMatchObject({ completed: done, failed, retried: 0, queued: 0, running: 0 })
      void pool.terminate()
    }))

  it("every task that may run twice is done", () =>
    run(function* () {
      const pool = new Pool({ threads: 2, restart: forgiving })
      const n = 80
      const runs = new Int32Array(new SharedArrayBuffer(4 * n))
      const results = yield* joinAll(numbers(n).map((i) => pool.spawn(chaoticTwice, i, runs, chaos)))
      expect(results).toEqual(numbers(n))
      const { crashes, retried } = pool.stats
      expect([...runs].reduce((sum, count) => sum + count)).toBeLessThanOrEqual(n + retried)
      expect(crashes).toBeGreaterThan(0)
      void pool.terminate()
    }))

  it.each([0, 4])("every value of a task that is done is received, and none twice: capacity %i", (capacity) =>
    run(function* () {
      const pool = new Pool({ threads: 2, restart: forgiving })
      const n = 80
      const to = chan<number>(capacity)
      const received: Array<number> = []
      go(function* () {
        yield* to.forEach((value) => void received.push(value))
      })
      const joining = numbers(n).map((i) => go(thrownBy, pool.spawn(chaoticSender, i, to, chaos)))
      const outcomes = yield* joinAll(joining)
      const done = outcomes.filter((outcome, i) => outcome === i) as Array<number>
      expect(outcomes.filter((outcome) => outcome instanceof WorkerCrashed).length).toBe(n - done.length)
      expect(done.length).toBeLessThan(n)
      const once = new Set(received)
      expect(once.size).toBe(received.length)
      expect(done.filter((value) => !once.has(value))).toEqual([])
      void pool.terminate()
    }),
  )

  it("every task is done, interrupted or failed once where threads are ended that hold a lock, which goes on", () =>
    run(function* () {
      const pool = new Pool({ threads: 2 })
      const all = shuffled(seed, endings)
      const words = new Int32Array(new SharedArrayBuffer(4 * (Runs + all.length))).fill(-1, Holder, Holder + 1)
      const mutex = new SharedMutex()
      const spawned = all.map((how, i) => pool.spawnWith({ grace: 20 }, holds, i, mutex, words, how))
      const joining = go(function* () {
        return yield* joinAll(spawned.map((each) => go(thrownBy, each)))
      })
      let isOver = false as boolean
      joining.onExit(() => (isOver = true))
      const stuck = new Set<number>()
      while (!isOver) {
        const holder = Atomics.load(words, Holder)
        if (holder >= 0 && all[holder] !== "ends" && !stuck.has(holder)) {
          stuck.add(holder)
          spawned[holder]!.interrupt()
        }
        yield* sleep(1)
      }
      const outcomes = yield* joining
      const names = outcomes.map((outcome, i) => (outcome === i ? "done" : (outcome as Error).name))
      const count = (name: string) => names.filter((each) => each === name).length
      // One that its thread had taken up may not have come to its first line.
      expect(names.filter((name, i) => name === "done" && words[Runs + i] !== 1)).toEqual([])
      expect([...words.subarray(Runs)].filter((runs) => runs > 1)).toEqual([])
      for (const i of stuck) expect(names[i]).toBe("GoroutineInterrupted")
      expect(stuck.size).toBeGreaterThan(0)
      expect(count("GoroutineInterrupted")).toBe(stuck.size)
      expect(count("done") + count("WorkerCrashed") + stuck.size).toBe(all.length)
      expect(pool.stats).toMatchObject({
        completed: count("done"),
        failed: count("WorkerCrashed"),
        crashes: stuck.size,
        retried: 0,
      })
      yield* locks(mutex, words)
      mutex.unlock()
      void pool.terminate()
    }))
})
