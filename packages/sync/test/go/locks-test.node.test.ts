/** Go's sync/mutex_test.go, rwmutex_test.go, once_test.go and x/sync's semaphore_test.go, on threads of the host. */
import { run } from "@weft/core"
import { AtomicInt32, SharedBarrier, SharedMutex, SharedOnce, SharedRWMutex, SharedSemaphore } from "@weft/sync"
import { describe, expect, it } from "vitest"
import { onThreads } from "../../../core/test/support/threads.node.ts"
import type {
  acquireCancelled,
  cancelInFront,
  hammerMutex,
  hammerRWMutex,
  hammerSemaphore,
  hammerWeighted,
  hogOrLock,
  lockBothSides,
  misuse,
  misuseWeighted,
  panicInOnce,
  raceOnce,
  readTogether,
  starve,
  tryTwice,
  workBesideTooBig,
} from "./locks-on-threads.node.ts"

const module = new URL("./locks-on-threads.node.ts", import.meta.url)
const words = (n: number): Int32Array<SharedArrayBuffer> => new Int32Array(new SharedArrayBuffer(4 * n))

/** Of one permit, which is held: for one to be told by a release. */
function told(): SharedSemaphore {
  const semaphore = new SharedSemaphore(1)
  semaphore.tryAcquire()
  return semaphore
}

describe("sync/mutex_test", () => {
  describe("on threads", () => {
    it("Semaphore: 10 goroutines acquire and release, 1,000 times each", { tags: "long" }, async () => {
      const semaphore = new SharedSemaphore(1)
      const data = { loops: 1_000, semaphore: semaphore.share() }
      await onThreads<typeof hammerSemaphore>(5, module, "hammerSemaphore", data)
      expect(semaphore.free).toBe(1)
    })

    it("Mutex: tryLock tells the truth; 10 goroutines lock, a third by tryLock", { tags: "long" }, async () => {
      const m = new SharedMutex()
      expect(m.tryLock()).toBe(true)
      expect(m.tryLock()).toBe(false)
      m.unlock()
      const count = words(1)
      const data = { loops: 1_000, mutex: m.share(), count }
      const holds = await onThreads<typeof hammerMutex>(5, module, "hammerMutex", data)
      expect(count[0]).toBe(holds.reduce((a, b) => a + b, 0))
      expect(m.locked).toBe(false)
    })

    it("MutexMisuse (8 cases): every wrong unlock on another thread panics and says unlocked", async () => {
      const locks: Record<string, SharedMutex | SharedRWMutex> = {}
      for (const name of ["Mutex.Unlock", "Mutex.Unlock2"]) locks[name] = new SharedMutex()
      for (const name of ["Unlock", "Unlock2", "Unlock3", "RUnlock", "RUnlock2", "RUnlock3"])
        locks[`RWMutex.${name}`] = new SharedRWMutex()
      for (const name of ["Mutex.Unlock2", "RWMutex.Unlock3", "RWMutex.RUnlock2"]) locks[name]!.tryLock()
      for (const name of ["RWMutex.Unlock2", "RWMutex.RUnlock3"]) (locks[name] as SharedRWMutex).tryRLock()
      const handles = Object.fromEntries(Object.entries(locks).map(([name, lock]) => [name, lock.share()]))
      const [thrown] = await onThreads<typeof misuse>(1, module, "misuse", handles)
      expect(Object.keys(thrown!)).toHaveLength(8)
      for (const [name, error] of Object.entries(thrown!)) expect(error, name).toMatch(/^UnlockOfUnlocked: .*unlocked/)
    })

    it("MutexFairness: 10 locks against a thread that locks again at once", async () => {
      const mutex = new SharedMutex().share()
      await onThreads<typeof hogOrLock>(2, module, "hogOrLock", { mutex, stop: words(1) })
    })
  })
})

describe("sync/rwmutex_test", () => {
  describe("on threads", () => {
    it.each([1, 3, 4])("ParallelReaders: all read at once (%d)", async (n) => {
      const data = { rw: new SharedRWMutex().share(), all: new SharedBarrier(n).share() }
      await onThreads<typeof readTogether>(n, module, "readTogether", data)
    })

    it("RWMutex: tries tell the truth; readers and writers exclude each other", { tags: "long" }, async () => {
      const rw = new SharedRWMutex()
      expect([rw.tryLock(), rw.tryLock(), rw.tryRLock()]).toEqual([true, false, false])
      rw.unlock()
      expect([rw.tryRLock(), rw.tryRLock(), rw.tryLock()]).toEqual([true, true, false])
      rw.runlock()
      rw.runlock()
      for (const readers of [1, 3, 5]) {
        const activity = new AtomicInt32()
        const data = { rw: rw.share(), activity: activity.share(), writers: 2, loops: 1_000 }
        await onThreads<typeof hammerRWMutex>(2 + readers, module, "hammerRWMutex", data)
        expect([activity.load(), rw.locked, rw.readers]).toEqual([0, false, 0])
      }
    })

    it("RLocker: the read side as a lock is shared, and excludes the writer", async () => {
      const wl = new SharedRWMutex()
      const rl = wl.rlocker()
      const [rlocked, wlocked] = [told(), told()]
      const rounds = 10
      const data = { rw: wl.share(), rlocked: rlocked.share(), wlocked: wlocked.share(), rounds }
      const locking = onThreads<typeof lockBothSides>(1, module, "lockBothSides", data)
      const talking = run(function* () {
        for (let i = 0; i < rounds; i++) {
          yield* rlocked.acquire()
          rl.unlock()
          expect(wlocked.tryAcquire(), "rlocker() didn't read-lock it").toBe(false)
          rl.unlock()
          yield* wlocked.acquire()
          expect(rlocked.tryAcquire(), "rlocker() didn't respect the write lock").toBe(false)
          wl.unlock()
        }
      })
      await Promise.all([talking, locking])
    })
  })
})

