import { go, gosched, Op, run, scope, sleep, Waiter } from "@weft/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import { chan } from "./chan.ts"
import { select } from "./select.ts"

const pending = new Promise<never>(() => {})

describe("a nested select whose outer one is over", () => {
  it.each([0, 1])("takes no value of a channel from which it is not withdrawn yet: capacity %i", (capacity) =>
    run(function* () {
      const quit = chan<void>()
      const ch = chan<number>(capacity)
      // Not withdrawn before its outer select's fiber goes on, as one of its cases starts work.
      const working = Op.fromPromise(() => pending)
      let wasSent: boolean | undefined
      const fiber = Effect.runFork(
        Effect.gen(function* () {
          yield* select({ quit: quit.receive(), inner: select({ working, message: ch.receive() }) })
          wasSent = ch.trySend(7)
        }),
      )
      yield* gosched()
      quit.close()
      yield* Fiber.join(fiber)
      expect(wasSent).toBe(capacity === 1)
      expect(ch.tryReceive()).toEqual(capacity === 1 ? { ok: true, value: 7 } : undefined)
    }),
  )

  it.each([0, 1])("sends no value over a channel from which it is not withdrawn yet: capacity %i", (capacity) =>
    run(function* () {
      const quit = chan<void>()
      const ch = chan<number>(capacity)
      const isFull = ch.trySend(1)
      expect(isFull).toBe(capacity === 1)
      const working = Op.fromPromise(() => pending)
      const received: Array<unknown> = []
      const fiber = Effect.runFork(
        Effect.gen(function* () {
          yield* select({ quit: quit.receive(), inner: select({ working, message: ch.send(7) }) })
          received.push(ch.tryReceive(), ch.tryReceive())
        }),
      )
      yield* gosched()
      quit.close()
      yield* Fiber.join(fiber)
      expect(received).toEqual(isFull ? [{ ok: true, value: 1 }, undefined] : [undefined, undefined])
    }),
  )
})

