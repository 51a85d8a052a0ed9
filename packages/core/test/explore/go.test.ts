/** A goroutine from its start to its end, in every schedule: what others see of it, and what it gives them. */
import { failure, go, goexit, type Goroutine, gosched, joinAll, numGoroutine, Op } from "@weft/core"
import { explore, invariant } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { expectNothingLeft, joinersOf } from "../support/left-over.ts"
import { Mailbox } from "../support/mailbox.ts"
import { planted } from "../support/planted.ts"
import { thrownBy } from "../support/thrown-by.ts"

/** Its status and what else tells how far it is agree, whenever anybody looks. */
function watched<A, E>(goroutine: Goroutine<A, E>): Goroutine<A, E> {
  let wasDone = false
  invariant(() => {
    const isDone = goroutine.status === "done"
    const agree =
      isDone === (goroutine.exit !== undefined) &&
      (goroutine.status === "waiting") === (goroutine.waitReason !== undefined) &&
      !(wasDone && !isDone)
    wasDone = isDone
    return agree
  }, "status, exit and wait reason agree")
  return goroutine
}

describe("go", () => {
  it("starts every goroutine after the call, runs it once to its end, and counts it meanwhile", async () => {
    const orders = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const log: Array<string> = []
      const started = ["a", "b", "c"].map((name) =>
        watched(
          go(function* () {
            log.push(name)
            yield* gosched()
            log.push(name)
          }),
        ),
      )
      expect(log).toEqual([])
      expect(numGoroutine()).toBe(4)
      for (const goroutine of started) yield* goroutine
      expect([...log].sort()).toEqual(["a", "a", "b", "b", "c", "c"])
      orders.add(log.join(""))
      expectNothingLeft()
    })
    // 6! / (2! 2! 2!): every one of them.
    expect(orders.size).toBe(90)
    expect(schedules).toBe(980)
  })

  it("is seen runnable, waiting or done by others, and running by itself", async () => {
    const seen = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const box = new Mailbox<number>()
      const taker: Goroutine<number> = watched(
        go(function* () {
          expect(taker.status).toBe("running")
          const value = yield* box.take
          expect(taker.status).toBe("running")
          return value
        }),
      )
      const watcher = go(function* () {
        for (let i = 0; i < 3; i++) {
          seen.add(taker.status)
          yield* gosched()
        }
      })
      yield* gosched()
      box.put(1)
      expect(yield* taker).toBe(1)
      yield* watcher
    })
    expect([...seen].sort()).toEqual(["done", "runnable", "waiting"])
    expect(schedules).toBe(864)
  })

  it("calls each onExit once, in order, before whoever joins goes on, whenever it was registered", async () => {
    const { schedules } = await explore.check({}, function* () {
      const log: Array<string> = []
      const ending = go(function* () {
        yield* gosched()
        log.push("end")
      })
      ending.onExit(() => log.push("first"))
      const late = go(function* () {
        ending.onExit(() => log.push("second"))
        ending.onExit(() => log.push("third"))
      })
      yield* ending
      log.push("joined")
      yield* late
      expect(log.filter((entry) => entry !== "joined")).toEqual(["end", "first", "second", "third"])
      expect(log.indexOf("joined")).toBeGreaterThan(log.indexOf("first"))
    })
    expect(schedules).toBe(10)
  })
})

describe("join", () => {
  it("gives the result to everybody who joins, before the end or after, and leaves no joiner", async () => {
    const { schedules } = await explore.check({}, function* () {
      const result = {}
      const joined = go(function* () {
        yield* gosched()
        return result
      })
      const joiners = [go(joined.join()), go(joined.join())]
      expect(yield* joined).toBe(result)
      for (const joiner of joiners) expect(yield* joiner).toBe(result)
      expect(joinersOf(joined)).toBe(0)
      expectNothingLeft()
    })
    expect(schedules).toBe(2360)
  })

  it("keeps a typed failure for a join, however late that comes", async () => {
    const { schedules } = await explore.check({}, function* () {
      const failing = go(Op.make<never, string>({ name: "failing", poll: fails, enqueue() {}, dequeue() {} }))
      const joiner = go(thrownBy, failing.join())
      yield* gosched()
      expect(yield* thrownBy(failing.join())).toBe("typed")
      expect(yield* joiner).toBe("typed")
    })
    expect(schedules).toBe(135)
  })

  it("takes an error from whoever throws while it waits: no panic", async () => {
    let joined = 0
    const { schedules } = await explore.check({}, function* () {
      const joiner: Goroutine<unknown> = go(function* () {
        return yield* thrownBy(throwing.join())
      })
      const throwing = go(function* () {
        yield* gosched()
        if (joiner.waitReason !== "join") return
        joined++
        throw new Error("boom")
      })
      const error = yield* joiner
      expect(error === undefined || (error as Error).message === "boom").toBe(true)
    })
    expect(joined).toBeGreaterThan(0)
    expect(schedules).toBe(10)
  })

  it("is no help once withdrawn: an error is a panic where the joiner has been interrupted by then", async () => {
    const outcomes = new Set<boolean>()
    const { schedules } = await explore.check({}, function* () {
      const throwing = go(function* () {
        yield* gosched()
        const isJoined = joinersOf(throwing) > 0
        outcomes.add(isJoined)
        // Nobody waits: thrown, it would be a panic (see below).
        if (isJoined) throw new Error("boom")
      })
      const joiner = go(thrownBy, throwing.join())
      const interrupter = go(function* () {
        joiner.interrupt()
      })
      yield* thrownBy(joiner.join())
      expect(joinersOf(throwing)).toBe(0)
      yield* interrupter
      yield* thrownBy(throwing.join())
    })
    expect(outcomes).toEqual(new Set([true, false]))
    expect(schedules).toBe(249)
  })

  it("leaves a panic where nobody waits: explore finds the schedule in which the joiner is late", async () => {
    const error = await planted(function* () {
      const throwing = go(function* () {
        throw new Error("boom")
      })
      yield* thrownBy(throwing.join())
    })
    expect(error).toMatchObject({ name: "GoroutinePanic", cause: { message: "boom" } })
  })
})

