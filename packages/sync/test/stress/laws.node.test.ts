/** Shared primitives on threads of the host, two to eight, which may be more than it has processors. `npm run soak` goes on for longer. */
import {
  AtomicInt32,
  SharedBarrier,
  SharedCond,
  SharedMutex,
  SharedRWMutex,
  SharedSemaphore,
  SharedWaitGroup,
} from "@weft/sync"
import { describe, expect, it } from "vitest"
import { schedules as longer } from "../../../core/test/support/soak.ts"
import { onThreads } from "../../../core/test/support/threads.node.ts"
import {
  type acquire,
  type count,
  type doOnce,
  type meet,
  onceBytes,
  type produceOrConsume,
  type share,
  type wait,
} from "./laws.node.ts"

const module = new URL("./laws.node.ts", import.meta.url)

const words = (n: number): Int32Array<SharedArrayBuffer> => new Int32Array(new SharedArrayBuffer(4 * n))
const sum = (numbers: Iterable<number>): number => [...numbers].reduce((a, b) => a + b, 0)

const laws = (threads: number) => {
  const times = longer(Math.floor(2_500 / threads))
  const work = { goroutines: 3, times }

  it("a mutex keeps a plain counter exact", async () => {
    const counter = words(1)
    const mutex = new SharedMutex()
    await onThreads<typeof count>(threads, module, "count", { ...work, mutex: mutex.share(), words: counter })
    expect(counter[0]).toBe(threads * work.goroutines * times)
    expect(mutex.locked).toBe(false)
  })

  it("a semaphore never has more held than there is", async () => {
    const semaphore = new SharedSemaphore(5)
    const held = new AtomicInt32()
    const data = { ...work, semaphore: semaphore.share(), held: held.share() }
    const most = await onThreads<typeof acquire>(threads, module, "acquire", data)
    expect(Math.max(...most)).toBeLessThanOrEqual(5)
    expect([semaphore.free, held.load()]).toEqual([5, 0])
  })

  it("readers of an RWMutex see nothing half written", async () => {
    const pair = words(2)
    const rw = new SharedRWMutex()
    const writes = await onThreads<typeof share>(threads, module, "share", { ...work, rw: rw.share(), words: pair })
    expect([...pair]).toEqual([sum(writes), sum(writes)])
    expect([rw.locked, rw.readers]).toEqual([false, 0])
  })

  it("waiting for a group ends when all is done, round after round", async () => {
    const counter = new AtomicInt32()
    const rounds = longer(200)
    await onThreads<typeof wait>(threads, module, "wait", {
      goroutines: 3,
      times: rounds,
      threads,
      group: new SharedWaitGroup().share(),
      barrier: new SharedBarrier(threads).share(),
      counter: counter.share(),
    })
    expect(counter.load()).toBe(3 * threads * rounds)
  })

  it("nobody passes a barrier before all have arrived, and one is the last", async () => {
    const rounds = longer(200)
    const passed = words(2 * threads)
    const barrier = new SharedBarrier(2 * threads).share()
    const lasts = await onThreads<typeof meet>(threads, module, "meet", {
      goroutines: 2,
      times: rounds,
      barrier,
      passed,
    })
    expect(sum(lasts)).toBe(rounds)
  })

  it("what is done once is done once, and seen by all", async () => {
    const n = longer(500)
    const runs = words(n)
    const onces = new SharedArrayBuffer(n * onceBytes)
    await onThreads<typeof doOnce>(threads, module, "doOnce", { goroutines: 3, times: n, onces, runs })
    expect(runs.every((each) => each === 1)).toBe(true)
  })

  it("a queue under two conds hands each item to one consumer", async () => {
    const mutex = new SharedMutex()
    const producers = threads / 2
    const taken = words(producers * work.goroutines * times)
    await onThreads<typeof produceOrConsume>(threads, module, "produceOrConsume", {
      ...work,
      producers,
      mutex: mutex.share(),
      notEmpty: new SharedCond(mutex).share(),
      notFull: new SharedCond(mutex).share(),
      queue: words(2 + 7),
      taken,
    })
    expect(taken.every((each) => each === 1)).toBe(true)
  })
}

describe.each([2])("on %d threads", laws)
describe.each([4, 8])("on %d threads", { tags: "long" }, laws)
