/** Go's sync/cond_test.go. */
import { chan, trySelect } from "@weft/channels"
import { go, gosched } from "@weft/core"
import { Cond, Mutex } from "@weft/sync"
import { describe, expect } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"

describe("sync/cond_test", () => {
  underSchedules("CondSignal: one signal wakes one waiter", function* () {
    const m = new Mutex()
    const c = new Cond(m)
    let n = 2
    const running = chan<boolean>(n)
    const awake = chan<boolean>(n)
    for (let i = 0; i < n; i++)
      go(function* () {
        yield* m.lock()
        yield* running.send(true)
        yield* c.wait()
        yield* awake.send(true)
        m.unlock()
      })
    for (let i = 0; i < n; i++) yield* running.receive()
    while (n > 0) {
      expect(trySelect({ awake: awake.receive() }), "goroutine not asleep").toBeUndefined()
      yield* m.lock()
      c.signal()
      m.unlock()
      yield* awake.receive()
      yield* gosched()
      expect(trySelect({ awake: awake.receive() }), "too many goroutines awake").toBeUndefined()
      n--
    }
    c.signal()
  })

  underSchedules("CondSignalGenerations: 100 wake in order", function* () {
    const m = new Mutex()
    const c = new Cond(m)
    const n = 100
    const running = chan<boolean>(n)
    const awake = chan<number>(n)
    for (let i = 0; i < n; i++) {
      go(function* () {
        yield* m.lock()
        yield* running.send(true)
        yield* c.wait()
        yield* awake.send(i)
        m.unlock()
      })
      if (i > 0) expect(yield* awake.receive()).toBe(i - 1)
      yield* running.receive()
      yield* m.lock()
      c.signal()
      m.unlock()
    }
  })

  underSchedules(
    "CondBroadcast: 200 waiters wake once each, in 200 rounds",
    function* ({ isReal }) {
      const m = new Mutex()
      const c = new Cond(m)
      const n = isReal ? 200 : 20
      const running = chan<number>(n)
      const awake = chan<number>(n)
      let exit = false
      const isOver = (): boolean => exit
      for (let g = 0; g < n; g++)
        go(function* () {
          yield* m.lock()
          while (!isOver()) {
            yield* running.send(g)
            yield* c.wait()
            yield* awake.send(g)
          }
          m.unlock()
        })
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) yield* running.receive()
        if (i === n - 1) {
          yield* m.lock()
          exit = true
          m.unlock()
        }
        expect(trySelect({ awake: awake.receive() }), "goroutine not asleep").toBeUndefined()
        yield* m.lock()
        c.broadcast()
        m.unlock()
        const seen = new Set<number | undefined>()
        for (let j = 0; j < n; j++) seen.add(yield* awake.receive())
        expect(seen.size, "goroutine woke up twice").toBe(n)
      }
      expect(trySelect({ running: running.receive() }), "goroutine did not exit").toBeUndefined()
      c.broadcast()
    },
    { seeds: 20 },
  )

  underSchedules("Race: three goroutines pass a variable on by one Cond", function* () {
    let x = 0
    const value = (): number => x
    const m = new Mutex()
    const c = new Cond(m)
    const done = chan<boolean>()
    go(function* () {
      yield* m.lock()
      x = 1
      yield* c.wait()
      expect(x).toBe(2)
      x = 3
      c.signal()
      m.unlock()
      yield* done.send(true)
    })
    go(function* () {
      yield* m.lock()
      while (value() !== 1) {
        m.unlock()
        yield* gosched()
        yield* m.lock()
      }
      x = 2
      c.signal()
      m.unlock()
      yield* done.send(true)
    })
    go(function* () {
      yield* m.lock()
      while (value() !== 3) {
        if (value() === 2) {
          yield* c.wait()
          expect(x).toBe(3)
          break
        }
        m.unlock()
        yield* gosched()
        yield* m.lock()
      }
      m.unlock()
      yield* done.send(true)
    })
    for (let i = 0; i < 3; i++) yield* done.receive()
  })

  underSchedules(
    "CondSignalStealing: a newcomer does not take the broadcast of one that waits",
    function* ({ isReal }) {
      for (let iters = 0; iters < (isReal ? 1000 : 20); iters++) {
        const m = new Mutex()
        const cond = new Cond(m)
        const ch = chan<void>()
        go(function* () {
          yield* m.lock()
          yield* ch.send()
          yield* cond.wait()
          m.unlock()
          yield* ch.send()
        })
        yield* ch.receive()
        yield* m.lock()
        m.unlock()
        let done = false
        const isDone = (): boolean => done
        go(function* () {
          cond.broadcast()
        })
        const second = go(function* () {
          yield* m.lock()
          while (!isDone()) yield* cond.wait()
          m.unlock()
        })
        // The first has to be woken.
        yield* ch.receive()
        yield* m.lock()
        done = true
        m.unlock()
        cond.broadcast()
        yield* second
      }
    },
  )
})
