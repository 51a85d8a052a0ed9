import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { Mailbox } from "../test/support/mailbox.ts"
import { runVirtual, waitIdle } from "../test/support/virtual.ts"
import { failure, go, gosched, never, NotReady, Op, OutsideRuntime, run, scope, sleep, type Waiter } from "./index.ts"

const ready = <A>(value: A): Op<A> => Op.make({ name: "ready", poll: () => value, enqueue() {}, dequeue() {} })

describe("an op committed by a goroutine", () => {
  it("does nothing until it is committed", () => {
    const box = new Mailbox<number>()
    box.put(1)
    box.take
    expect([box.polls, box.values.length, box.waiters.length]).toEqual([0, 1, 0])
  })

  it("completes without parking where it is ready", () =>
    run(function* () {
      const order: Array<string> = []
      go(function* () {
        order.push("other")
      })
      yield* ready(undefined)
      order.push("main")
      yield* gosched()
      expect(order).toEqual(["main", "other"])
    }))

  it("parks once where it is not ready, and is out of the queue when committed", () =>
    run(function* () {
      const box = new Mailbox<number>()
      const taking = go(function* () {
        return yield* box.take
      })
      yield* gosched()
      expect([box.polls, box.waiters.length]).toEqual([1, 1])
      box.put(7)
      expect(box.waiters.length).toBe(0)
      expect(yield* taking).toBe(7)
    }))

  it("happens once for each commit, however often it is committed, ready or not", () =>
    run(function* () {
      const box = new Mailbox<number>()
      const { take } = box
      box.put(1)
      box.put(2)
      expect([yield* take, yield* take]).toEqual([1, 2])
      const taking = go(function* () {
        return [yield* take, yield* take]
      })
      yield* gosched()
      box.put(3)
      yield* gosched()
      box.put(4)
      expect(yield* taking).toEqual([3, 4])
    }))

  it("can be waited for by several goroutines at the same time, each committed once, in order", () =>
    runVirtual(function* () {
      const box = new Mailbox<number>()
      const { take } = box
      const got: Array<string> = []
      for (const name of ["a", "b", "c"])
        go(function* () {
          got.push(`${name}${yield* take}`)
        })
      yield* waitIdle()
      expect(box.waiters.length).toBe(3)
      for (const value of [1, 2, 3]) box.put(value)
      yield* waitIdle()
      expect(got).toEqual(["a1", "b2", "c3"])
    }))

  it("is free again for the next commit after an interruption, and takes nothing for the interrupted", () =>
    runVirtual(function* () {
      const box = new Mailbox<number>()
      const { take } = box
      const gone = go(function* () {
        yield* take
      })
      yield* waitIdle()
      gone.interrupt()
      expect(box.waiters.length).toBe(0)
      box.put(5)
      expect(yield* take).toBe(5)
    }))

  it("throws where it fails, marked or not, and can be committed again", () =>
    runVirtual(function* () {
      const box = new Mailbox<number>()
      const { take } = box
      const caught: Array<unknown> = []
      const taking = go(function* () {
        for (let i = 0; i < 2; i++) {
          try {
            yield* take
          } catch (error) {
            caught.push(error)
          }
        }
        return yield* take
      })
      yield* waitIdle()
      box.fail("panic")
      yield* waitIdle()
      box.fail(failure("typed"))
      yield* waitIdle()
      box.put(1)
      expect(yield* taking).toBe(1)
      expect(caught).toEqual(["panic", "typed"])
    }))

  it("may be committed by its own enqueue, or failed", () =>
    run(function* () {
      const at = (settle: (waiter: Waiter) => void): Op<string> =>
        Op.make({ name: "at once", enqueue: settle, dequeue() {} })
      expect(yield* at((waiter) => waiter.commit("yes"))).toBe("yes")
      let caught: unknown
      try {
        yield* at((waiter) => waiter.fail(new Error("no")))
      } catch (error) {
        caught = error
      }
      expect(caught).toMatchObject({ message: "no" })
    }))

  it("throws at the yield what its poll or its enqueue throws", () =>
    run(function* () {
      const boom = () => {
        throw new Error("boom")
      }
      const nothing = () => undefined
      const ops = [
        Op.make({ name: "poll", poll: boom, enqueue: nothing, dequeue: nothing }),
        Op.make({ name: "enqueue", enqueue: boom, dequeue: nothing }),
      ]
      const caught: Array<unknown> = []
      for (const op of ops) {
        try {
          yield* op
        } catch (error) {
          caught.push((error as Error).message)
        }
      }
      expect(caught).toEqual(["boom", "boom"])
    }))
})

