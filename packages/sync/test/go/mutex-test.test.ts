/** Go's sync/mutex_test.go. */
import { chan, select } from "@weft/channels"
import { go, gosched, sleep } from "@weft/core"
import { Mutex, RWMutex, Semaphore, UnlockOfUnlocked } from "@weft/sync"
import { describe, expect, it } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"

const loopsOf = (isReal: boolean): number => (isReal ? 1000 : 20)

describe("sync/mutex_test", () => {
  underSchedules("Semaphore: 10 goroutines acquire and release, 1,000 times each", function* ({ isReal }) {
    const semaphore = new Semaphore(1)
    const done = chan<boolean>()
    for (let i = 0; i < 10; i++)
      go(function* () {
        for (let loop = 0; loop < loopsOf(isReal); loop++) {
          yield* semaphore.acquire()
          if (loop % 7 === 0) yield* gosched()
          semaphore.release()
        }
        yield* done.send(true)
      })
    for (let i = 0; i < 10; i++) yield* done.receive()
    expect(semaphore.free).toBe(1)
  })

  underSchedules("Mutex: tryLock tells the truth; 10 goroutines lock, a third by tryLock", function* ({ isReal }) {
    const m = new Mutex()
    yield* m.lock()
    expect(m.tryLock()).toBe(false)
    m.unlock()
    expect(m.tryLock()).toBe(true)
    m.unlock()

    const done = chan<boolean>()
    for (let i = 0; i < 10; i++)
      go(function* () {
        for (let loop = 0; loop < loopsOf(isReal); loop++) {
          if (loop % 3 === 0) {
            if (m.tryLock()) m.unlock()
            continue
          }
          yield* m.lock()
          // Go's run in parallel.
          if (loop % 7 === 0) yield* gosched()
          m.unlock()
        }
        yield* done.send(true)
      })
    for (let i = 0; i < 10; i++) yield* done.receive()
    expect(m.locked).toBe(false)
  })

  const misuses: Record<string, (mu: Mutex, rw: RWMutex) => void> = {
    "Mutex.Unlock": (mu) => mu.unlock(),
    "Mutex.Unlock2": (mu) => {
      mu.tryLock()
      mu.unlock()
      mu.unlock()
    },
    "RWMutex.Unlock": (_, rw) => rw.unlock(),
    "RWMutex.Unlock2": (_, rw) => {
      rw.tryRLock()
      rw.unlock()
    },
    "RWMutex.Unlock3": (_, rw) => {
      rw.tryLock()
      rw.unlock()
      rw.unlock()
    },
    "RWMutex.RUnlock": (_, rw) => rw.runlock(),
    "RWMutex.RUnlock2": (_, rw) => {
      rw.tryLock()
      rw.runlock()
    },
    "RWMutex.RUnlock3": (_, rw) => {
      rw.tryRLock()
      rw.runlock()
      rw.runlock()
    },
  }
  it("MutexMisuse (8 cases): every wrong unlock panics and says unlocked", () => {
    for (const [name, misuse] of Object.entries(misuses)) {
      const call = () => misuse(new Mutex(), new RWMutex())
      expect(call, name).toThrow(UnlockOfUnlocked)
      expect(call, name).toThrow(/unlocked/)
    }
    expect(Object.keys(misuses)).toHaveLength(8)
  })

  underSchedules(
    "MutexFairness: 10 locks against a hog that locks again at once, within 10 seconds",
    function* () {
      const mu = new Mutex()
      const stop = chan<void>()
      go(function* () {
        for (;;) {
          yield* mu.lock()
          yield* sleep(0.1)
          mu.unlock()
          if (stop.closed) return
        }
      })
      const done = chan<boolean>(1)
      go(function* () {
        for (let i = 0; i < 10; i++) {
          yield* sleep(0.1)
          yield* mu.lock()
          mu.unlock()
        }
        yield* done.send(true)
      })
      const hit = yield* select({ done: done.receive(), late: sleep("10 seconds") })
      stop.close()
      expect(hit.case).toBe("done")
    },
    { time: "virtual" },
  )
})
