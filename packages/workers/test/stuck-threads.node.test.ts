/** Threads that come to nothing any more, and that nobody may wait behind. */
import { chan } from "@weft/channels"
import { go, joinAll, run, sleep } from "@weft/core"
import { AtomicInt32 } from "@weft/sync"
import { Pool, transfer } from "@weft/workers"
import { describe, expect, it } from "vitest"
import { inEndlessModule } from "./support/endless-module.ts"
import { blocksUntil, leavesCounting, leavesSpinning, sleepsThenSpins, waitsForEnd } from "./support/stuck-tasks.ts"
import { firstBytes, square } from "./tasks/basic.ts"
import { thrownBy } from "./support/thrown-by.ts"

const env = { ...process.env, ENDLESS_MODULE: "endless module" }

/** Until it has begun. */
function* endlessLoad() {
  const channel = new BroadcastChannel(env.ENDLESS_MODULE)
  const loads = chan<void>(1)
  channel.onmessage = () => loads.trySend()
  yield* loads.receive()
  channel.close()
}

function* until(isSo: () => boolean) {
  while (!isSo()) yield* sleep(1)
}

describe("a task that does not end", () => {
  it("keeps no other waiting while its pool may have another thread", () =>
    run(function* () {
      const pool = new Pool({ threads: 3 })
      const arrived = new AtomicInt32()
      const tasks = []
      for (let n = 1; n <= 3; n++) {
        // Each blocks until the third is there.
        tasks.push(pool.spawn(blocksUntil, arrived, 3))
        yield* until(() => arrived.load() >= n)
      }
      expect(new Set(yield* joinAll(tasks)).size).toBe(3)
      void pool.terminate()
    }))

  it("keeps none waiting behind it while another thread always has something newer to do", () =>
    run(function* () {
      const pool = new Pool({ threads: 2 })
      const [arrived, over] = [new AtomicInt32(), new AtomicInt32()]
      const keys = [0, 1, 2, 3, 4, 5, 6, 7]
      const threads = yield* joinAll(keys.map((on) => pool.spawnWith({ on }, blocksUntil, new AtomicInt32(), 1)))
      const other = threads.findIndex((thread) => thread !== threads[0])
      // Each gives way to the next when that waits there: the other thread never has nothing to do.
      const flow = go(function* () {
        let turn = new AtomicInt32()
        const all = [pool.spawnWith({ on: other }, blocksUntil, turn, 2)]
        while (over.load() === 0) {
          const next = new AtomicInt32()
          all.push(pool.spawnWith({ on: other }, blocksUntil, next, 2))
          yield* sleep(5)
          turn.add(1)
          // Its result may wait for the next one's: see thread-main.ts.
          yield* until(() => next.load() === 1)
          turn = next
        }
        turn.add(1)
        yield* joinAll(all)
      })
      const blocking = pool.spawnWith({ on: 0 }, blocksUntil, arrived, 2)
      yield* until(() => arrived.load() === 1)
      expect(yield* joinAll([1, 2, 3].map((n) => pool.spawn(square, n)))).toEqual([1, 4, 9])
      over.store(1)
      arrived.add(1)
      yield* joinAll([blocking, flow])
      void pool.terminate()
    }))

  it("keeps none waiting that no other thread could take over: its memory was given away", () =>
    run(function* () {
      const pool = new Pool({ threads: 2 })
      const arrived = new AtomicInt32()
      const blocking = pool.spawn(blocksUntil, arrived, 2)
      yield* until(() => arrived.load() === 1)
      const bytes = new Uint8Array([1, 2, 3])
      expect(yield* pool.spawn(firstBytes, transfer(bytes), 2)).toEqual(new Uint8Array([1, 2]))
      arrived.add(1)
      yield* blocking
      void pool.terminate()
    }))

  it("is not given others where a thread has nothing to do, though it had parked before", () =>
    run(function* () {
      const pool = new Pool({ threads: 2 })
      const [state, parked] = [new AtomicInt32(), new AtomicInt32()]
      const end = chan<void>()
      const keys = [0, 1, 2, 3, 4, 5, 6, 7]
      const threads = yield* joinAll(keys.map((on) => pool.spawnWith({ on }, blocksUntil, new AtomicInt32(), 1)))
      const other = threads.findIndex((thread) => thread !== threads[0])
      const waiting = [0, 1].map(() => pool.spawnWith({ on: other }, waitsForEnd, parked, end))
      yield* until(() => parked.load() === 2)
      const spinning = pool.spawnWith({ on: 0 }, sleepsThenSpins, state)
      yield* until(() => state.load() === 1)
      expect(yield* pool.spawn(square, 3)).toBe(9)
      expect(pool.stats.stolen).toBe(0)
      state.store(2)
      end.close()
      yield* joinAll([spinning, ...waiting])
      void pool.terminate()
    }))
})

