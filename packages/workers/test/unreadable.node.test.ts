/** Messages that come, and that the host can't read there: nobody knows whose they were. */
import { chan } from "@weft/channels"
import { go, joinAll, run } from "@weft/core"
import { Pool, WorkerCrashed } from "@weft/workers"
import { describe, expect, it } from "vitest"
import { receiveOne, square } from "./tasks/basic.ts"
import { countsLevels, nested, returnsHidden, sendsHidden } from "./tasks/odd-values.ts"
import { thrownBy } from "./support/thrown-by.ts"

const reason = /a message from it, or to it, could not be read: .*stack/
const unreadable = { name: "WorkerCrashed", fields: { reason: expect.stringMatching(reason) as unknown } }

describe("a message that can't be read", () => {
  it("in the thread fails its task, with a reason, and the pool goes on", () =>
    run(function* () {
      const pool = new Pool({ threads: 1, resourceLimits: { stackSizeMb: 0.5 } })
      const error = (yield* thrownBy(pool.spawn(countsLevels, nested("objects", 1000, 1)))) as WorkerCrashed
      expect(error).toBeInstanceOf(WorkerCrashed)
      expect(error.fields.reason).toMatch(reason)
      expect(yield* pool.spawn(square, 3)).toBe(9)
      void pool.terminate()
    }))

  it("in the thread that takes it out by itself is noticed too", () =>
    run(function* () {
      const pool = new Pool({ threads: 1, resourceLimits: { stackSizeMb: 0.5 } })
      const never = chan<unknown>()
      const waits = pool.spawn(receiveOne, never)
      for (let i = 0; i < 100; i++) yield* pool.spawn(square, i)
      const deep = pool.spawn(countsLevels, nested("objects", 1000, 1))
      for (const each of yield* joinAll([waits, deep].map((each) => go(thrownBy, each))))
        expect(each).toMatchObject(unreadable)
      void pool.terminate()
    }))

  it("from the thread fails all that run there, with a reason, and the pool goes on", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const waits = pool.spawn(receiveOne, chan<unknown>())
      const hidden = pool.spawn(returnsHidden, 5000)
      for (const each of yield* joinAll([waits, hidden].map((each) => go(thrownBy, each))))
        expect(each).toMatchObject(unreadable)
      expect(yield* pool.spawn(square, 3)).toBe(9)
      void pool.terminate()
    }))

  it("from the thread fails who sent it, where it was sent over a channel", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const error = yield* thrownBy(pool.spawn(sendsHidden, chan<unknown>(), 5000))
      expect(error).toMatchObject(unreadable)
      void pool.terminate()
    }))

  it("from a thread that ends by itself at once is no error of the thread that reads it", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      expect(yield* thrownBy(pool.spawn(returnsHidden, 5000, "exits"))).toBeInstanceOf(WorkerCrashed)
      expect(yield* pool.spawn(square, 4)).toBe(16)
      void pool.terminate()
    }))
})
