/** Go's sync/cond_test.go and waitgroup_test.go, on threads of the host. */
import { gosched, type Op, run, sleep } from "@weft/core"
import { AtomicInt32, SharedBarrier, SharedCond, SharedMutex, SharedSemaphore, SharedWaitGroup } from "@weft/sync"
import { describe, expect, it } from "vitest"
import { onThreads } from "../../../core/test/support/threads.node.ts"
import {
  type addAndWait,
  type Conds,
  type goMany,
  type misuseGroup,
  type passBoth,
  type race,
  startBytes,
  type steal,
  type waitAgainAndAgain,
  type waitInOrder,
  type waitOnce,
  type workInRounds,
} from "./waits-on-threads.node.ts"

const module = new URL("./waits-on-threads.node.ts", import.meta.url)
const words = (n: number): Int32Array<SharedArrayBuffer> => new Int32Array(new SharedArrayBuffer(4 * n))

/** A Cond, and semaphores without a permit in place of Go's channels: a send is a release, a receive an acquire. */
function conds(most: number) {
  const m = new SharedMutex()
  const c = new SharedCond(m)
  const [running, awake] = [new SharedSemaphore(most), new SharedSemaphore(most)]
  running.tryAcquire(most)
  awake.tryAcquire(most)
  const handles: Conds = { mutex: m.share(), cond: c.share(), running: running.share(), awake: awake.share() }
  return { m, c, running, awake, handles }
}

/** Until they wait for the Cond, and not only for the lock: whoever holds that has told before. */
function* locked(m: SharedMutex): Generator<Op<unknown, unknown>, void, unknown> {
  yield* m.lock()
  m.unlock()
}

describe("sync/cond_test", () => {
  describe("on threads", () => {
    it("CondSignal: one signal wakes one waiter", async () => {
      const { awake, c, handles, m, running } = conds(2)
      const waiting = onThreads<typeof waitOnce>(2, module, "waitOnce", handles)
      const talking = run(function* () {
        yield* running.acquire(2)
        for (let n = 2; n > 0; n--) {
          expect(awake.tryAcquire(), "goroutine not asleep").toBe(false)
          yield* m.lock()
          c.signal()
          m.unlock()
          yield* awake.acquire()
          yield* sleep(1)
          expect(awake.tryAcquire(), "too many goroutines awake").toBe(false)
        }
        c.signal()
      })
      await Promise.all([talking, waiting])
    })

    it("CondSignalGenerations: 100 wake in order, on four threads", async () => {
      const [n, threads] = [100, 4]
      const { awake, c, handles, m, running } = conds(n)
      const starts = new SharedArrayBuffer(startBytes * n)
      const all = Array.from({ length: n }, (_, i) => SharedSemaphore.at(1, starts, startBytes * i))
      for (const start of all) start.tryAcquire()
      const last = words(1)
      const data = { ...handles, n, threads, starts, last }
      const waiting = onThreads<typeof waitInOrder>(threads, module, "waitInOrder", data)
      const talking = run(function* () {
        for (let i = 0; i < n; i++) {
          all[i]!.release()
          if (i > 0) {
            yield* awake.acquire()
            expect(last[0]).toBe(i - 1)
          }
          yield* running.acquire()
          yield* m.lock()
          c.signal()
          m.unlock()
        }
      })
      await Promise.all([talking, waiting])
      expect(last[0]).toBe(n - 1)
    })

    it("CondBroadcast: 40 waiters on four threads wake once each, in 40 rounds", { tags: "long" }, async () => {
      const n = 40
      const { awake, c, handles, m, running } = conds(n)
      const [exit, woken] = [words(1), words(n)]
      const data = { ...handles, exit, woken, each: n / 4 }
      const waiting = onThreads<typeof waitAgainAndAgain>(4, module, "waitAgainAndAgain", data)
      const talking = run(function* () {
        for (let round = 1; round <= n; round++) {
          yield* running.acquire(n)
          yield* m.lock()
          if (round === n) exit[0] = 1
          expect(awake.tryAcquire(), "goroutine not asleep").toBe(false)
          c.broadcast()
          m.unlock()
          yield* awake.acquire(n)
          yield* locked(m) as Generator<Op<unknown>, void, unknown>
          expect([...new Set(woken)], "goroutine woke up twice").toEqual([round])
        }
        c.broadcast()
      })
      await Promise.all([talking, waiting])
      expect(running.free, "goroutine did not exit").toBe(0)
    })

    it("Race: three threads pass a variable on by one Cond", { tags: "long" }, async () => {
      for (let i = 0; i < 2; i++) {
        const x = words(1)
        await onThreads<typeof race>(3, module, "race", { ...conds(1).handles, x })
        expect(x[0]).toBe(3)
      }
    })

    it("CondSignalStealing: a newcomer does not take the broadcast of one that waits on another thread", async () => {
      const rounds = 200
      const { awake, c, handles, m, running } = conds(2)
      const done = words(1)
      const over = new SharedSemaphore(1)
      over.tryAcquire()
      const data = { ...handles, done, over: over.share(), rounds }
      const stealing = onThreads<typeof steal>(2, module, "steal", data)
      const talking = run(function* () {
        for (let i = 0; i < rounds; i++) {
          yield* running.acquire()
          yield* locked(m) as Generator<Op<unknown>, void, unknown>
          // To the second thread: it broadcasts.
          awake.release()
          // The first has to be woken.
          yield* running.acquire()
          yield* m.lock()
          done[0] = 1
          m.unlock()
          c.broadcast()
          yield* running.acquire()
          done[0] = 0
          over.release()
        }
      })
      await Promise.all([talking, stealing])
    })
  })
})

