import { chan, select } from "@weft/channels"
import { go, gosched, joinAll, run, sleep, threadId, InvalidOption } from "@weft/core"
import { AtomicInt32 } from "@weft/sync"
import { blocking, Pool, PoolStopped, spawnWith, TooBusy, WorkerCrashed } from "@weft/workers"
import { describe, expect, it } from "vitest"
import {
  noted,
  parks,
  receiveOne,
  spinMillis,
  spinUntil,
  square,
  starting,
  throwing,
  waiting,
  whichThread,
} from "./tasks/basic.ts"
import { thrownBy } from "./support/thrown-by.ts"

describe("Pool", () => {
  it("runs its tasks on threads of its own, at most as many as it may have", () =>
    run(function* () {
      const pool = new Pool({ threads: 2, name: "own" })
      const used = yield* joinAll(Array.from({ length: 50 }, () => pool.spawn(spinMillis, 1)))
      expect(new Set(used).size).toBeLessThanOrEqual(2)
      expect(used).not.toContain(threadId())
      expect(pool.stats).toMatchObject({ name: "own", queued: 0, running: 0, completed: 50, failed: 0, crashes: 0 })
      yield* go(function* () {
        yield* pool.drain()
      })
      void pool.terminate()
    }))

  it("starts no more threads than it has tasks for", { tags: "long" }, () =>
    run(function* () {
      const pool = new Pool({ threads: 8 })
      for (let i = 0; i < 20; i++) yield* pool.spawn(square, i)
      expect(pool.stats.threads).toBe(1)
      void pool.terminate()
    }),
  )

  it.skipIf(typeof SharedArrayBuffer === "undefined")(
    "spreads the tasks that find no thread over those that it starts: four that block run on four",
    () =>
      run(function* () {
        const pool = new Pool({ threads: 4 })
        const arrived = new AtomicInt32()
        const used = yield* joinAll(Array.from({ length: 4 }, () => pool.spawn(spinUntil, arrived, 4)))
        expect(new Set(used).size).toBe(4)
        void pool.terminate()
      }),
  )

  it("spreads those that park, too, while others start", () =>
    run(function* () {
      const pool = new Pool({ threads: 4 })
      const where = chan<number>()
      const end = chan<void>()
      const tasks = Array.from({ length: 4 }, () => pool.spawn(parks, where, end))
      const used = new Set<number | undefined>()
      for (let i = 0; i < 4; i++) used.add(yield* where.receive())
      expect(used.size).toBe(4)
      end.close()
      yield* joinAll(tasks)
      void pool.terminate()
    }))

  it("waits for its tasks when it is disposed of, and takes no more", async () => {
    const pool = new Pool({ threads: 1 })
    const goroutine = pool.spawn(spinMillis, 5)
    await pool[Symbol.asyncDispose]()
    expect(goroutine.status).toBe("done")
    expect(pool.stats.threads).toBe(0)
    expect(() => pool.spawn(square, 1)).toThrow(PoolStopped)
  })

  it("fails what runs and what waits when it is terminated", { tags: "long" }, () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const begun = chan<string>(9)
      const running = pool.spawn(waiting, begun)
      expect(yield* begun.receive()).toBe("begun")
      void pool.terminate("no longer wanted")
      const error = yield* thrownBy(running)
      expect(error).toBeInstanceOf(WorkerCrashed)
      expect(error).toMatchObject({ fields: { task: "waiting", reason: "no longer wanted" } })
      expect(() => pool.spawn(square, 1)).toThrow('pool "pool" has stopped: no longer wanted')
    }),
  )

  it("drains once its last task has ended", () =>
    run(function* () {
      const pool = new Pool({ threads: 2 })
      const tasks = Array.from({ length: 10 }, () => pool.spawn(spinMillis, 1))
      // Each goroutine comes to its call first.
      yield* sleep(1)
      yield* pool.drain()
      expect(tasks.every((task) => task.status === "done" || task.status === "runnable")).toBe(true)
      yield* pool.drain()
      void pool.terminate()
    }))

  it("refuses options that it does not have, and values that they can't have", () => {
    expect(() => new Pool({ treads: 2 } as never)).toThrow(
      "option treads is 2; it must be left out: there are threads, name",
    )
    for (const threads of [0, -1, 1.5, Number.NaN, "2" as never])
      expect(() => new Pool({ threads })).toThrow(InvalidOption)
    expect(() => new Pool({ maxQueue: -1 })).toThrow(InvalidOption)
  })

  it("refuses more tasks than may wait, and admits them as there is room", () =>
    run(function* () {
      const pool = new Pool({ threads: 1, maxQueue: 2 })
      yield* pool.spawn(square, 1)
      const held = [pool.spawn(spinMillis, 5)]
      let refused = 0
      for (let i = 0; i < 1000; i++) {
        try {
          held.push(pool.spawn(spinMillis, 0))
        } catch (error) {
          expect(error).toBeInstanceOf(TooBusy)
          refused++
        }
      }
      expect(refused).toBeGreaterThan(0)
      const admitted = []
      for (let i = 0; i < 20; i++) admitted.push(yield* pool.admit(square, i))
      expect(yield* joinAll(admitted)).toEqual(Array.from({ length: 20 }, (_, i) => i * i))
      yield* joinAll(held)
      void pool.terminate()
    }))

  it("admits into the run of whoever waits for room", async () => {
    const pool = new Pool({ threads: 1, maxQueue: 0 })
    const running = run(function* () {
      yield* pool.admit(spinMillis, 20)
      yield* pool.admit(throwing, "nobody joins")
      yield* sleep(60_000)
    })
    await expect(running).rejects.toMatchObject({ name: "GoroutinePanic", goroutine: "throwing" })
    void pool.terminate()
  })

  it("admits nothing for a select that takes another case", () =>
    run(function* () {
      const pool = new Pool({ threads: 1, maxQueue: 0 })
      const first = yield* pool.admit(spinMillis, 20)
      const hit = yield* select.ordered({ now: sleep(0), admitted: pool.admit(square, 1) })
      expect(hit.case).toBe("now")
      yield* first
      yield* pool.drain()
      expect(pool.stats.completed).toBe(1)
      void pool.terminate()
    }))
})

