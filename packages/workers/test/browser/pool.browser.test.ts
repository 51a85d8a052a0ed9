/** Pools of Web Workers: where they share memory with the page, and where they don't. */
import { chan } from "@weft/channels"
import { type Goroutine, GoroutineInterrupted, run, threadId } from "@weft/core"
import { parallel, Pool, PoolStopped, TaskNotFound, WorkerCrashed } from "@weft/workers"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { early, late } from "./page-tasks.ts"
import { count, crash, loop, park, square, sum, where } from "./tasks.ts"

const aPool = (hasMemory: boolean) => () => {
  const { SharedArrayBuffer } = globalThis
  beforeEach(() => {
    if (!hasMemory) Reflect.deleteProperty(globalThis, "SharedArrayBuffer")
  })
  afterEach(() => {
    Object.defineProperty(globalThis, "SharedArrayBuffer", {
      value: SharedArrayBuffer,
      configurable: true,
      writable: true,
    })
  })

  it("runs tasks elsewhere, and loops over its threads", async () => {
    await using pool = new Pool({ threads: 2 })
    await run(function* () {
      expect(yield* pool.spawn(square, 7)).toBe(49)
      expect(yield* pool.spawn(where)).not.toBe(threadId())
      expect(yield* parallel.map([1, 2, 3, 4, 5], square)).toEqual([1, 4, 9, 16, 25])
    })
  })

  it("hands values from worker to worker, and lets one select among them", async () => {
    await using pool = new Pool({ threads: 3 })
    await run(function* () {
      const [left, right] = [chan<number>(), chan<number>(2)]
      // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- a Channel is a Receiver
      const total = pool.spawn(sum, left, right)
      pool.spawn(count, 20, left)
      pool.spawn(count, 10, right)
      expect(yield* total).toBe(210 + 55)
    })
  })

  it("fails the task of a worker that throws outside any task, and goes on with another", async () => {
    await using pool = new Pool({ threads: 1 })
    await run(function* () {
      const [before, error] = [yield* pool.spawn(where), yield* thrown(pool.spawn(crash))]
      expect(error).toBeInstanceOf(WorkerCrashed)
      expect((error as WorkerCrashed).message).toContain("outside any task")
      expect(yield* pool.spawn(where)).not.toBe(before)
      expect(pool.stats.crashes).toBe(1)
    })
  })

  it("unwinds a task that is interrupted, and ends the worker of one that does not", async () => {
    await using pool = new Pool({ threads: 2 })
    await run(function* () {
      const running = chan<void>()
      const unwound = chan<string>(1)
      const parked = pool.spawn(park, running, unwound)
      yield* running.receive()
      parked.interrupt()
      expect(yield* thrown(parked)).toBeInstanceOf(GoroutineInterrupted)
      expect(yield* unwound.receive()).toBe("unwound")
      expect(pool.stats.crashes).toBe(0)

      // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- a Channel is a Sender
      const looping = pool.spawnWith({ grace: "20 millis" }, loop, running)
      yield* running.receive()
      looping.interrupt()
      expect(yield* thrown(looping)).toBeInstanceOf(GoroutineInterrupted)
      expect(pool.stats.crashes).toBe(1)
      expect(yield* pool.spawn(square, 3)).toBe(9)
    })
  })

  it("has the tasks that a module registered before it failed for want of a page, and says why it has not the others", async () => {
    await using pool = new Pool({ threads: 1 })
    await run(function* () {
      expect(yield* pool.spawn(early)).toBe("early")
      const error = yield* thrown(pool.spawn(late))
      expect(error).toBeInstanceOf(TaskNotFound)
      expect((error as TaskNotFound).message).toContain("Cannot read properties of undefined")
    })
  })

  it("runs tasks on workers that it is given, and stops where these can't be loaded", async () => {
    const worker = (name: string) => () => new Worker(new URL(name, import.meta.url), { type: "module" })
    await using pool = new Pool({ worker: worker("./worker.ts"), threads: 1 })
    const lost = new Pool({ worker: worker("./no-such-file.js"), threads: 1 })
    await run(function* () {
      expect(yield* pool.spawn(square, 5)).toBe(25)
      const error = yield* thrown(lost.spawn(square, 5))
      expect(error).toBeInstanceOf(PoolStopped)
      expect((error as PoolStopped).message).toContain("its script could not be loaded")
    })
  })
}

describe("on a page that is cross-origin isolated a pool", aPool(true))
describe("on a page without shared memory a pool", { tags: "long" }, aPool(false))

function* thrown(goroutine: Goroutine<unknown, unknown>) {
  try {
    yield* goroutine
    return undefined
  } catch (error) {
    return error
  }
}