describe("sync/waitgroup_test", () => {
  describe("on threads", () => {
    it("WaitGroup: two groups of 16 on four threads are a barrier, for 8 rounds", async () => {
      const [n, rounds] = [16, 8]
      const [first, second, exited] = [new SharedWaitGroup(), new SharedWaitGroup(), new AtomicInt32()]
      const start = new SharedBarrier(5)
      const data = { first: first.share(), second: second.share(), exited: exited.share(), start: start.share() }
      const passing = onThreads<typeof passBoth>(4, module, "passBoth", { ...data, each: n / 4, rounds })
      const talking = run(function* () {
        for (let round = 1; round <= rounds; round++) {
          first.add(n)
          second.add(n)
          yield* start.wait()
          yield* first.wait()
          for (let i = 0; i < n; i++) {
            // Nobody passes before the last has come.
            expect(exited.load()).toBe(n * (round - 1))
            if (i % 4 === 0) yield* gosched()
            second.done()
          }
          yield* start.wait()
          expect(exited.load()).toBe(n * round)
        }
      })
      await Promise.all([talking, passing])
    })

    it("WaitGroupMisuse: a negative counter panics in Go's words, on another thread", async () => {
      const wg = new SharedWaitGroup()
      wg.add(1)
      wg.done()
      const thrown = await onThreads<typeof misuseGroup>(1, module, "misuseGroup", wg.share())
      expect(thrown[0]).toMatch(/sync: negative WaitGroup counter/)
    })

    it("WaitGroupMisuse2, WaitGroupMisuse3: adding while others wait, and reuse, are allowed here and lose nobody", async () => {
      const wg = new SharedWaitGroup()
      await onThreads<typeof addAndWait>(4, module, "addAndWait", { group: wg.share(), rounds: 500 })
      await run(wg.wait())
    })

    it("WaitGroupRace: wait never returns early, in 1,000 rounds", { tags: "long" }, async () => {
      const [wg, n, start] = [new SharedWaitGroup(), new AtomicInt32(), new SharedBarrier(3)]
      const rounds = 1_000
      const data = { group: wg.share(), n: n.share(), start: start.share(), rounds }
      const working = onThreads<typeof workInRounds>(2, module, "workInRounds", data)
      const talking = run(function* () {
        for (let round = 0; round < rounds; round++) {
          wg.add(2)
          yield* start.wait()
          yield* wg.wait()
          expect(n.load()).toBe(2 * (round + 1))
          yield* start.wait()
        }
      })
      await Promise.all([talking, working])
    })

    it("WaitGroupGo: counts what it starts, on every thread", async () => {
      const [wg, gate, n] = [new SharedWaitGroup(), new SharedWaitGroup(), new AtomicInt32()]
      gate.add(4)
      const data = { group: wg.share(), gate: gate.share(), n: n.share() }
      const going = onThreads<typeof goMany>(4, module, "goMany", data)
      const talking = run(function* () {
        yield* gate.wait()
        yield* wg.wait()
        expect(n.load()).toBe(64)
      })
      await Promise.all([talking, going])
    })
  })
})
