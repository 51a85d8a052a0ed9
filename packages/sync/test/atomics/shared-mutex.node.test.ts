/** The lock's own source under the interleavings of its atomic accesses. */
import { type Goroutine, gosched } from "@weft/core"
import { explore, shadow, waitIdle } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { schedules } from "../../../core/test/support/soak.ts"
import { Thread } from "../../../core/test/support/stepping.node.ts"
import { type At, memory, type Steps, stepping } from "./support.node.ts"

interface SteppingMutex {
  lock(): unknown
  recover(): unknown
  tryLock(): Steps<boolean>
  unlock(): Steps
  threadDied(thread: number): Steps
}

const { SharedMutex } = stepping<{ readonly SharedMutex: At<SteppingMutex> }>("shared-mutex")

const ownerOf = (buffer: SharedArrayBuffer): number => new Int32Array(buffer)[1]! & 0xffffff

/** Threads of so many goroutines lock, count inside and unlock, so many times each. */
function* counting(threads: number, goroutines: number, times: number): Steps {
  const buffer = memory(3)
  const inside = shadow(0)
  const all: Array<Goroutine> = []
  for (let id = 1; id <= threads; id++) {
    const thread = new Thread(id)
    const mutex = SharedMutex.at(buffer, 0)
    for (let k = 0; k < goroutines; k++)
      all.push(
        thread.start("locker", function* () {
          for (let i = 0; i < times; i++) {
            yield* thread.commit(mutex.lock())
            inside.value++
            yield* mutex.unlock()
          }
        }),
      )
  }
  for (const goroutine of all) yield* goroutine as unknown as Steps
  expect(inside.value).toBe(threads * goroutines * times)
  expect(ownerOf(buffer)).toBe(0)
}

/** One thread holds it and unlocks; two others lock it, and the one who gets it keeps it. */
function* handingOn(): Steps {
  const buffer = memory(3)
  const [holder, ...others] = [1, 2, 3].map((id) => ({ thread: new Thread(id), mutex: SharedMutex.at(buffer, 0) }))
  yield* join(holder!.thread.start("holder", () => holder!.thread.commit(holder!.mutex.lock())))
  const held: Array<number> = []
  const lockers = others.map(({ thread, mutex }) =>
    thread.start("locker", function* () {
      yield* thread.commit(mutex.lock())
      held.push(thread.id)
    }),
  )
  holder!.thread.start("unlocker", () => holder!.mutex.unlock())
  yield* waitIdle()
  expect(held).toHaveLength(1)
  expect(ownerOf(buffer)).toBe(held[0])
  for (const locker of lockers) locker.interrupt()
}

/** One of two threads is killed at any moment. The other one gets the lock, by `recover` if it has to. */
function* dying(): Steps {
  const buffer = memory(3)
  const mortal = { thread: new Thread(1), mutex: SharedMutex.at(buffer, 0) }
  const survivor = { thread: new Thread(2), mutex: SharedMutex.at(buffer, 0) }
  const halfDone = shadow(false)
  mortal.thread.start("mortal", function* () {
    yield* mortal.thread.commit(mortal.mutex.lock())
    halfDone.value = true
    yield* gosched()
    halfDone.value = false
    yield* mortal.mutex.unlock()
  })
  const surviving = survivor.thread.start("survivor", function* () {
    try {
      yield* survivor.thread.commit(survivor.mutex.lock())
      expect(halfDone.value).toBe(false)
    } catch (error) {
      expect((error as Error).name).toBe("OwnerDied")
      expect(yield* survivor.mutex.tryLock()).toBe(false)
      yield* survivor.thread.commit(survivor.mutex.recover())
    }
    yield* survivor.mutex.unlock()
  })
  mortal.thread.kill()
  survivor.thread.start("supervisor", () => survivor.mutex.threadDied(1))
  yield* join(surviving)
  expect(ownerOf(buffer)).toBe(0)
}

/** Of two threads that lock and unlock, one goroutine that waits too is interrupted at any moment. */
function* withdrawing(): Steps {
  const buffer = memory(3)
  const all: Array<Goroutine> = []
  let victim: Goroutine | undefined
  for (const id of [1, 2]) {
    const thread = new Thread(id)
    const mutex = SharedMutex.at(buffer, 0)
    const holding = function* (): Steps {
      yield* thread.commit(mutex.lock())
      yield* mutex.unlock()
    }
    all.push(thread.start("locker", holding))
    if (id === 2) victim = thread.start("victim", holding)
  }
  victim!.interrupt()
  for (const goroutine of all) yield* join(goroutine)
  yield* waitIdle()
  // Interrupted between its lock and its unlock it holds the lock: as without a guard.
  expect([0, 2]).toContain(ownerOf(buffer))
}

/** Typed as the steps of a simulated thread. */
const join = (goroutine: Goroutine): Steps => goroutine as unknown as Steps

describe("a shared mutex, access by access", () => {
  it.each([
    ["2 threads lock and unlock", () => counting(2, 1, 1), 120],
    ["1 thread, 2 goroutines, twice", () => counting(1, 2, 2), 12],
    ["one dies", dying, 52],
  ] as const)("in all schedules: %s", async (_, program, n) => {
    const { schedules } = await explore.check({ shares: "ops" }, program)
    expect(schedules).toBe(n)
  })

  it.each([
    ["2 threads, twice", () => counting(2, 1, 2)],
    ["3 threads", () => counting(3, 1, 1)],
    ["one unlocks, 2 lock", handingOn],
    ["one is withdrawn", withdrawing],
  ] as const)("in all schedules with at most 2 preemptions: %s", async (_, program) => {
    const { schedules } = await explore.check({ shares: "ops", preemptions: 2, schedules: 100_000 }, program)
    expect(schedules).toBeLessThan(100_000)
  })

  it("wakes the next though a woken thread with nobody left found it taken by the short way", async () => {
    // 3 is woken, and locks and unlocks; the wake-up of that unlock finds 2 without waiters, while 3 has the lock again.
    const seed =
      "2:4 6:2 1:1 0:4 1:3 0:2 2:1 0:1 0:1 0:2 0:2 3:1 2:1 0:1 0:1 0:3 0:3 0:2 2:1 0:2 2:1 0:1 0:1 0:1 2:1 0:1 0:1 0:1 3:1 0:1 0:1"
    await explore.check({ replay: seed }, () => counting(3, 2, 2))
  })

  it.each(["random", "pct"] as const)("in 10,000 schedules: 3 threads of 2 goroutines, twice: %s", async (strategy) => {
    await explore.check({ strategy, schedules: schedules(10_000) }, () => counting(3, 2, 2))
  })
})