describe("joinAll", () => {
  it("gives all results in the order asked for, whatever order they come in", async () => {
    const { schedules } = await explore.check({}, function* () {
      const all = [1, 2, 3].map((n) =>
        go(function* () {
          if (n < 3) yield* gosched()
          return n
        }),
      )
      expect(yield* joinAll(all)).toEqual([1, 2, 3])
      expect(all.map(joinersOf)).toEqual([0, 0, 0])
      expectNothingLeft()
    })
    expect(schedules).toBe(180)
  })

  it("takes every error from its commit on: the first is its own, and the others are no panics", async () => {
    const first = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const throwing = (name: string): Goroutine<void> =>
        go(function* () {
          yield* gosched()
          if (joiner.waitReason === "join") throw new Error(name)
        })
      const [a, b] = [throwing("a"), throwing("b")]
      const joiner: Goroutine<unknown> = go(function* () {
        return yield* thrownBy(joinAll([a, b]))
      })
      const error = (yield* joiner) as Error | undefined
      first.add(error?.message ?? "none")
      yield* thrownBy(a.join())
      yield* thrownBy(b.join())
    })
    expect(first).toEqual(new Set(["a", "b", "none"]))
    expect(schedules).toBe(681)
  })

  it("leaves no joiner behind when it is withdrawn, at whatever step", { tags: "long" }, async () => {
    const ends = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const all = [1, 2].map((n) =>
        go(function* () {
          yield* gosched()
          return n
        }),
      )
      const joiner = go(joinAll(all))
      const interrupter = go(function* () {
        joiner.interrupt()
        expect(all.map(joinersOf)).toEqual([0, 0])
      })
      const error = yield* thrownBy(joiner.join())
      ends.add(error === undefined ? "joined" : (error as Error).name)
      for (const goroutine of [...all, interrupter]) yield* goroutine
      expectNothingLeft()
    })
    expect(ends).toEqual(new Set(["joined", "GoroutineInterrupted"]))
    expect(schedules).toBe(11022)
  })
})

describe("goexit", () => {
  it("ends who yields it after its finally blocks, and tells whoever joins, early or late", async () => {
    const { schedules } = await explore.check({}, function* () {
      const log: Array<string> = []
      const ending = watched(
        go(function* () {
          try {
            yield* gosched()
            yield* goexit()
          } finally {
            log.push("finally")
            yield* gosched()
            log.push("ended")
          }
        }),
      )
      const joiner = go(thrownBy, ending.join())
      expect(yield* thrownBy(ending.join())).toMatchObject({ name: "GoroutineInterrupted" })
      expect(log).toEqual(["finally", "ended"])
      expect(yield* joiner).toMatchObject({ name: "GoroutineInterrupted" })
    })
    expect(schedules).toBe(96)
  })

  it("lets the others run on where main does it, and then says that main is gone", async () => {
    let ended = 0
    const error = await planted(function* () {
      for (let i = 0; i < 2; i++)
        go(function* () {
          yield* gosched()
          ended++
        })
      yield* goexit()
    })
    expect(error).toMatchObject({ name: "DeadlockError" })
    expect((error as Error).message).toContain("no goroutines (main called runtime.Goexit) - deadlock!")
    expect(ended % 2).toBe(0)
  })
})

function fails(): never {
  throw failure("typed")
}

/** A join that forgets to withdraw. */
const stickyJoin = (goroutine: Goroutine<number>): Op<number> =>
  Op.make({
    name: "sticky join",
    poll: () => goroutine.pollExit() as number,
    enqueue: (waiter) => goroutine.addJoiner(waiter),
    dequeue() {},
  })

/** Waits for an end by asking again and again, so it sees one that has been and gone, but not why. */
function* pollingJoin(goroutine: Goroutine<number>) {
  while (goroutine.status !== "done") yield* gosched()
  return goroutine.exit?._tag
}

describe("explore finds", () => {
  it("a join that stays in the list after its withdrawal", async () => {
    const error = await planted(function* () {
      const joined = go(function* () {
        yield* gosched()
        return 1
      })
      const joiner = go(stickyJoin(joined))
      const interrupter = go(function* () {
        joiner.interrupt()
        if (joinersOf(joined) > 0) throw new Error("a joiner is left")
      })
      yield* thrownBy(joiner.join())
      yield* joined
      yield* interrupter
    })
    expect(error).toMatchObject({ cause: { message: "a joiner is left" } })
  })

  it("a join that keeps nobody's panic from failing the run", async () => {
    const error = await planted(function* () {
      const throwing = go(function* (): Generator<Op<void>, number, never> {
        yield* gosched()
        throw new Error("boom")
      })
      expect(yield* pollingJoin(throwing)).toBe("Failure")
    })
    expect(error).toMatchObject({ name: "GoroutinePanic", cause: { message: "boom" } })
  })
})
