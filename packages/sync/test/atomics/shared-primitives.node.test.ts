/** The other shared primitives' own sources under the interleavings of their atomic accesses. */
import { type Goroutine, gosched } from "@weft/core"
import { explore, waitIdle } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { schedules } from "../../../core/test/support/soak.ts"
import { Thread } from "../../../core/test/support/stepping.node.ts"
import { type At, memory, type Steps, stepping } from "./support.node.ts"

const { SharedSemaphore } = stepping<{
  readonly SharedSemaphore: {
    at(
      size: number,
      buffer: SharedArrayBuffer,
      offset: number,
    ): { acquire(k: number): unknown; tryAcquire(k: number): Steps<boolean>; release(k: number): Steps }
  }
}>("shared-semaphore")
const { SharedRWMutex } = stepping<{
  readonly SharedRWMutex: At<{
    lock(): unknown
    rlock(): unknown
    recover(): unknown
    unlock(): Steps
    runlock(): Steps
    threadDied(thread: number): Steps
  }>
}>("shared-rw-mutex")
const { SharedWaitGroup } = stepping<{
  readonly SharedWaitGroup: At<{ add(delta: number): Steps; done(): Steps; wait(): unknown }>
}>("shared-wait-group")
const { SharedBarrier } = stepping<{
  readonly SharedBarrier: { at(parties: number, buffer: SharedArrayBuffer, offset: number): { wait(): unknown } }
}>("shared-barrier")
const { SharedOnce } = stepping<{
  readonly SharedOnce: At<{ do(body: () => Steps): Steps; threadDied(thread: number): Steps }>
}>("shared-once")
const { SharedCond } = stepping<{
  readonly SharedCond: {
    at(
      mutex: unknown,
      buffer: SharedArrayBuffer,
      offset: number,
    ): { wait(): Steps; signal(): Steps; broadcast(): Steps }
  }
}>("shared-cond")
const { SharedMutex } = stepping<{ readonly SharedMutex: At<{ lock(): unknown; unlock(): Steps }> }>("shared-mutex")

/** Typed as the steps of a simulated thread. */
const join = (goroutine: Goroutine): Steps => goroutine as unknown as Steps

const stateOf = (buffer: SharedArrayBuffer): number => new Int32Array(buffer)[1]!

/** Each thread, of those given, acquires and releases its weight. */
function* acquiring(size: number, weights: ReadonlyArray<ReadonlyArray<number>>, times: number): Steps {
  const buffer = memory(4)
  let held = 0
  const all: Array<Goroutine> = []
  for (const [i, ofThread] of weights.entries()) {
    const thread = new Thread(i + 1)
    const semaphore = SharedSemaphore.at(size, buffer, 0)
    for (const weight of ofThread)
      all.push(
        thread.start(`acquire ${weight}`, function* () {
          for (let k = 0; k < times; k++) {
            yield* thread.commit(semaphore.acquire(weight))
            held += weight
            expect(held).toBeLessThanOrEqual(size)
            yield* gosched()
            held -= weight
            yield* semaphore.release(weight)
          }
        }),
      )
  }
  for (const goroutine of all) yield* join(goroutine)
  expect(stateOf(buffer) & 0xffffff).toBe(0)
}

/** One thread has all permits and releases them; of two that want one each, one is interrupted at any moment. */
function* acquiringWithdrawn(): Steps {
  const buffer = memory(4)
  const [holder, victim, other] = [1, 2, 3].map((id) => ({
    thread: new Thread(id),
    semaphore: SharedSemaphore.at(2, buffer, 0),
  }))
  yield* join(holder!.thread.start("holder", () => holder!.thread.commit(holder!.semaphore.acquire(2))))
  const held = { byVictim: false }
  const withdrawn = victim!.thread.start("victim", function* () {
    yield* victim!.thread.commit(victim!.semaphore.acquire(2))
    held.byVictim = true
  })
  const waiting = other!.thread.start("other", () => other!.thread.commit(other!.semaphore.acquire(1)))
  holder!.thread.start("releaser", () => holder!.semaphore.release(2))
  withdrawn.interrupt()
  yield* waitIdle()
  if (held.byVictim) waiting.interrupt()
  else yield* join(waiting)
}

