import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { go, gosched, hold, joinAll, never, Op, run, sleep } from "./index.ts"

it("lets every helper that a finally block starts end, whichever ends first", async () => {
  const done: Array<string> = []
  await run(function* () {
    go(function* () {
      try {
        yield* never
      } finally {
        const quick = go(function* () {
          yield* sleep(1)
          done.push("quick")
        })
        const slow = go(function* () {
          yield* sleep(20)
          done.push("slow")
        })
        yield* quick
        yield* slow
      }
    })
    yield* sleep(1)
  })
  expect(done).toEqual(["quick", "slow"])
})

it("settles when an effect's first step aborts the run", async () => {
  const controller = new AbortController()
  const ended = run(
    function* () {
      go(function* () {
        yield* never
      })
      yield* Effect.sync(() => controller.abort(new Error("enough")))
      yield* never
    },
    { signal: controller.signal },
  )
  await expect(ended).rejects.toThrow("enough")
})

it("interrupts an effect whose first step aborts the run, and which would go on for ever", async () => {
  const controller = new AbortController()
  const abort = Effect.sync(() => controller.abort(new Error("enough")))
  await expect(run(Effect.andThen(abort, Effect.never), { signal: controller.signal })).rejects.toThrow("enough")
})

it("has seen every failure when goroutines that failed long ago are joined together", async () => {
  const caught = await run(function* () {
    const failed = [go(Effect.fail(new Error("a"))), go(Effect.fail(new Error("b")))] as const
    yield* sleep(1)
    try {
      yield* joinAll(failed)
    } catch (error) {
      return (error as Error).message
    }
    return undefined
  })
  expect(caught).toBe("a")
})

it("finds the deadlock that the end of a hold leaves behind", async () => {
  const held = hold()
  const ended = run(
    function* () {
      yield* never
    },
    { deadlock: "fail" },
  )
  const failed = expect(ended).rejects.toThrow("all goroutines are asleep")
  await run(function* () {
    yield* sleep(5)
  })
  held[Symbol.dispose]()
  await failed
})

it("fails the wait when a thenable's then throws, and waits for nothing outside any more", async () => {
  const thenable = {
    then: () => {
      throw new Error("no then")
    },
  }
  const ended = run(
    function* () {
      try {
        yield* Op.fromPromise(thenable)
      } catch (error) {
        expect(error).toMatchObject({ message: "no then" })
      }
      yield* never
    },
    { deadlock: "fail" },
  )
  await expect(ended).rejects.toThrow("all goroutines are asleep")
})

it("unwinds whoever waits on an op that can't be withdrawn, and those interrupted after him; it is a panic", async () => {
  const order: Array<string> = []
  const stubborn = Op.make<void>({
    name: "stubborn",
    enqueue() {},
    dequeue() {
      throw new Error("not withdrawn")
    },
  })
  const ended = run(function* () {
    const all = [stubborn, never].map((op, i) =>
      go(function* () {
        try {
          yield* op
        } finally {
          order.push(`${i}`)
        }
      }),
    )
    yield* gosched()
    for (const goroutine of all) goroutine.interrupt()
    order.push("both interrupted")
    yield* never
  })
  await expect(ended).rejects.toMatchObject({ name: "GoroutinePanic", cause: { message: "not withdrawn" } })
  expect(order[0]).toBe("both interrupted")
  expect(order.toSorted()).toEqual(["0", "1", "both interrupted"])
})
