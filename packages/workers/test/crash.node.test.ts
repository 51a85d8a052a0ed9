/** Threads that end when nobody has told them to. */
import { chan, type Channel, sharedChan } from "@weft/channels"
import { go, gosched, joinAll, run, sleep } from "@weft/core"
import { OwnerDied, SharedMutex } from "@weft/sync"
import { ChannelLost, Pool, PoolStopped, WorkerCrashed } from "@weft/workers"
import { describe, expect, it } from "vitest"
import { parks, receiveOne, square, whichThread } from "./tasks/basic.ts"
import {
  attachesAndExits,
  diesOnce,
  endsOrExits,
  exits,
  fillsHeap,
  locksAndExits,
  makesChannel,
  sendsAndExits,
  spawnsAndExits,
  spins,
  textBySchema,
  throwsOutside,
} from "./tasks/dying.node.ts"
import { thrownBy } from "./support/thrown-by.ts"

describe("a thread that ends", () => {
  it.each([
    ["by process.exit", exits, 3, { reason: "exit code 3", exitCode: 3, task: "exits" }],
    [
      "by what it throws outside any task",
      throwsOutside,
      "outside",
      { reason: "RangeError: outside", task: "throwsOutside" },
    ],
  ])("%s fails what ran there, and is replaced", (_how, body, arg, fields) =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const error = (yield* thrownBy(pool.spawn(body as typeof exits, arg as number))) as WorkerCrashed
      expect(error).toBeInstanceOf(WorkerCrashed)
      expect(error.fields).toMatchObject(fields)
      expect(yield* pool.spawn(square, 3)).toBe(9)
      expect(pool.stats).toMatchObject({ crashes: 1, failed: 1, completed: 1 })
      void pool.terminate()
    }),
  )

  it("by its heap limit fails what ran there, where the host contains that", () =>
    run(function* () {
      const pool = new Pool({ threads: 1, resourceLimits: { maxOldGenerationSizeMb: 20 } })
      const error = (yield* thrownBy(pool.spawn(fillsHeap))) as WorkerCrashed
      expect(error.fields.reason).toMatch(/memory/)
      expect(yield* pool.spawn(square, 3)).toBe(9)
      void pool.terminate()
    }))

  it("loses no task that it had not started", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const goroutines = [pool.spawn(exits, 1), ...Array.from({ length: 50 }, (_, i) => pool.spawn(square, i))]
      const outcomes = []
      for (const goroutine of goroutines) outcomes.push(yield* thrownBy(goroutine))
      expect(outcomes[0]).toBeInstanceOf(WorkerCrashed)
      expect(outcomes.slice(1)).toEqual(Array.from({ length: 50 }, (_, i) => i * i))
      void pool.terminate()
    }))

  it("takes no task with it that had ended: those after it run on another, and those before it have given what they gave", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      yield* pool.spawn(square, 1)
      const all = Array.from({ length: 100 }, (_, i) => pool.spawn(endsOrExits, i, 50))
      const outcomes = []
      for (const goroutine of all) outcomes.push(yield* thrownBy(goroutine))
      for (const [i, outcome] of outcomes.entries())
        if (i === 50) expect(outcome).toBeInstanceOf(WorkerCrashed)
        else expect(outcome).toBe(i)
      expect(pool.stats).toMatchObject({ failed: 1, completed: 100 })
      void pool.terminate()
    }))

  it("has a task run again that may run twice", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const runs = new Int32Array(new SharedArrayBuffer(4))
      expect(yield* pool.spawn(diesOnce, runs)).toBe(2)
      expect(pool.stats).toMatchObject({ crashes: 1, retried: 1, completed: 1, failed: 0 })
      void pool.terminate()
    }))

  it("that takes no interruption is ended after the grace period, and only its own tasks with it", () =>
    run(function* () {
      const pool = new Pool({ threads: 2 })
      const begun = new Int32Array(new SharedArrayBuffer(4))
      const spinning = pool.spawnWith({ grace: 50 }, spins, begun)
      while (Atomics.load(begun, 0) === 0) yield* sleep(1)
      spinning.interrupt()
      expect(yield* thrownBy(spinning)).toMatchObject({ name: "GoroutineInterrupted" })
      expect(yield* pool.spawn(square, 4)).toBe(16)
      expect(pool.stats.crashes).toBe(1)
      void pool.terminate()
    }))

  it("is not ended for a task that ended in time, though this thread was too busy to hear of it", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const where = chan<number>()
      const goroutine = pool.spawnWith({ grace: 100 }, parks, where, chan<void>())
      yield* where.receive()
      goroutine.interrupt()
      yield* gosched()
      const until = performance.now() + 300
      while (performance.now() < until);
      expect(yield* thrownBy(goroutine)).toMatchObject({ name: "GoroutineInterrupted" })
      expect(yield* pool.spawn(square, 4)).toBe(16)
      expect(pool.stats).toMatchObject({ threads: 1, crashes: 0 })
      void pool.terminate()
    }))

  it("too often stops its pool, with a reason", () =>
    run(function* () {
      const pool = new Pool({ threads: 1, restart: { times: 2, within: "1 minute" } })
      const crashing = Array.from({ length: 3 }, () => pool.spawn(exits, 9))
      const outcomes = []
      for (const goroutine of crashing) outcomes.push(yield* thrownBy(goroutine))
      expect(outcomes.every((outcome) => outcome instanceof WorkerCrashed)).toBe(true)
      expect(() => pool.spawn(square, 1)).toThrow(PoolStopped)
      expect(() => pool.spawn(square, 1)).toThrow("3 threads ended within 60000 ms; the last by exit code 9")
    }))

  it("gives up a lock in shared memory, which the next one recovers", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const mutex = new SharedMutex()
      expect(yield* thrownBy(pool.spawn(locksAndExits, mutex))).toBeInstanceOf(WorkerCrashed)
      const locking = go(function* () {
        yield* mutex.lock()
      })
      expect(yield* thrownBy(locking)).toBeInstanceOf(OwnerDied)
      using _ = yield* mutex.recover()
      void pool.terminate()
    }))

  it("gives up a lock of which it was given the handle alone", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const mutex = new SharedMutex()
      expect(yield* thrownBy(pool.spawn(attachesAndExits, { handle: mutex.share() }))).toBeInstanceOf(WorkerCrashed)
      const locking = go(function* () {
        yield* mutex.lock()
      })
      expect(yield* thrownBy(locking)).toBeInstanceOf(OwnerDied)
      void pool.terminate()
    }))

  it("has a shared channel looked at of which it was given the handle alone, as its codec is code", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const ch = sharedChan(textBySchema, 2)
      const receiving = go(function* () {
        return yield* ch.receive()
      })
      expect(yield* thrownBy(pool.spawn(sendsAndExits, ch.share()))).toBeInstanceOf(WorkerCrashed)
      expect(yield* receiving).toBe("sent")
      void pool.terminate()
    }))

  it("takes the channels with it that it made, and leaves nobody waiting for them", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const made = chan<Channel<number>>(1)
      const dying = pool.spawn(makesChannel, made)
      const lost = yield* made.take()
      const receiving = go(function* () {
        yield* lost.receive()
      })
      yield* sleep(5)
      void pool.terminate()
      expect(yield* thrownBy(receiving)).toBeInstanceOf(ChannelLost)
      expect(yield* thrownBy(dying)).toBeInstanceOf(WorkerCrashed)
    }))

  it("leaves channels of this thread as if its goroutines had never waited", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const values = chan<unknown>()
      const receiving = pool.spawn(receiveOne, values)
      while (pool.stats.running === 0 || pool.stats.queued > 0) yield* sleep(1)
      yield* sleep(5)
      void pool.terminate()
      expect(yield* thrownBy(receiving)).toBeInstanceOf(WorkerCrashed)
      expect(values.trySend(1)).toBe(false)
    }))

  it("cancels what its tasks had spawned on others", () =>
    run(function* () {
      const pool = new Pool({ threads: 2 })
      const threads = yield* joinAll([0, 1, 2, 3, 4, 5].map((on) => pool.spawnWith({ on }, whichThread)))
      const other = threads.findIndex((thread) => thread !== threads[0])
      const log = chan<string>(4)
      const end = chan<void>()
      const parent = pool.spawnWith({ on: 0 }, spawnsAndExits, other, log, end)
      expect(yield* log.receive()).toBe("begun")
      yield* end.send()
      expect(yield* thrownBy(parent)).toBeInstanceOf(WorkerCrashed)
      expect(yield* log.receive()).toBe("unwound")
      void pool.terminate()
    }))
})
