import { chan, type Channel } from "@weft/channels"
import { go, type Op, run, sleep } from "@weft/core"
import { AtomicInt32 } from "@weft/sync"
import { Pool, type Task } from "@weft/workers"
import { describe, expect, it } from "vitest"
import { PinnedTasks } from "../src/pinned-tasks.ts"
import {
  cancelsBefore,
  floods,
  givesUpLoop,
  leavesSenderBelow,
  lendsPort,
  makesBelow,
  maps,
  mapsForEver,
  outer,
  outerRefused,
  outlivesHolder,
  reasonOfNested,
} from "./support/nested-tasks.ts"
import { thrownBy } from "./support/thrown-by.ts"
import { receiveOne } from "./tasks/basic.ts"

/** A key that stands for another place among two than "parent". */
const places = new PinnedTasks(2)
const placeOf = (on: string) => places.placeOf({ options: { on } })
const other = ["a", "b", "c", "d", "e"].find((on) => placeOf(on) !== placeOf("parent"))!

describe("a task that a task spawns", () => {
  it("runs in the pool of the one that spawned it", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      expect(yield* pool.spawn(outer, 1)).toBe(2)
      expect(pool.stats.completed).toBe(2)
      void pool[Symbol.asyncDispose]()
    }))

  it("is waited for as one that may run", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      expect(yield* pool.spawn(reasonOfNested)).toBe("task")
      void pool.terminate()
    }))

  it("is waited for by the pool's drain", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const goroutine = pool.spawn(outer, 1)
      pool.spawn(outer, 2)
      yield* pool.drain()
      expect(pool.stats).toMatchObject({ completed: 4, running: 0, queued: 0 })
      expect(yield* goroutine).toBe(2)
      void pool[Symbol.asyncDispose]()
    }))

  it("learns that its context is done, though no thread had it when that was", () =>
    run(function* () {
      const pool = new Pool({ threads: 2 })
      const ended = yield* pool.spawnWith({ on: "parent" }, cancelsBefore, other)
      expect(ended).toMatchObject({ err: "ContextCanceled", cause: "Error: changed my mind" })
      void pool.terminate()
    }))

  it.each<[string, Task<ReadonlyArray<unknown>, Op<unknown, unknown>, [on: string]>, ReadonlyArray<string>]>([
    ["hears of the end of a thread that held a lock of its", outlivesHolder, ["WorkerCrashed", "OwnerDied"]],
    ["is given what can't be copied, and gives it back", lendsPort, ["there", "and back"]],
  ])("%s", (_law, task, expected) =>
    run(function* () {
      const pool = new Pool({ threads: 2 })
      expect(yield* pool.spawnWith({ on: "parent" }, task, other)).toEqual(expected)
      void pool.terminate()
    }),
  )

  it.each([0, 1])("waits for room as a piece of a loop, where %i may wait in the pool", (maxQueue) =>
    run(function* () {
      const pool = new Pool({ threads: 1, maxQueue })
      const items = Array.from({ length: 300 }, (_, i) => i)
      expect(yield* pool.spawn(maps, items)).toEqual(items.map((n) => n + 1))
      yield* pool.drain()
      void pool[Symbol.asyncDispose]()
    }),
  )

  it("leaves the queue in which it waits for room when the loop is interrupted", { tags: "long" }, () =>
    run(function* () {
      const pool = new Pool({ threads: 1, maxQueue: 0 })
      const goroutine = pool.spawn(
        mapsForEver,
        Array.from({ length: 100 }, (_, i) => i),
      )
      while (pool.stats.running < 2) yield* sleep(1)
      goroutine.interrupt()
      expect(yield* thrownBy(goroutine)).toMatchObject({ name: "GoroutineInterrupted" })
      yield* pool.drain()
      expect(yield* pool.spawn(outer, 1)).toBe(2)
      void pool[Symbol.asyncDispose]()
    }),
  )

  it("never begins if it was interrupted while it waited for room", () =>
    run(function* () {
      const pool = new Pool({ threads: 1, maxQueue: 0 })
      const begun = new AtomicInt32()
      const before = yield* pool.spawn(givesUpLoop, begun)
      yield* pool.drain()
      expect(begun.load()).toBe(before)
      void pool[Symbol.asyncDispose]()
    }))

  it("panics where it is joined if its pool has no room", () =>
    run(function* () {
      const pool = new Pool({ threads: 1, maxQueue: 1 })
      const goroutines = [pool.spawn(outerRefused)]
      yield* pool.admit(outerRefused)
      yield* pool.admit(outerRefused)
      for (const goroutine of goroutines) expect(["done", "TooBusy"]).toContain(yield* goroutine)
      yield* pool.drain()
      void pool[Symbol.asyncDispose]()
    }))

  it("that its pool has no room for, and that nobody joins, harms nobody", () =>
    run(function* () {
      const pool = new Pool({ threads: 1, maxQueue: 3 })
      const words = chan<unknown>()
      const [spawned, goOn] = [new AtomicInt32(), new AtomicInt32()]
      const bystander = pool.spawn(receiveOne, words)
      const flooding = pool.spawn(floods, 20, spawned, goOn)
      while (spawned.load() === 0 || pool.stats.queued < 7) yield* sleep(1)
      goOn.store(1)
      expect(yield* flooding).toEqual(["TooBusy", "TooBusy"])
      yield* words.send("still there")
      expect(yield* bystander).toEqual({ ok: true, value: "still there" })
      expect(pool.stats.crashes).toBe(0)
      yield* pool.drain()
      void pool[Symbol.asyncDispose]()
    }))
})

describe("a channel of a thread that a thread has started", () => {
  it("is received from here, though nothing has come from there but the channel", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const words = yield* pool.spawn(leavesSenderBelow)
      expect(yield* words.receive()).toBe("said later")
      void pool.terminate()
    }))

  it.each(["itself", "the thread that started it"])(
    "is lost here and elsewhere when %s ends",
    { tags: "long" },
    (which) =>
      run(function* () {
        const pools = [new Pool({ threads: 1 }), new Pool({ threads: 1 })] as const
        const made = chan<Channel<unknown>>()
        const ends = { itself: chan<void>(), "the thread that started it": chan<void>() }
        const parent = pools[0].spawn(makesBelow, made, ends.itself, ends["the thread that started it"])
        const parentEnds = go(thrownBy, parent)
        const lost = yield* made.take()
        const here = go(function* () {
          yield* lost.receive()
        })
        const elsewhere = pools[1].spawn(receiveOne, lost)
        const outcomes = [go(thrownBy, here), go(thrownBy, elsewhere)]
        yield* ends[which as keyof typeof ends].send()
        for (const outcome of outcomes) expect(yield* outcome).toMatchObject({ name: "ChannelLost" })
        for (const pool of pools) void pool.terminate()
        expect(yield* parentEnds).toMatchObject({ name: "WorkerCrashed" })
      }),
  )
})
