/** Shared primitives between two Web Workers and the page that made them. */
import { codec, sharedChan } from "@weft/channels"
import { run } from "@weft/core"
import {
  AtomicInt32,
  SharedBarrier,
  SharedCond,
  SharedMutex,
  SharedOnce,
  SharedRWMutex,
  SharedSemaphore,
  SharedWaitGroup,
} from "@weft/sync"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Answered, Laws } from "./laws.browser.ts"

const words = (n: number): Int32Array<SharedArrayBuffer> => new Int32Array(new SharedArrayBuffer(4 * n))
const sum = (numbers: Iterable<number>): number => [...numbers].reduce((a, b) => a + b, 0)
const work = { goroutines: 3, times: 200 }
/** Of a SharedOnce. */
const onceBytes = 8

describe("on two Web Workers", () => {
  let workers: ReadonlyArray<Worker>

  beforeAll(() => {
    workers = [0, 1].map(() => new Worker(new URL("./laws.browser.ts", import.meta.url), { type: "module" }))
  })
  afterAll(() => {
    for (const worker of workers) worker.terminate()
  })

  /** What both have answered. */
  async function onBoth<Name extends keyof Laws>(name: Name, data: Parameters<Laws[Name]>[0]) {
    const answers = workers.map(
      (worker) =>
        new Promise<Answered>((resolve, reject) => {
          worker.onmessage = ({ data }: MessageEvent<Answered>) => resolve(data)
          worker.onerror = ({ message }) => reject(new Error(message))
        }),
    )
    for (const [index, worker] of workers.entries()) worker.postMessage({ name, data, index })
    return (await Promise.all(answers)).map((answered) => {
      if ("error" in answered) throw new Error(answered.error)
      return answered.result as Awaited<ReturnType<Laws[Name]>>
    })
  }

  it("a mutex keeps a plain counter exact, with the page as a third", async () => {
    const counter = words(1)
    const mutex = new SharedMutex()
    const both = onBoth("count", { ...work, mutex: mutex.share(), words: counter })
    await run(function* () {
      for (let i = 0; i < work.times; i++) {
        yield* mutex.lock()
        counter[0] = counter[0]! + 1
        mutex.unlock()
      }
    })
    await both
    expect(counter[0]).toBe((2 * work.goroutines + 1) * work.times)
    expect(mutex.locked).toBe(false)
  })

  it("readers of an RWMutex see nothing half written", async () => {
    const pair = words(2)
    const rw = new SharedRWMutex()
    const writes = await onBoth("share", { ...work, rw: rw.share(), words: pair })
    expect([...pair]).toEqual([sum(writes), sum(writes)])
    expect([rw.locked, rw.readers]).toEqual([false, 0])
  })

  it("a semaphore never has more held than there is", async () => {
    const semaphore = new SharedSemaphore(3)
    const held = new AtomicInt32()
    const most = await onBoth("acquire", { ...work, semaphore: semaphore.share(), held: held.share() })
    expect(Math.max(...most)).toBeLessThanOrEqual(3)
    expect([semaphore.free, held.load()]).toEqual([3, 0])
  })

  it("waiting for a group ends when all is done, round after round", async () => {
    const counter = new AtomicInt32()
    const group = new SharedWaitGroup().share()
    const barrier = new SharedBarrier(2).share()
    await onBoth("wait", { goroutines: 3, times: 50, threads: 2, group, barrier, counter: counter.share() })
    expect(counter.load()).toBe(3 * 2 * 50)
  })

  it("what is done once is done once, and seen by all", async () => {
    const n = 100
    const runs = words(n)
    const onces = new SharedArrayBuffer(n * onceBytes)
    await onBoth("doOnce", { goroutines: 3, times: n, onces, runs })
    expect(runs.every((each) => each === 1)).toBe(true)
    const again = Array.from(runs, (_, i) => SharedOnce.at(onces, i * onceBytes))
    await run(function* () {
      for (const once of again) yield* once.do(() => expect.unreachable("it has been done"))
    })
  })

  it("nobody passes a barrier before all have arrived, and one is the last", async () => {
    const rounds = 50
    const lasts = await onBoth("meet", {
      goroutines: 2,
      times: rounds,
      barrier: new SharedBarrier(4).share(),
      passed: words(4),
    })
    expect(sum(lasts)).toBe(rounds)
  })

  it("a queue under two conds hands each item to one consumer", async () => {
    const mutex = new SharedMutex()
    const taken = words(work.goroutines * work.times)
    await onBoth("produceOrConsume", {
      ...work,
      producers: 1,
      mutex: mutex.share(),
      notEmpty: new SharedCond(mutex).share(),
      notFull: new SharedCond(mutex).share(),
      queue: words(2 + 7),
      taken,
    })
    expect(taken.every((each) => each === 1)).toBe(true)
  })

  it.each([4, 0])("a shared channel of capacity %d carries all, in order", async (capacity) => {
    const ch = sharedChan(codec.i32, capacity)
    const [, received] = await onBoth("carry", { channel: ch.share(), times: 300 })
    expect(received).toEqual(Array.from({ length: 300 }, (_, i) => i))
    expect([ch.closed, ch.length]).toEqual([true, 0])
  })
})
