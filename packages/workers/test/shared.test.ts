/** What lies in shared memory on its way: as an argument, as a result, as a value of a channel; and what can't be made again. */
import { chan, type Channel } from "@weft/channels"
import { go, gosched, joinAll, run } from "@weft/core"
import { AtomicInt32, Mutex, SharedCond, SharedMutex, SharedRWMutex } from "@weft/sync"
import { NotCloneable, Pool, spawn } from "@weft/workers"
import { describe, expect, it } from "vitest"
import { echo, receiveOne, square } from "./tasks/basic.ts"
import {
  answersArgument,
  answersValue,
  brokenMutex,
  type Conditioned,
  returnsBroken,
  sendsBroken,
  throwsBroken,
} from "./tasks/shared.ts"
import { thrownBy } from "./support/thrown-by.ts"

const noSharedMemory = typeof SharedArrayBuffer === "undefined"

function conditioned(): Conditioned {
  const mutex = new SharedMutex()
  return { cond: new SharedCond(mutex), mutex, state: new AtomicInt32() }
}

function* asks({ cond, mutex, state }: Conditioned) {
  yield* mutex.lock()
  while (state.load() !== 1) yield* cond.wait()
  state.store(2)
  cond.broadcast()
  mutex.unlock()
}

describe.skipIf(noSharedMemory)("a cond in shared memory", () => {
  it("goes as an argument, over the lock beside it", () =>
    run(function* () {
      const it = conditioned()
      const there = spawn(answersArgument, it)
      yield* asks(it)
      expect(yield* there).toBe(true)
    }))

  it("goes over a channel, and before its lock", () =>
    run(function* () {
      const it = conditioned()
      const ch = chan<Conditioned>()
      const there = spawn(answersValue, ch)
      yield* ch.send(it)
      yield* asks(it)
      expect(yield* there).toBe(true)
    }))

  it("comes as a result, and brings its lock along where nobody else does", () =>
    run(function* () {
      const { cond, mutex, state } = conditioned()
      const again = (yield* spawn(echo, cond)) as SharedCond
      const { locker } = again
      if (!(locker instanceof SharedMutex)) throw new Error("its lock came as something else")
      const [, answer] = yield* joinAll([
        go(asks, { cond: again, mutex: locker, state }),
        spawn(answersArgument, { cond, mutex, state }),
      ])
      expect(answer).toBe(true)
    }))

  it("may be over the write side of an RWMutex, but over none that can't go along", () =>
    run(function* () {
      const lock = new SharedRWMutex()
      const again = (yield* spawn(echo, new SharedCond(lock))) as SharedCond
      expect(again.locker).toBeInstanceOf(SharedRWMutex)
      expect(() => spawn(echo, { cond: new SharedCond(lock.rlocker()) })).toThrow(
        'workers: task "echo": args[0].cond is a SharedCond over a lock that can\'t go along; make it over a SharedMutex',
      )
    }))
})

describe.skipIf(noSharedMemory)("what a goroutine here does, or holds", () => {
  it.each([
    ["local", () => new Mutex(), "sync.Mutex.Lock"],
    ["shared", () => new SharedMutex(), "sync.SharedMutex.Lock"],
    ["a shared read lock", () => new SharedRWMutex().rlocker(), "sync.SharedRWMutex.RLock"],
  ])("can't go to another thread: an op and a guard of a lock, %s", (_kind, make, name) =>
    run(function* () {
      const lock = make()
      expect(() => spawn(echo, { it: lock.lock() })).toThrow(
        `workers: task "echo": args[0].it is an op (${name}), which happens in its own thread; pass what it is of`,
      )
      const guard = yield* lock.lock()
      expect(() => spawn(echo, [1, guard])).toThrow(
        'workers: task "echo": args[0][1] is a guard, which ends its own thread\'s hold of a lock; pass the lock, a shared one, and lock it there',
      )
      const waiting = go(function* () {
        return yield* lock.lock()
      })
      yield* gosched()
      lock.unlock()
      const late = yield* waiting
      expect(() => spawn(echo, late)).toThrow(NotCloneable)
    }),
  )

  it("nor can it itself", () =>
    run(function* () {
      const goroutine = go(function* () {})
      expect(() => spawn(echo, goroutine)).toThrow(
        'workers: task "echo": args[0] is a goroutine, which stays in its thread; join it, and pass what it gives',
      )
      yield* goroutine
    }))
})

/** All on one thread, which goes on. */
describe.skipIf(noSharedMemory)("what can't be made again where it comes", () => {
  it("as an argument fails its task alone", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const [bad, good] = [pool.spawn(echo, [1, brokenMutex()]), pool.spawn(square, 3)]
      expect(yield* thrownBy(bad)).toMatchObject(notMade("echo", "its arguments"))
      expect(yield* good).toBe(9)
      expect(pool.stats).toMatchObject({ crashes: 0, failed: 1, completed: 1 })
      void pool.terminate()
    }))

  it("as a result fails whoever joins it alone", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const [bad, good] = [pool.spawn(returnsBroken), pool.spawn(square, 3)]
      expect(yield* thrownBy(bad)).toMatchObject(notMade("returnsBroken", "its result"))
      expect(yield* good).toBe(9)
      yield* pool.drain()
      expect(pool.stats).toMatchObject({ crashes: 0, failed: 1, completed: 1 })
      void pool.terminate()
    }))

  it("is left out of an error", () =>
    run(function* () {
      const error = yield* thrownBy(spawn(throwsBroken))
      expect(error).toMatchObject({ name: "RangeError", message: "with a lock", n: 1, lock: undefined })
    }))

  it("over a channel fails who receives it there, and sends it here, alone", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const ch: Channel<unknown> = chan()
      const receiving = [go(thrownBy, pool.spawn(receiveOne, ch)), go(thrownBy, pool.spawn(receiveOne, ch))]
      yield* ch.send(brokenMutex())
      yield* ch.send(1)
      const [error, value] = yield* joinAll(receiving)
      expect(error).toMatchObject(notMade(undefined, "the value sent"))
      expect(value).toEqual({ ok: true, value: 1 })
      expect(yield* thrownBy(pool.spawn(sendsBroken, ch))).toMatchObject(notMade(undefined, "the value sent"))
      expect(yield* pool.spawn(square, 3)).toBe(9)
      expect(pool.stats.crashes).toBe(0)
      void pool.terminate()
    }))
})

const notMade = (task: string | undefined, what: string): Partial<NotCloneable> => ({
  name: "NotCloneable",
  message: expect.stringMatching(
    new RegExp(
      `^workers: ${task === undefined ? "" : `task "${task}": `}${what} is what can't be made again where it goes \\(.*SharedMutex`,
    ),
  ) as string,
})