describe("sync/once_test", () => {
  describe("on threads", () => {
    it("Once: 10 racers run f once and see its effect", async () => {
      for (let i = 0; i < 2; i++) {
        const runs = words(1)
        await onThreads<typeof raceOnce>(5, module, "raceOnce", { once: new SharedOnce().share(), runs })
        expect(runs[0]).toBe(1)
      }
    })

    it("OncePanic: a panic counts as done, on all threads", async () => {
      const thrown = await onThreads<typeof panicInOnce>(3, module, "panicInOnce", new SharedOnce().share())
      expect(thrown.toSorted()).toEqual(["Error: failed", "nothing", "nothing"])
    })
  })
})

describe("x/sync/semaphore", () => {
  describe("on threads", () => {
    it("Weighted: four threads of weights 0 to 3 hammer one of size 4", async () => {
      const semaphore = new SharedSemaphore(4)
      const data = { semaphore: semaphore.share(), held: new AtomicInt32().share(), loops: 2_500 }
      await onThreads<typeof hammerWeighted>(4, module, "hammerWeighted", data)
      expect(semaphore.free).toBe(4)
    })

    it("WeightedPanic, WeightedNegativeSizePanic, WeightedNegativeWeightPanic: in Go's words, on another thread", async () => {
      const [thrown] = await onThreads<typeof misuseWeighted>(
        1,
        module,
        "misuseWeighted",
        new SharedSemaphore(1).share(),
      )
      const { WeightedPanic: released, WeightedNegativeSizePanic: size, ...weights } = thrown!
      expect(released).toMatch(/semaphore: released more than held/)
      expect(size).toMatch(/semaphore: size < 0/)
      for (const weight of Object.values(weights)) expect(weight).toMatch(/semaphore: n < 0/)
    })

    it("WeightedZeroSize: gives zero permits, attached as well", () => {
      expect(SharedSemaphore.from(new SharedSemaphore(0).share()).tryAcquire(0)).toBe(true)
    })

    it(
      "WeightedTryAcquire, WeightedAcquire: true, false, true, false at size 2, on a thread of its own",
      { tags: "long" },
      async () => {
        const semaphore = new SharedSemaphore(2)
        const tries: Array<Array<boolean>> = []
        for (const change of [() => semaphore.tryAcquire(), () => semaphore.tryAcquire(), () => semaphore.release(2)]) {
          change()
          const [found] = await onThreads<typeof tryTwice>(1, module, "tryTwice", semaphore.share())
          tries.push(found!)
        }
        // A thread that waited keeps what it got: one, then none, then one.
        expect(tries).toEqual([
          [true, true],
          [false, false],
          [true, true],
        ])
        expect(semaphore.free).toBe(1)
      },
    )

    it("WeightedDoesntBlockIfTooBig: one that wants more than there is blocks nobody", async () => {
      const data = { semaphore: new SharedSemaphore(2).share(), times: 20 }
      const [status] = await onThreads<typeof workBesideTooBig>(3, module, "workBesideTooBig", data)
      expect(status).toBe("waiting")
    })

    it("LargeAcquireDoesntStarve: one that wants all gets them though others come again and again", async () => {
      const semaphore = new SharedSemaphore(4)
      await onThreads<typeof starve>(5, module, "starve", { semaphore: semaphore.share(), isOver: words(1) })
      expect(semaphore.free).toBe(4)
    })

    it("AllocCancelDoesntStarve: a cancelled front waiter lets those behind it go on, on another thread", async () => {
      const semaphore = new SharedSemaphore(10)
      semaphore.tryAcquire()
      const data = { semaphore: semaphore.share(), isOver: words(1) }
      expect(await onThreads<typeof cancelInFront>(2, module, "cancelInFront", data)).toEqual([false, true])
      expect(semaphore.free).toBe(9)
    })

    it("WeightedAcquireCanceled: cancelled first, it takes nothing though there are enough", async () => {
      const semaphore = new SharedSemaphore(2)
      const [taken] = await onThreads<typeof acquireCancelled>(1, module, "acquireCancelled", semaphore.share())
      expect([taken, semaphore.free]).toEqual([false, 2])
    })
  })
})