describe("map", () => {
  it("changes the result once, ready or waited for, in the goroutine that committed it", () =>
    run(function* () {
      const box = new Mailbox<number>()
      let calls = 0
      const doubled = box.take.map((value) => {
        calls++
        return value * 2
      })
      box.put(1)
      expect(yield* doubled).toBe(2)
      const taking = go(function* () {
        return yield* doubled
      })
      yield* gosched()
      box.put(5)
      expect(calls).toBe(1)
      expect(yield* taking).toBe(10)
      expect(calls).toBe(2)
    }))

  it("throws in the committer what the function throws, the value being taken", () =>
    run(function* () {
      const box = new Mailbox<number>()
      const throwing = box.take.map(() => {
        throw new Error("mapped")
      })
      const caught: Array<unknown> = []
      const taking = go(function* () {
        for (let i = 0; i < 2; i++) {
          try {
            yield* throwing
          } catch (error) {
            caught.push((error as Error).message)
          }
        }
      })
      box.put(1)
      yield* gosched()
      box.put(2)
      yield* taking
      expect(caught).toEqual(["mapped", "mapped"])
      expect(box.values).toEqual([])
    }))

  it("starts work where the op does, for a select to enqueue it last", () => {
    const work = Op.fromPromise(() => Promise.resolve(1))
    for (const op of [Op.fromEffect(Effect.void), scope(function* () {})]) expect(op.startsWork).toBe(true)
    expect([work, work.map(String), ready(1), ready(1).map(String)].map((op) => op.startsWork)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  it("composes, and keeps the wait reason", () =>
    run(function* () {
      const box = new Mailbox<number>()
      const op = box.take.map((n) => n + 1).map((n) => `<${n}>`)
      expect(op.name).toBe("mailbox")
      box.put(1)
      expect(yield* op).toBe("<2>")
    }))
})

describe("promise", () => {
  it("commits an op from plain async code, ready or not", async () => {
    const box = new Mailbox<number>()
    box.put(1)
    expect(await box.take.promise()).toBe(1)
    const later = box.take.map((n) => n * 10).promise()
    box.put(2)
    expect(await later).toBe(20)
  })

  it("rejects with what the op fails with, or its result throws", async () => {
    const box = new Mailbox<number>()
    const failing = box.take.promise()
    box.fail(new Error("no"))
    await expect(failing).rejects.toThrow("no")
    const throwing = box.take
      .map(() => {
        throw new Error("mapped")
      })
      .promise()
    box.put(1)
    await expect(throwing).rejects.toThrow("mapped")
  })

  it("withdraws when the signal aborts, and rejects with its reason: the op has taken nothing", async () => {
    const box = new Mailbox<number>()
    const abort = new AbortController()
    const gone = box.take.promise(abort.signal)
    abort.abort(new Error("enough"))
    expect(box.waiters.length).toBe(0)
    box.put(1)
    await expect(gone).rejects.toThrow("enough")
    expect(box.values).toEqual([1])
  })

  it("does not even poll when the signal has aborted already", async () => {
    const box = new Mailbox<number>()
    box.put(1)
    await expect(box.take.promise(AbortSignal.abort(new Error("before")))).rejects.toThrow("before")
    expect([box.polls, box.values.length]).toEqual([0, 1])
  })

  it("keeps what was committed when the signal aborts just after", async () => {
    const box = new Mailbox<number>()
    const abort = new AbortController()
    const kept = box.take.promise(abort.signal)
    box.put(3)
    abort.abort()
    expect(await kept).toBe(3)
  })

  it("lets go of the signal once settled", async () => {
    const { signal } = new AbortController()
    let listening = 0
    const counted = new Proxy(signal, {
      get(target, key) {
        if (key === "addEventListener") listening++
        if (key === "removeEventListener") listening--
        const member: unknown = Reflect.get(target, key, target)
        return typeof member === "function" ? (member.bind(target) as unknown) : member
      },
    })
    const box = new Mailbox<number>()
    const committed = box.take.promise(counted)
    expect(listening).toBe(1)
    box.put(1)
    await committed
    expect(listening).toBe(0)
  })
})

describe("never", () => {
  it("waits until the goroutine is interrupted", () =>
    runVirtual(function* () {
      const waiting = go(function* () {
        yield* never
      })
      yield* sleep("100 days")
      expect([waiting.status, waiting.waitReason]).toEqual(["waiting", "never"])
      waiting.interrupt()
      yield* waitIdle()
      expect(waiting.status).toBe("done")
    }))
})

describe("an op outside any runtime", () => {
  const misused = (f: () => unknown): unknown => {
    try {
      f()
    } catch (error) {
      return error
    }
    return undefined
  }

  it("is refused where it is committed, and says what to write instead", () => {
    const box = new Mailbox<number>()
    box.put(1)
    function* body() {
      return yield* box.take
    }
    const error = misused(() => body().next())
    expect(error).toBeInstanceOf(OutsideRuntime)
    expect((error as Error).message).toBe(
      "weft: mailbox outside any goroutine; start one with run(function* () { ... }) or go(...), or write `await op.promise()` in async code",
    )
    expect(box.values).toEqual([1])
  })

  it("is refused whatever the op", async () => {
    const ended = await run(function* () {
      return go(function* () {})
    })
    for (const op of [
      sleep(1),
      gosched(),
      never,
      ended.join(),
      ready(1).map(String),
      Op.fromPromise(Promise.resolve()),
    ])
      expect(misused(() => [...(op as unknown as Iterable<unknown>)])).toBeInstanceOf(OutsideRuntime)
  })
})

it("Op.make without poll is never ready at once", () =>
  run(function* () {
    const waiters: Array<Waiter> = []
    const op = Op.make<number>({ name: "event", enqueue: (waiter) => waiters.push(waiter), dequeue() {} })
    expect(op.poll()).toBe(NotReady)
    const waiting = go(function* () {
      return yield* op
    })
    yield* gosched()
    waiters[0]!.commit(4)
    expect(yield* waiting).toBe(4)
  }))