describe("a task's options", () => {
  it("put those of a higher priority first", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const log = chan<number>(100)
      const tasks = [pool.spawn(spinMillis, 20)]
      for (let i = 0; i < 20; i++) tasks.push(pool.spawn(noted, i, log))
      tasks.push(pool.spawnWith({ priority: 1 }, noted, 100, log))
      yield* joinAll(tasks)
      const order: Array<number> = []
      for (let next = log.tryReceive(); next?.ok === true; next = log.tryReceive()) order.push(next.value)
      expect(order.length).toBe(21)
      // Behind the few that were in the thread's own queue already.
      expect(order.indexOf(100)).toBeLessThan(8)
      void pool.terminate()
    }))

  it.skipIf(typeof SharedArrayBuffer === "undefined")(
    "keep those of one key on one thread, and start them in order",
    { tags: "long" },
    () =>
      run(function* () {
        for (const key of ["a", "b", 3]) {
          const words = new Int32Array(new SharedArrayBuffer(4 * 41))
          const tasks = Array.from({ length: 40 }, (_, i) => spawnWith({ on: key }, starting, i, words))
          expect(new Set(yield* joinAll(tasks)).size).toBe(1)
          expect([...words.subarray(1)]).toEqual(Array.from({ length: 40 }, (_, i) => i))
        }
      }),
  )

  it("let this thread help, where the others have enough to do", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      yield* pool.spawn(square, 1)
      const used = yield* joinAll(Array.from({ length: 40 }, () => pool.spawnWith({ inline: true }, spinMillis, 2)))
      expect(used).toContain(threadId())
      expect(new Set(used).size).toBe(2)
      expect(pool.stats.completed).toBe(41)
      void pool.terminate()
    }))

  it("take turns among the goroutines that spawn: a flood of one does not keep another waiting", { tags: "long" }, () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      yield* pool.spawn(square, 1)
      const spawned = yield* go(function* () {
        return Array.from({ length: 5000 }, () => pool.spawn(spinMillis, 0.05))
      })
      yield* go(function* () {
        yield* pool.spawn(whichThread)
      })
      expect(pool.stats.completed).toBeLessThan(2500)
      for (const goroutine of spawned) goroutine.interrupt()
      yield* pool.drain()
      void pool.terminate()
    }),
  )
})

describe("blocking", () => {
  it("runs each call on a thread of its own at once: none waits for another", { tags: "long" }, () =>
    run(function* () {
      const arrived = new AtomicInt32()
      const used = yield* joinAll(Array.from({ length: 4 }, () => blocking(spinUntil, arrived, 4)))
      expect(new Set(used).size).toBe(4)
    }),
  )
})

describe.skipIf(typeof SharedArrayBuffer === "undefined")("a task that runs in the thread that spawned it", () => {
  it("belongs to the run that spawned it, whichever asked for help first", async () => {
    const pool = new Pool({ threads: 1 })
    const arrived = new AtomicInt32()
    const values = chan<unknown>()
    const isFirstOver = chan<void>()
    const spinning = run(function* () {
      yield* pool.spawn(spinUntil, arrived, 2)
    })
    while (arrived.load() === 0) await new Promise((resolve) => setTimeout(resolve))
    const first = run(function* () {
      go(thrownBy, pool.spawnWith({ inline: true }, receiveOne, chan<unknown>()))
      yield* gosched()
    })
    const second = run(function* () {
      const goroutine = pool.spawnWith({ inline: true }, receiveOne, values)
      yield* isFirstOver.receive()
      yield* values.send("kept")
      return yield* goroutine
    })
    await first
    await run(function* () {
      yield* isFirstOver.send()
    })
    expect(await second).toEqual({ ok: true, value: "kept" })
    arrived.add(1)
    await spinning
    await pool.terminate()
  })
})