describe("a select with a case that starts work", () => {
  it("sees what that work does to the cases beside it: a value buffered", () =>
    run(
      function* () {
        const ch = chan<number>(1)
        const start = () => {
          ch.trySend(1)
          return pending
        }
        const hit = yield* select.ordered({ work: Op.fromPromise(start), message: ch.receive() })
        expect(hit).toEqual({ case: "message", value: 1 })
        expect(ch.length).toBe(0)
        expect(ch.receivers.length).toBe(0)
      },
      { deadlock: "fail" },
    ))

  it.each<readonly [string, (start: () => Promise<never>) => Op<unknown, unknown>]>([
    ["a promise", (start) => Op.fromPromise(start)],
    ["an op that is mapped", (start) => Op.fromPromise(start).map(String)],
    ["a select of its own", (start) => select({ inner: Op.fromPromise(start) })],
    [
      "a scope whose body is made by a plain function",
      (start) =>
        scope(() => {
          void start()
          return park()
        }),
    ],
  ])("enqueues it last, whichever way it comes: %s", (_, working) =>
    run(
      function* () {
        const ch = chan<number>()
        const isWaiting: Array<boolean> = []
        const work = working(() => {
          isWaiting.push(ch.trySend(1))
          return pending
        })
        expect(yield* select.ordered({ work, message: ch.receive() })).toEqual({ case: "message", value: 1 })
        expect(isWaiting).toEqual([true])
      },
      { deadlock: "fail" },
    ),
  )

  it("sees a channel closed by an effect's first steps, and ends the effect", () =>
    run(
      function* () {
        const ch = chan<number>()
        let isInterrupted = false
        const work = Effect.sync(() => ch.close()).pipe(
          Effect.andThen(Effect.never),
          Effect.onInterrupt(() => Effect.sync(() => void (isInterrupted = true))),
        )
        const hit = yield* select.ordered({ work: Op.fromEffect(work), end: ch.next() })
        expect(hit).toEqual({ case: "end", value: { ok: false, value: undefined } })
        yield* sleep(1)
        expect(isInterrupted).toBe(true)
      },
      { deadlock: "fail" },
    ))

  it("sees what that work does to the cases of a select inside it, which starts work, too", () =>
    run(
      function* () {
        const ch = chan<number>(1)
        const start = () => {
          ch.trySend(1)
          return pending
        }
        const inner = select({ message: ch.receive(), work: Op.fromPromise(() => pending) })
        const hit = yield* select.ordered({ work: Op.fromPromise(start), inner, late: sleep("1 hour") })
        expect(hit).toEqual({ case: "inner", value: { case: "message", value: 1 } })
        expect([ch.length, ch.receivers.length]).toEqual([0, 0])
      },
      { deadlock: "fail" },
    ))

  it("keeps the value that it took when withdrawing the work interrupts the goroutine", () =>
    run(
      function* () {
        const ch = chan<number>()
        const taken: Array<number | undefined> = []
        const receiver = go(function* () {
          const work = (signal: AbortSignal) => {
            signal.addEventListener("abort", () => receiver.interrupt())
            return pending
          }
          const hit = yield* select({ work: Op.fromPromise(work), message: ch.receive() })
          if (hit.case === "message") taken.push(hit.value)
          yield* sleep("1 hour")
        })
        yield* sleep(1)
        expect(ch.trySend(7)).toBe(true)
        yield* sleep(1)
        expect(taken).toEqual([7])
        expect(receiver.status).toBe("done")
      },
      { deadlock: "fail" },
    ))

  it("ends that work when another case fails", () =>
    run(function* () {
      const ch = chan<number>()
      let isEnded = false
      const work = (signal: AbortSignal) => {
        signal.addEventListener("abort", () => (isEnded = true))
        return pending
      }
      const selecting = go(function* () {
        yield* select({ work: Op.fromPromise(work), sent: ch.send(7) })
      })
      yield* sleep(1)
      ch.close()
      let thrown: unknown
      try {
        yield* selecting
      } catch (error) {
        thrown = error
      }
      expect(thrown).toMatchObject({ name: "ChannelClosed", value: 7 })
      expect(isEnded).toBe(true)
    }))

  it("leaves nobody enqueued when a case refuses to be", () =>
    run(
      function* () {
        const ch = chan<number>()
        const broken = scope((() => 5) as never)
        let thrown: unknown
        try {
          yield* select.ordered({ message: ch.receive(), broken })
        } catch (error) {
          thrown = error
        }
        expect(thrown).toMatchObject({ name: "InvalidBody" })
        expect(ch.receivers.length).toBe(0)
        expect(ch.trySend(1)).toBe(false)
      },
      { deadlock: "fail" },
    ))

  it("polls what a function started in a fiber of its own takes, once", () =>
    run(
      function* () {
        const ch = chan<number>(1)
        const program = Effect.gen(function* () {
          return yield* ch.next()
        })
        go(function* () {
          yield* sleep(1)
          yield* ch.send(7)
        })
        expect(yield* Op.fromPromise(() => Effect.runPromise(program))).toEqual({ ok: true, value: 7 })
      },
      { deadlock: "fail" },
    ))
})

function* park() {
  yield* sleep("1 hour")
}

it("survives an op whose withdrawal throws: the goroutine unwinds, and the run says so", async () => {
  let isUnwound = false
  const ended = run(function* () {
    const bad = Op.make<void>({
      name: "bad",
      enqueue: (waiter) => expect(waiter).toBeInstanceOf(Waiter),
      dequeue: () => {
        throw new Error("no way back")
      },
    })
    const stuck = go(function* () {
      try {
        yield* bad
      } finally {
        isUnwound = true
      }
    })
    yield* sleep(1)
    stuck.interrupt()
    yield* sleep("1 hour")
  })
  await expect(ended).rejects.toThrow("no way back")
  expect(isUnwound).toBe(true)
})
