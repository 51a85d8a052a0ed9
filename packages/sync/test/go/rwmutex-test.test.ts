/** Go's sync/rwmutex_test.go. */
import { chan, trySelect } from "@weft/channels"
import { go, gosched } from "@weft/core"
import { RWMutex } from "@weft/sync"
import { describe, expect } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"

describe("sync/rwmutex_test", () => {
  underSchedules("ParallelReaders: all read at once", function* () {
    for (const readers of [1, 3, 4]) {
      const m = new RWMutex()
      const [locked, unlock, done] = [chan<boolean>(), chan<boolean>(), chan<boolean>()]
      for (let i = 0; i < readers; i++)
        go(function* () {
          yield* m.rlock()
          yield* locked.send(true)
          yield* unlock.receive()
          m.runlock()
          yield* done.send(true)
        })
      for (let i = 0; i < readers; i++) yield* locked.receive()
      for (let i = 0; i < readers; i++) yield* unlock.send(true)
      for (let i = 0; i < readers; i++) yield* done.receive()
    }
  })

  underSchedules(
    "RWMutex: tryLock and tryRLock tell the truth; readers and writers exclude each other",
    function* ({ isReal }) {
      const m = new RWMutex()
      yield* m.lock()
      expect([m.tryLock(), m.tryRLock()]).toEqual([false, false])
      m.unlock()
      expect(m.tryLock()).toBe(true)
      m.unlock()
      expect([m.tryRLock(), m.tryRLock(), m.tryLock()]).toEqual([true, true, false])
      m.runlock()
      m.runlock()

      const iterations = isReal ? 1000 : 10
      for (const readers of [1, 3, 10, 5]) {
        const rwm = new RWMutex()
        // Active readers, and 10,000 for an active writer.
        let activity = 0
        const done = chan<boolean>()
        const writer = function* () {
          for (let i = 0; i < iterations; i++) {
            yield* rwm.lock()
            activity += 10000
            expect(activity).toBe(10000)
            yield* gosched()
            activity -= 10000
            rwm.unlock()
          }
          yield* done.send(true)
        }
        const reader = function* () {
          for (let i = 0; i < iterations; i++) {
            yield* rwm.rlock()
            expect(++activity).toBeLessThan(10000)
            yield* gosched()
            activity--
            rwm.runlock()
          }
          yield* done.send(true)
        }
        go(writer)
        for (let i = 0; i < readers; i++) {
          if (i === Math.floor(readers / 2)) go(writer)
          go(reader)
        }
        for (let i = 0; i < 2 + readers; i++) yield* done.receive()
      }
    },
  )

  underSchedules("RLocker: the read side as a lock is shared, and excludes the writer", function* () {
    const wl = new RWMutex()
    const wlocked = chan<boolean>(1)
    const rlocked = chan<boolean>(1)
    const rl = wl.rlocker()
    const n = 10
    go(function* () {
      for (let i = 0; i < n; i++) {
        yield* rl.lock()
        yield* rl.lock()
        yield* rlocked.send(true)
        yield* wl.lock()
        yield* wlocked.send(true)
      }
    })
    for (let i = 0; i < n; i++) {
      yield* rlocked.receive()
      rl.unlock()
      yield* gosched()
      expect(trySelect({ locked: wlocked.receive() }), "rlocker() didn't read-lock it").toBeUndefined()
      rl.unlock()
      yield* wlocked.receive()
      yield* gosched()
      expect(trySelect({ locked: rlocked.receive() }), "rlocker() didn't respect the write lock").toBeUndefined()
      wl.unlock()
    }
  })
})
