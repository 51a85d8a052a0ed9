import {
  go,
  goexit,
  GoroutineInterrupted,
  GoroutinePanic,
  gosched,
  InvalidBody,
  never,
  run,
  runExit,
  sleep,
} from "@weft/core"
import { Effect, Exit, Fiber } from "effect"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../core/test/support/thrown-by.ts"
import { underSchedules } from "../../core/test/support/under-schedules.ts"
import { runVirtual, waitIdle } from "../../core/test/support/virtual.ts"
import { SingleFlight } from "./single-flight.ts"

describe("SingleFlight", () => {
  underSchedules("runs the work once for all who ask while it is under way, and says that they share it", function* () {
    const flights = new SingleFlight<string, number>()
    let runs = 0
    const landed = { isOver: false }
    const work = function* () {
      runs++
      for (let i = 0; i < 20; i++) yield* gosched()
      landed.isOver = true
      return runs
    }
    const callers = Array.from({ length: 5 }, () =>
      go(function* () {
        const isLate = landed.isOver
        const flown = yield* flights.do("key", work)
        return { ...flown, isLate }
      }),
    )
    const results = []
    for (const caller of callers) results.push(yield* caller)
    for (const { isLate, value } of results) if (!isLate) expect(value).toBe(1)
    const sharing = results.filter(({ value }) => value === 1)
    expect(sharing.every(({ shared }) => shared === sharing.length > 1)).toBe(true)
  })

  it("gives an unshared value to one who asked alone, and runs anew for the next", () =>
    run(function* () {
      const flights = new SingleFlight<string, number>()
      let runs = 0
      const work = function* () {
        yield* gosched()
        return ++runs
      }
      const op = flights.do("key", work)
      expect(runs).toBe(0)
      expect(yield* op).toEqual({ value: 1, shared: false })
      expect(yield* op).toEqual({ value: 2, shared: false })
    }))

  it("keeps keys apart, by identity", () =>
    runVirtual(function* () {
      const flights = new SingleFlight<unknown, string>()
      const keys = [1, "1", NaN, {}, {}, undefined]
      const callers = keys.map((key, i) =>
        go(
          flights.do(key, function* () {
            yield* sleep(1)
            return `${i}`
          }),
        ),
      )
      const same = go(
        flights.do(NaN, function* () {
          return "not used"
        }),
      )
      for (const [i, caller] of callers.entries()) expect(yield* caller).toEqual({ value: `${i}`, shared: i === 2 })
      expect(yield* same).toEqual({ value: "2", shared: true })
    }))

  it("gives the same error to all who share: a throw, which is a panic only of a caller who does not catch it", async () => {
    const boom = new Error("boom")
    const flights = new SingleFlight<string, void>()
    const work = function* () {
      yield* sleep(1)
      throw boom
    }
    await runVirtual(function* () {
      const callers = [1, 2, 3].map(() => go(() => thrownBy(flights.do("key", work))))
      for (const caller of callers) expect(yield* caller).toBe(boom)
    })
    await expect(
      runVirtual(function* () {
        go(() => thrownBy(flights.do("key", work)))
        go(flights.do("key", work))
        yield* sleep(5)
      }),
    ).rejects.toThrow(GoroutinePanic)
  })

  it("passes a typed failure on as one", async () => {
    const flights = new SingleFlight<string, number, string>()
    const work = function* () {
      yield* Effect.fail("no luck")
      return 1
    }
    expect(await Effect.runPromiseExit(flights.do("key", work))).toEqual(Exit.fail("no luck"))
    expect(
      await runExit(function* () {
        yield* flights.do("key", work)
      }),
    ).toEqual(Exit.fail("no luck"))
  })

  it("tells all who share that work ended itself", () =>
    runVirtual(function* () {
      const flights = new SingleFlight<string, never>()
      const work = function* () {
        yield* sleep(1)
        return yield* goexit()
      }
      const callers = [1, 2].map(() => go(() => thrownBy(flights.do("key", work))))
      for (const caller of callers) expect(yield* caller).toBeInstanceOf(GoroutineInterrupted)
    }))

  it("starts anew after forget, and the end of the old work leaves the new alone", () =>
    runVirtual(function* () {
      const flights = new SingleFlight<string, string>()
      const work = (name: string, millis: number) =>
        function* () {
          yield* sleep(millis)
          return name
        }
      const old = go(flights.do("key", work("old", 2)))
      yield* waitIdle()
      flights.forget("key")
      const fresh = go(flights.do("key", work("fresh", 10)))
      yield* old
      const joining = go(flights.do("key", work("not used", 1)))
      expect([yield* old, yield* fresh, yield* joining]).toEqual([
        { value: "old", shared: false },
        { value: "fresh", shared: true },
        { value: "fresh", shared: true },
      ])
      flights.forget("nobody asks for this")
    }))

  it("says what is waited for", () =>
    runVirtual(function* () {
      const flights = new SingleFlight<unknown, never>()
      const keys = ["user 7", 7, Symbol("s"), Object.create(null), () => undefined]
      const waiting = keys.map((key) => go(flights.do(key, park)))
      yield* waitIdle()
      const reasons = waiting.map(({ waitDetail, waitReason }) => `${waitReason}: ${waitDetail}`)
      expect(reasons.map((reason) => reason.replace(/\d+$/, "0"))).toEqual(
        ['"user 7"', "7", "Symbol(s)", "(object)", "(function)"].map(
          (key) => `sync.SingleFlight.Do: the key ${key}, run by goroutine 0`,
        ),
      )
    }))

  it("says whose work it is that would have to end, and says nothing once a key with work under way was forgotten", () =>
    runVirtual(function* () {
      const flights = new SingleFlight<string, never>()
      const op = flights.do("key", park)
      const wakers = () => op.wakers
      expect(wakers()).toBeUndefined()
      const old = go(op)
      yield* waitIdle()
      expect(wakers()).toEqual([old.id + 1])
      flights.forget("key")
      const fresh = go(op)
      yield* waitIdle()
      expect(wakers()).toBeUndefined()
      old.interrupt()
      yield* waitIdle()
      expect(wakers()).toEqual([fresh.id + 1])
    }))

  it("refuses a bad body when it would be started", () =>
    run(function* () {
      const flights = new SingleFlight<string, number>()
      expect(yield* thrownBy(flights.do("key", (() => Promise.resolve(5)) as never))).toBeInstanceOf(InvalidBody)
      const error = yield* thrownBy(flights.do("key", (() => 3) as never))
      expect((error as Error).message).toMatch(/^weft: SingleFlight\.do can't start a plain function/)
      const good = function* () {
        return 5
      }
      expect(yield* flights.do("key", good)).toEqual({ value: 5, shared: false })
    }))
})

describe("a SingleFlight that callers leave", () => {
  it("works on for the others when the one who started it is cancelled, and does not count him", () =>
    runVirtual(function* () {
      const flights = new SingleFlight<string, number>()
      const work = function* () {
        yield* sleep(10)
        return 7
      }
      const [starter, other] = [go(flights.do("key", work)), go(flights.do("key", work))]
      yield* waitIdle()
      starter.interrupt()
      expect(yield* other).toEqual({ value: 7, shared: false })
      expect(yield* thrownBy(starter.join())).toBeInstanceOf(GoroutineInterrupted)
    }))

  it("interrupts the work when the last one has left, who unwinds after it; the next starts anew at once", () =>
    runVirtual(function* () {
      const flights = new SingleFlight<string, string>()
      const log: Array<string> = []
      const work = function* () {
        try {
          return yield* never
        } finally {
          yield* sleep(5)
          log.push("work unwound")
        }
      }
      const callers = [1, 2].map((n) =>
        go(function* () {
          try {
            yield* flights.do("key", work)
          } finally {
            log.push(`caller ${n} unwound`)
          }
        }),
      )
      yield* waitIdle()
      for (const caller of callers) caller.interrupt()
      yield* waitIdle()
      expect(log).toEqual(["caller 1 unwound"])
      const anew = function* () {
        return "anew"
      }
      expect(yield* flights.do("key", anew)).toEqual({ value: "anew", shared: false })
      yield* thrownBy(callers[1]!.join())
      expect(log).toEqual(["caller 1 unwound", "work unwound", "caller 2 unwound"])
    }))

  it("interrupts the work when one who was started after it leaves last, and lets him unwind at once", () =>
    runVirtual(function* () {
      const flights = new SingleFlight<string, never>()
      const log: Array<string> = []
      const work = function* () {
        try {
          return yield* never
        } finally {
          yield* sleep(5)
          log.push("work unwound")
        }
      }
      const starter = go(flights.do("key", work))
      yield* waitIdle()
      const late = go(flights.do("key", work))
      yield* waitIdle()
      starter.interrupt()
      late.interrupt()
      yield* thrownBy(late.join())
      expect(log).toEqual([])
      yield* sleep(5)
      expect(log).toEqual(["work unwound"])
    }))

  it("takes what the work throws from then on for a panic: nobody is there to be told", async () => {
    const flights = new SingleFlight<string, never>()
    const ended = runVirtual(function* () {
      const caller = go(
        flights.do("key", function* () {
          using _ = { [Symbol.dispose]: fail }
          return yield* never
        }),
      )
      yield* waitIdle()
      caller.interrupt()
      yield* sleep(1)
    })
    await expect(ended).rejects.toThrow("while unwinding")
  })

  it("ends work that has not begun before it begins", () =>
    runVirtual(function* () {
      const flights = new SingleFlight<string, void>()
      let isBegun = false
      const caller = go(
        flights.do("key", function* () {
          isBegun = true
        }),
      )
      yield* gosched()
      // It has started the work, which comes after this.
      expect(caller.status).toBe("waiting")
      caller.interrupt()
      yield* waitIdle()
      expect([isBegun, caller.status]).toEqual([false, "done"])
    }))

  it("leaves a promise with its signal's reason, and the fiber that started it when the work has unwound", async () => {
    const flights = new SingleFlight<string, never>()
    const log: Array<string> = []
    let begin!: () => void
    const begun = new Promise<void>((resolve) => (begin = resolve))
    const work = function* () {
      try {
        begin()
        return yield* never
      } finally {
        yield* gosched()
        log.push("unwound")
      }
    }
    const abort = new AbortController()
    await Effect.runPromise(
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(flights.do("key", work), { startImmediately: true })
        yield* Effect.promise(() => begun)
        const promised = flights.do("key", work).promise(abort.signal)
        abort.abort(new Error("enough"))
        yield* Effect.promise(() => expect(promised).rejects.toThrow("enough"))
        expect(log).toEqual([])
        yield* Fiber.interrupt(fiber)
        expect(log).toEqual(["unwound"])
      }),
    )
  })

  it("interrupts the work at the end of the run of whoever started it, and tells the others", async () => {
    const flights = new SingleFlight<string, never>()
    const others: Array<Promise<unknown>> = []
    await runVirtual(function* () {
      go(flights.do("key", park))
      yield* waitIdle()
      others.push(flights.do("key", park).promise())
    })
    await expect(others[0]).rejects.toThrow(GoroutineInterrupted)
  })
})

function fail(): never {
  throw new Error("while unwinding")
}

function* park() {
  return yield* never
}
