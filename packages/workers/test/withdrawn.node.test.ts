/** What is withdrawn leaves at once: nothing of it waits for its turn. */
import { chan } from "@weft/channels"
import { go, gosched, joinAll, run, sleep } from "@weft/core"
import { AtomicInt32 } from "@weft/sync"
import { Pool, type SpawnOptions } from "@weft/workers"
import { describe, expect, it } from "vitest"
import { echo, spinUntil } from "./tasks/basic.ts"
import { thrownBy } from "./support/thrown-by.ts"

/** Spawns a call that has to wait, withdraws it, and gives what it had. */
function* withdrawn(pool: Pool, options: SpawnOptions) {
  const argument = {}
  const goroutine = pool.spawnWith(options, echo, argument)
  while (goroutine.status !== "waiting") yield* gosched()
  expect(goroutine.waitReason).toBe("task queued")
  goroutine.interrupt()
  expect(yield* thrownBy(goroutine)).toMatchObject({ name: "GoroutineInterrupted" })
  return new WeakRef(argument)
}

describe("a call that is withdrawn in the queue", () => {
  it.each([
    ["for any thread", {}],
    ["for the thread of its key", { on: "key" }],
    ["of a priority of its own", { priority: 7 }],
  ])("%s is not kept until its turn, and takes no room", (_which, options) =>
    run(function* () {
      const pool = new Pool({ threads: 1, maxQueue: 8 })
      const arrived = new AtomicInt32()
      const running = pool.spawn(spinUntil, arrived, 2)
      while (arrived.load() === 0) yield* sleep(1)
      // What the thread's own queue has room for, and two more.
      const before = []
      while (pool.stats.queued < 6) {
        before.push(pool.spawnWith(options, echo, 0))
        yield* gosched()
      }
      const refs = []
      for (let i = 0; i < 100; i++) refs.push(yield* go(withdrawn, pool, options))
      expect(pool.stats.queued).toBe(6)
      yield* sleep(1)
      ;(globalThis as { gc?: () => void }).gc!()
      expect(refs.filter((ref) => ref.deref() !== undefined).length).toBeLessThan(2)
      arrived.add(1)
      yield* joinAll([running, ...before])
      void pool.terminate()
    }),
  )

  it("lets in at once who waits for room", () =>
    run(function* () {
      const pool = new Pool({ threads: 1, maxQueue: 1 })
      const arrived = new AtomicInt32()
      const running = pool.spawn(spinUntil, arrived, 2)
      while (arrived.load() === 0) yield* sleep(1)
      const held = []
      for (;;) {
        try {
          held.push(pool.spawnWith({ on: "key" }, echo, held.length))
        } catch {
          break
        }
        yield* gosched()
      }
      const admitted = chan<void>(1)
      const waiting = go(function* () {
        const goroutine = yield* pool.admit(echo, "admitted")
        admitted.trySend()
        return yield* goroutine
      })
      while (waiting.waitReason !== "room in a pool") yield* gosched()
      held.pop()!.interrupt()
      yield* admitted.receive()
      arrived.add(1)
      expect(yield* waiting).toBe("admitted")
      yield* joinAll([running, ...held])
      void pool.terminate()
    }))
})