describe("a module that never ends loading in a thread", () => {
  it("holds up that thread and no other, and no task of another module", () =>
    run(function* () {
      const pool = new Pool({ threads: 2, env })
      const loading = go(endlessLoad)
      pool.spawn(inEndlessModule)
      yield* loading
      // Whoever has nothing to do looks for more.
      for (let i = 0; i < 5; i++) expect(yield* pool.spawn(square, i)).toBe(i * i)
      expect(pool.stats.queued).toBe(1)
      void pool.terminate()
    }))

  it("holds up no other thread by more of its tasks, that wait there", () =>
    run(function* () {
      const pool = new Pool({ threads: 2, env })
      const loading = go(endlessLoad)
      pool.spawn(inEndlessModule)
      yield* loading
      for (let i = 0; i < 3; i++) pool.spawn(inEndlessModule)
      // Others could have had them by then.
      yield* sleep(1500)
      expect(yield* pool.spawn(square, 3)).toBe(9)
      expect(pool.stats.queued).toBe(4)
      void pool.terminate()
    }))

  it("has that thread ended, after the grace of a task of it that is interrupted", () =>
    run(function* () {
      const pool = new Pool({ threads: 1, env })
      const loading = go(endlessLoad)
      const goroutine = pool.spawnWith({ grace: 50 }, inEndlessModule)
      yield* loading
      const behind = pool.spawn(square, 3)
      yield* until(() => pool.stats.queued === 2)
      goroutine.interrupt()
      expect(yield* thrownBy(goroutine)).toMatchObject({ name: "GoroutineInterrupted" })
      expect(yield* behind).toBe(9)
      expect(pool.stats).toMatchObject({ crashes: 1, failed: 0 })
      void pool.terminate()
    }))
})

describe("a goroutine that a task has left, and that never gives way", () => {
  it("keeps no task waiting while its pool may have another thread", () =>
    run(function* () {
      const pool = new Pool({ threads: 2 })
      const spins = new AtomicInt32()
      yield* pool.spawn(leavesSpinning, spins)
      yield* until(() => spins.load() === 1)
      expect(yield* pool.spawn(square, 3)).toBe(9)
      void pool.terminate()
    }))

  it("keeps no task waiting that no other thread could take over", () =>
    run(function* () {
      const pool = new Pool({ threads: 2 })
      const spins = new AtomicInt32()
      yield* pool.spawn(leavesSpinning, spins)
      yield* until(() => spins.load() === 1)
      expect(yield* pool.spawn(firstBytes, transfer(new Uint8Array([1, 2, 3])), 2)).toEqual(new Uint8Array([1, 2]))
      void pool.terminate()
    }))

  it("has its thread ended, after the grace of a task there that is interrupted", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const spins = new AtomicInt32()
      yield* pool.spawn(leavesSpinning, spins)
      yield* until(() => spins.load() === 1)
      const goroutine = pool.spawnWith({ grace: 50 }, square, 3)
      const behind = pool.spawn(square, 4)
      yield* until(() => pool.stats.queued === 2)
      goroutine.interrupt()
      expect(yield* thrownBy(goroutine)).toMatchObject({ name: "GoroutineInterrupted" })
      expect(yield* behind).toBe(16)
      void pool.terminate()
    }))

  it("does not keep its pool from ending", { tags: "long" }, async () => {
    const pool = new Pool({ threads: 1 })
    const spins = new AtomicInt32()
    await run(function* () {
      yield* pool.spawn(leavesSpinning, spins)
      yield* until(() => spins.load() === 1)
    })
    await pool[Symbol.asyncDispose]()
    expect(pool.stats).toMatchObject({ threads: 0, crashes: 0 })
  })
})

it("a thread is not ended for a task that was taken back while another one ran there", () =>
  run(function* () {
    const pool = new Pool({ threads: 1 })
    const arrived = new AtomicInt32()
    const running = pool.spawn(blocksUntil, arrived, 2)
    yield* until(() => arrived.load() === 1)
    const goroutine = pool.spawnWith({ grace: 20 }, square, 3)
    yield* until(() => pool.stats.queued === 1)
    goroutine.interrupt()
    expect(yield* thrownBy(goroutine)).toMatchObject({ name: "GoroutineInterrupted" })
    yield* sleep(200)
    arrived.add(1)
    expect(typeof (yield* running)).toBe("number")
    expect(pool.stats).toMatchObject({ completed: 1, crashes: 0 })
    void pool.terminate()
  }))

it("tasks that transfer start no second thread, one after the other", () =>
  run(function* () {
    const pool = new Pool({ threads: 2 })
    for (let i = 0; i < 200; i++) yield* pool.spawn(firstBytes, transfer(new Uint8Array(1000)), 500)
    expect(pool.stats.threads).toBe(1)
    void pool.terminate()
  }))

describe("idleTimeout", () => {
  it("ends a thread that has nothing to do for so long, and another one is started when there is", () =>
    run(function* () {
      const pool = new Pool({ threads: 1, idleTimeout: 20 })
      for (let i = 0; i < 2; i++) {
        expect(yield* pool.spawn(square, 3)).toBe(9)
        expect(pool.stats.threads).toBe(1)
        yield* until(() => pool.stats.threads === 0)
      }
      expect(pool.stats).toMatchObject({ completed: 2, crashes: 0 })
    }))

  it("counts from the last task", () =>
    run(function* () {
      const pool = new Pool({ threads: 1, idleTimeout: "1 minute" })
      for (let i = 0; i < 5; i++) yield* pool.spawn(square, i)
      yield* sleep(50)
      expect(pool.stats.threads).toBe(1)
      void pool.terminate()
    }))

  it("leaves a goroutine alone that a task has left, and ends the thread once that has ended", () =>
    run(function* () {
      const pool = new Pool({ threads: 1, idleTimeout: 20 })
      const words = chan<string>()
      const counts = yield* pool.spawn(leavesCounting, words)
      for (const word of ["over", "and", "under"]) {
        yield* sleep(100)
        yield* words.send(word)
        expect(yield* counts.take()).toBe(word.length)
      }
      words.close()
      yield* until(() => pool.stats.threads === 0)
      expect(pool.stats).toMatchObject({ completed: 1, crashes: 0 })
    }))
})