/** Threads read and write; a writer is alone, readers see no writer. */
function* readingAndWriting(roles: ReadonlyArray<ReadonlyArray<"r" | "w">>, times: number): Steps {
  const buffer = memory(3)
  const inside: Record<"r" | "w", number> = { r: 0, w: 0 }
  const all: Array<Goroutine> = []
  for (const [i, ofThread] of roles.entries()) {
    const thread = new Thread(i + 1)
    const mutex = SharedRWMutex.at(buffer, 0)
    for (const role of ofThread)
      all.push(
        thread.start(role, function* () {
          for (let k = 0; k < times; k++) {
            yield* thread.commit(role === "r" ? mutex.rlock() : mutex.lock())
            inside[role]++
            expect(inside.w).toBeLessThanOrEqual(inside.r === 0 ? 1 : 0)
            yield* gosched()
            inside[role]--
            yield* role === "r" ? mutex.runlock() : mutex.unlock()
          }
        }),
      )
  }
  for (const goroutine of all) yield* join(goroutine)
  expect(stateOf(buffer) & 0x8ffffff).toBe(0)
}

/** A writer waits behind a reader, a reader behind the writer; the writer is interrupted at any moment. */
function* writerWithdrawn(): Steps {
  const buffer = memory(3)
  const [holder, writer, reader] = [1, 2, 3].map((id) => ({
    thread: new Thread(id),
    mutex: SharedRWMutex.at(buffer, 0),
  }))
  yield* join(holder!.thread.start("holder", () => holder!.thread.commit(holder!.mutex.rlock())))
  const writing = writer!.thread.start("writer", () => writer!.thread.commit(writer!.mutex.lock()))
  const reading = reader!.thread.start("reader", () => reader!.thread.commit(reader!.mutex.rlock()))
  writing.interrupt()
  yield* join(reading)
}

/** Two threads are done; waiters on both are released, at zero and not before. */
function* waitingForGroup(threads: number, waiters: number): Steps {
  const buffer = memory(2)
  let left = threads
  const all: Array<Goroutine> = []
  for (let id = 1; id <= threads; id++) {
    const thread = new Thread(id)
    const group = SharedWaitGroup.at(buffer, 0)
    if (id === 1) yield* join(thread.start("add", () => group.add(threads)))
    if (id > 1 && waiters === 0) all.push(thread.start("waiter", () => thread.commit(group.wait())))
    all.push(
      thread.start("worker", function* () {
        left--
        yield* group.done()
      }),
    )
    for (let k = 0; k < waiters; k++)
      all.push(
        thread.start("waiter", function* () {
          yield* thread.commit(group.wait())
          expect(left).toBe(0)
        }),
      )
  }
  for (const goroutine of all) yield* join(goroutine)
}

/** As many threads as parties, for so many rounds: nobody is ahead by more than one. */
function* meeting(parties: number, rounds: number): Steps {
  const buffer = memory(3)
  const passed = new Array<number>(parties).fill(0)
  const all: Array<Goroutine> = []
  for (let i = 0; i < parties; i++) {
    const thread = new Thread(i + 1)
    const barrier = SharedBarrier.at(parties, buffer, 0)
    all.push(
      thread.start("party", function* () {
        for (let round = 0; round < rounds; round++) {
          yield* thread.commit(barrier.wait())
          passed[i]!++
          expect(Math.max(...passed) - Math.min(...passed)).toBeLessThanOrEqual(1)
        }
      }),
    )
  }
  for (const goroutine of all) yield* join(goroutine)
  expect(stateOf(buffer) & 0xffff).toBe(0)
}

/** One of three that meet two by two is interrupted at any moment: the other two meet. */
function* arrivalWithdrawn(): Steps {
  const buffer = memory(3)
  const all = [1, 2, 3].map((id) => {
    const thread = new Thread(id)
    const barrier = SharedBarrier.at(2, buffer, 0)
    return thread.start("party", () => thread.commit(barrier.wait()))
  })
  all[0]!.interrupt()
  yield* waitIdle()
  const ended = all.filter(({ status, wasInterrupted }) => status === "done" && !wasInterrupted)
  expect(ended.length).toBeGreaterThan(0)
  expect(stateOf(buffer) & 0xffff).toBe(all.filter(({ status }) => status !== "done").length)
  for (const goroutine of all) goroutine.interrupt()
}

function* doingOnce(threads: number): Steps {
  const buffer = memory(2)
  let runs = 0
  let isDone = false
  const all: Array<Goroutine> = []
  for (let id = 1; id <= threads; id++) {
    const thread = new Thread(id)
    const once = SharedOnce.at(buffer, 0)
    all.push(
      thread.start("do", function* () {
        yield* once.do(function* () {
          runs++
          yield* gosched()
          isDone = true
        })
        expect(isDone).toBe(true)
      }),
    )
  }
  for (const goroutine of all) yield* join(goroutine)
  expect(runs).toBe(1)
}

