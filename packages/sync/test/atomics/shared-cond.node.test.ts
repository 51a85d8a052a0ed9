/** The Cond's own source, and the lock's under it, under the interleavings of their atomic accesses. */
import { type Goroutine, gosched, never } from "@weft/core"
import { explore, waitIdle } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { byChance } from "../../../core/test/support/soak.ts"
import { allJoined, type At, Holders, memory, stateOf, type Steps, stepping, threads } from "./support.node.ts"

interface SteppingMutex {
  lock(): unknown
  recover(): unknown
  threadDied(thread: number): Steps
  unlock(): Steps
}
interface SteppingGuard {
  [Symbol.dispose](): Steps
}
interface SteppingCond {
  /** An Effect around an op: here it is the op that is committed. */
  wait(): { asEffect(): unknown }
  changed(): unknown
  signal(): Steps
  broadcast(): Steps
  threadDied(thread: number): Steps
}

const { SharedCond, SharedMutex } = stepping<{
  readonly SharedCond: At<SteppingCond, [locker: SteppingMutex]>
  readonly SharedMutex: At<SteppingMutex>
}>(["shared-cond", "shared-mutex"])

/** So many threads with a mutex and a cond over it, in the same memory. */
function conds(count: number) {
  const [locks, buffer] = [memory(3), memory(4)]
  const all = threads(count, () => {
    const mutex = SharedMutex.at(locks, 0)
    return { mutex, cond: SharedCond.at(mutex, buffer, 0) }
  }).map(({ shared, thread }) => ({ thread, ...shared }))
  return { all, ownerOf: () => stateOf(locks) & Holders }
}

type Party = ReturnType<typeof conds>["all"][number]

/** Takes items, each once there is one, by a guard that it took before it waited. */
function consume({ cond, mutex, thread }: Party, items: { left: number; taken: number }, times = 1): Goroutine {
  return thread.start("consumer", function* () {
    for (let k = 0; k < times; k++) {
      const guard = yield* thread.commit<SteppingGuard>(mutex.lock())
      try {
        while (items.left === 0) yield* thread.commit(cond.wait().asEffect())
        items.left--
        items.taken++
      } finally {
        yield* guard[Symbol.dispose]()
      }
    }
  })
}

function produce({ cond, mutex, thread }: Party, items: { left: number }, times: number): Goroutine {
  return thread.start("producer", function* () {
    for (let k = 0; k < times; k++) {
      yield* thread.commit(mutex.lock())
      items.left++
      yield* mutex.unlock()
      yield* cond.signal()
    }
  })
}

/** Consumers wait for items, so many each, that a producer adds, with a signal for each. */
function* signalling(consumers: number, times = 1): Steps {
  const { all, ownerOf } = conds(consumers + 1)
  const items = { left: 0, taken: 0 }
  const goroutines = all.slice(1).map((party) => consume(party, items, times))
  yield* allJoined([...goroutines, produce(all[0]!, items, consumers * times)])
  expect(items).toEqual({ left: 0, taken: consumers * times })
  expect(ownerOf()).toBe(0)
}

/** One of them is interrupted at any moment, and one item fewer is made: nobody waits while there is something to take. */
function* interrupting(consumers: number): Steps {
  const { all, ownerOf } = conds(consumers + 1)
  const items = { left: 0, taken: 0 }
  const goroutines = all.slice(1).map((party) => consume(party, items))
  yield* gosched()
  const made = consumers - 1
  yield* allJoined([produce(all[0]!, items, made), all[1]!.thread.interrupt(goroutines[0]!)])
  yield* waitIdle()
  expect(items.left === 0 || goroutines.every(({ status }) => status === "done")).toBe(true)
  expect(items.left + items.taken).toBe(made)
  expect(ownerOf()).toBe(0)
  for (const goroutine of goroutines) goroutine.interrupt()
}

/** Also where the thread that held it has died. */
function* lockAnyway({ mutex, thread }: Party): Steps {
  try {
    yield* thread.commit(mutex.lock())
  } catch (error) {
    expect((error as Error).name).toBe("OwnerDied")
    yield* thread.commit(mutex.recover())
  }
}

/** A waiter is killed at any moment, and its thread reported: a signal that went to it wakes the other one. */
function* dying(): Steps {
  const { all } = conds(3)
  const items = { left: 0, taken: 0 }
  const [producer, mortal, survivor] = all
  // It waits, without the lock, and takes nothing.
  mortal!.thread.start("waiter", function* () {
    yield* mortal!.thread.commit(mortal!.mutex.lock())
    yield* mortal!.thread.commit(mortal!.cond.wait().asEffect())
    yield* mortal!.thread.commit(never)
  })
  yield* waitIdle()
  const surviving = survivor!.thread.start("consumer", function* () {
    const { cond, mutex, thread } = survivor!
    yield* lockAnyway(survivor!)
    while (items.left === 0)
      try {
        yield* thread.commit(cond.wait().asEffect())
      } catch (error) {
        expect((error as Error).name).toBe("OwnerDied")
        yield* thread.commit(mutex.recover())
      }
    yield* mutex.unlock()
  })
  yield* allJoined([
    producer!.thread.start("producer", function* () {
      yield* lockAnyway(producer!)
      items.left++
      yield* producer!.mutex.unlock()
      yield* producer!.cond.signal()
    }),
    producer!.thread.start("supervisor", function* () {
      mortal!.thread.kill()
      yield* producer!.mutex.threadDied(2)
      yield* producer!.cond.threadDied(2)
    }),
    surviving,
  ])
}

/** A broadcast wakes all that wait; who only watches for a change is told once there was one. */
function* broadcasting(waiters: number): Steps {
  const { all, ownerOf } = conds(waiters + 1)
  let isOpen = false
  const waiting = all.slice(1).map(({ cond, mutex, thread }) =>
    thread.start("waiter", function* () {
      yield* thread.commit(mutex.lock())
      while (!isOpen) yield* thread.commit(cond.wait().asEffect())
      yield* mutex.unlock()
    }),
  )
  const { cond, mutex, thread } = all[0]!
  const watcher = all[1]!
  const watching = watcher.thread.start("watcher", function* () {
    yield* watcher.thread.commit(watcher.mutex.lock())
    const changed = watcher.cond.changed()
    const wasOpen = isOpen
    yield* watcher.mutex.unlock()
    if (!wasOpen) yield* watcher.thread.commit(changed)
    expect(isOpen).toBe(true)
  })
  const opening = thread.start("opens", function* () {
    yield* thread.commit(mutex.lock())
    isOpen = true
    yield* mutex.unlock()
    yield* cond.broadcast()
  })
  yield* allJoined([...waiting, watching, opening])
  expect(ownerOf()).toBe(0)
}

describe("a shared Cond, access by access", () => {
  it.each([
    ["2 consumers", () => signalling(2)],
    ["a broadcast", () => broadcasting(1)],
  ] as const)("in all schedules with at most 1 preemption: %s", async (_, program) => {
    const options = { preemptions: 1, shares: "ops", leaks: "cancel" } as const
    expect(await explore.check(options, program)).toMatchObject({ complete: true })
  })

  it("in all schedules with at most 2 preemptions: a consumer, twice", async () => {
    const options = { preemptions: 2, shares: "ops" } as const
    expect(await explore.check(options, () => signalling(1, 2))).toMatchObject({ complete: true })
  })

  it.each(byChance(1_000))("in many schedules by chance: $strategy", { tags: "long" }, async (options) => {
    for (const program of [() => signalling(3), () => interrupting(3), dying, () => broadcasting(2)])
      await explore.check({ ...options, leaks: "cancel" }, program)
  })
})