/** The thread that runs it is killed at any moment: the other one runs it, or finds it done. */
function* doingOnceAndDying(): Steps {
  const buffer = memory(2)
  let ended = 0
  const body = function* (): Steps {
    yield* gosched()
    ended++
  }
  const [mortal, survivor] = [1, 2].map((id) => ({ thread: new Thread(id), once: SharedOnce.at(buffer, 0) }))
  mortal!.thread.start("mortal", () => mortal!.once.do(body))
  const surviving = survivor!.thread.start("survivor", () => survivor!.once.do(body))
  mortal!.thread.kill()
  survivor!.thread.start("supervisor", () => survivor!.once.threadDied(1))
  yield* join(surviving)
  expect(ended).toBeGreaterThan(0)
}

/** Consumers wait for items that a producer adds, with a signal for each. */
function* signalling(consumers: number, isInterrupting: boolean): Steps {
  const [locks, conds] = [memory(3), memory(3)]
  let items = 0
  let taken = 0
  const parts = (id: number) => {
    const mutex = SharedMutex.at(locks, 0)
    return { thread: new Thread(id), mutex, cond: SharedCond.at(mutex, conds, 0) }
  }
  const all: Array<Goroutine> = []
  for (let id = 1; id <= consumers; id++) {
    const { thread, mutex, cond } = parts(id)
    all.push(
      thread.start("consumer", function* () {
        yield* thread.commit(mutex.lock())
        try {
          while (items === 0) yield* cond.wait()
          items--
          taken++
        } finally {
          yield* mutex.unlock()
        }
      }),
    )
  }
  const { thread, mutex, cond: condition } = parts(9)
  const wanted = isInterrupting ? consumers - 1 : consumers
  const producer = thread.start("producer", function* () {
    for (let k = 0; k < wanted; k++) {
      yield* thread.commit(mutex.lock())
      items++
      yield* mutex.unlock()
      yield* condition.signal()
    }
  })
  if (isInterrupting) all[0]!.interrupt()
  yield* join(producer)
  yield* waitIdle()
  // Nobody waits while there is something to take.
  expect(items === 0 || all.every(({ status }) => status === "done")).toBe(true)
  expect(items + taken).toBe(wanted)
  for (const goroutine of all) goroutine.interrupt()
}

const programs: ReadonlyArray<readonly [string, () => Steps, number]> = [
  ["semaphore: 2 threads, 1 permit", () => acquiring(1, [[1], [1]], 1), 1332],
  ["semaphore: one wants all, one wants one", () => acquiring(2, [[2], [1]], 1), 1380],
  ["rw mutex: a reader and a writer", () => readingAndWriting([["r"], ["w"]], 1), 1356],
  ["rw mutex: 2 writers", () => readingAndWriting([["w"], ["w"]], 1), 1332],
  ["wait group: 2 threads, one waits", () => waitingForGroup(2, 0), 6008],
  ["barrier: 2 parties", () => meeting(2, 1), 6058],
  ["once: 2 threads", () => doingOnce(2), 58],
  ["once: one dies", doingOnceAndDying, 36],
]

describe("shared primitives, access by access", () => {
  it.each(programs)("in all schedules: %s", async (_, program, n) => {
    const { schedules } = await explore.check({ shares: "ops" }, program)
    expect(schedules).toBe(n)
  })

  it.each([
    ["semaphore: 3 threads, 2 permits", () => acquiring(2, [[1], [2], [1]], 1)],
    ["semaphore: a waiter is withdrawn", acquiringWithdrawn],
    ["rw mutex: 2 readers and a writer", () => readingAndWriting([["r"], ["w"], ["r"]], 1)],
    ["rw mutex: the writer is withdrawn", writerWithdrawn],
    ["barrier: 3 parties", () => meeting(3, 1)],
    ["barrier: 2 parties, 2 rounds", () => meeting(2, 2)],
    ["barrier: an arrival is withdrawn", arrivalWithdrawn],
    ["once: 3 threads", () => doingOnce(3)],
    ["cond: 2 consumers", () => signalling(2, false)],
    ["cond: a consumer is interrupted", () => signalling(2, true)],
  ] as const)("in all schedules with at most 1 preemption: %s", async (_, program) => {
    expect(await explore.check({ preemptions: 1 }, program)).toMatchObject({ complete: true })
  })

  describe.each(["random", "pct"] as const)("in 10,000 schedules: %s", (strategy) => {
    it.each([
      ["semaphore", () => acquiring(3, [[1, 2], [3, 1], [2]], 2)],
      ["rw mutex", () => readingAndWriting([["r", "w"], ["w", "r"], ["r"]], 2)],
      ["wait group", () => waitingForGroup(3, 2)],
      ["barrier", () => meeting(3, 3)],
      ["once", () => doingOnce(4)],
      ["cond", () => signalling(3, false)],
      ["cond, a consumer is interrupted", () => signalling(3, true)],
    ] as const)("%s", async (_, program) => {
      await explore.check({ strategy, schedules: schedules(10_000) }, program)
    })
  })
})
