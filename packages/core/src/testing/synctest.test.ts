import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { afterEach, describe, expect, it, vi } from "vitest"
import { Mailbox } from "../../test/support/mailbox.ts"
import { thrownBy } from "../../test/support/thrown-by.ts"
import { context } from "../context.ts"
import { go } from "../go.ts"
import { gosched } from "../gosched.ts"
import { never } from "../never.ts"
import { Op } from "../op-statics.ts"
import { currentProcessor } from "../processor.ts"
import { scope } from "../scope.ts"
import { sleep } from "../sleep.ts"
import { explore } from "./explore.ts"
import { synctest, type SynctestOptions } from "./synctest.ts"
import { waitIdle } from "./wait-idle.ts"

const now = (): number => currentProcessor().clock.now()

describe("synctest", () => {
  it("gives what the program returns, and begins at midnight UTC on 1 January 2000", async () => {
    const begins = await synctest(function* () {
      yield* sleep("36 hours")
      return new Date(currentProcessor().clock.wallNow())
    })
    expect(begins.toISOString()).toBe("2000-01-02T12:00:00.000Z")
  })

  it("lets time stand still while anybody can run, and then go on exactly to the next timer", () =>
    synctest(function* () {
      const log: Array<number> = []
      const busy = go(function* () {
        for (let i = 0; i < 1000; i++) yield* gosched()
        log.push(now())
        yield* sleep(7)
        log.push(now())
      })
      yield* sleep(5)
      log.push(now())
      yield* busy
      expect(log).toEqual([0, 5, 7])
    }))

  it("keeps a deadline to the moment", () =>
    synctest(function* () {
      const [ctx] = context.withTimeout(context.background, "5 seconds")
      yield* sleep(4999)
      yield* waitIdle()
      expect(ctx.err).toBeUndefined()
      yield* sleep(1)
      yield* waitIdle()
      expect(ctx.err).toMatchObject({ name: "DeadlineExceeded" })
    }))

  it("takes the same course each time, and with another seed another one", async () => {
    const course = (seed: number) =>
      synctest(
        function* () {
          const order: Array<number> = []
          yield* scope(function* (s) {
            for (let i = 0; i < 6; i++)
              s.go(function* () {
                yield* sleep(10)
                order.push(i)
              })
          })
          return order.join("")
        },
        { seed },
      )
    const courses = await Promise.all([1, 1, 2, 3, 4].map(course))
    expect(courses[0]).toBe(courses[1])
    expect(new Set(courses).size).toBeGreaterThan(2)
  })

  it("gives Effects the services that it was given", async () => {
    const Name = Context.Service<string>("Name")
    const greeting = await synctest(
      function* () {
        return yield* Effect.map(Name, (name) => `hello, ${name}`) as Effect.Effect<string>
      },
      { services: Context.make(Name, "weft") },
    )
    expect(greeting).toBe("hello, weft")
  })

  it("runs inside another, each with a time of its own", () =>
    synctest(function* () {
      yield* sleep(100)
      const inner = yield* Op.fromPromise(() =>
        synctest(function* () {
          yield* sleep(5)
          return now()
        }),
      )
      expect([inner, now()]).toEqual([5, 100])
    }))

  it("fails with main's error, with a panic, with a typed failure that nobody joined", async () => {
    const boom = new Error("boom")
    const failing = synctest(function* () {
      yield* sleep(1)
      throw boom
    })
    await expect(failing).rejects.toBe(boom)
    const panicking = synctest(function* () {
      go(function* () {
        throw boom
      })
      yield* never
    })
    await expect(panicking).rejects.toMatchObject({ name: "GoroutinePanic", cause: boom })
    const unjoined = synctest(function* () {
      go(Effect.fail("typed"))
      yield* sleep(1)
    })
    await expect(unjoined).rejects.toBe("typed")
  })

  it("fails where all wait and no timer is pending", async () => {
    const stuck = synctest(function* main() {
      yield* new Mailbox<number>().take
    })
    await expect(stuck).rejects.toMatchObject({ name: "DeadlockError", goroutines: [{ waitReason: "mailbox" }] })
  })

  it("lets those that main leaves run to their end, but time stands still for them", async () => {
    let isDone = false
    await synctest(function* () {
      go(function* () {
        for (let i = 0; i < 10; i++) yield* gosched()
        isDone = true
      })
    })
    expect(isDone).toBe(true)
    const leaking = synctest(function* () {
      go(function* ticker() {
        for (;;) yield* sleep(1)
      })
    })
    await expect(leaking).rejects.toMatchObject({ name: "LeakedGoroutines", goroutines: [{ name: "ticker" }] })
  })

  it("fails where it never comes to rest: at once, after so many steps", async () => {
    const polling = (steps: number) =>
      synctest(
        function* poller() {
          while (now() < 10) yield* gosched()
        },
        { steps },
      )
    await expect(polling(500)).rejects.toMatchObject({ name: "Livelock", steps: 500 })
    const ticking = synctest(
      function* () {
        for (;;) yield* sleep(1)
      },
      { steps: 500 },
    )
    await expect(ticking).rejects.toMatchObject({ name: "Livelock" })
    const waiting = synctest(
      function* () {
        go(function* () {
          for (;;) yield* gosched()
        })
        yield* waitIdle()
      },
      { steps: 500 },
    )
    await expect(waiting).rejects.toMatchObject({ name: "Livelock" })
  })

  it("runs the finally blocks of a test that failed, and waits for them", async () => {
    const log: Array<string> = []
    const failing = synctest(function* () {
      go(function* () {
        try {
          yield* never
        } finally {
          yield* sleep("1 minute")
          log.push("cleaned up")
        }
      })
      yield* sleep(1)
      throw new Error("boom")
    })
    await expect(failing).rejects.toThrow("boom")
    expect(log).toEqual(["cleaned up"])
  })
})

/** A server in memory: connections are mailboxes, and it answers in its own time. */
class Server {
  readonly #requests = new Mailbox<{ readonly path: string; readonly reply: Mailbox<string> }>();

  *serve(delay: number): Generator<Op<unknown>, void, unknown> {
    for (;;) {
      const { path, reply } = (yield* this.#requests.take as Op<never>) as { path: string; reply: Mailbox<string> }
      go(function* () {
        yield* sleep(delay)
        reply.put(`200 ${path}`)
      })
    }
  }

  *fetch(path: string): Generator<Op<string>, string, unknown> {
    const reply = new Mailbox<string>()
    this.#requests.put({ path, reply })
    return yield* reply.take
  }
}

describe("a network in memory, in virtual time", () => {
  it("answers when its delay is over, to the moment", () =>
    synctest(function* () {
      const server = new Server()
      const serving = go(() => server.serve(3000))
      const began = now()
      expect(yield* server.fetch("/slow")).toBe("200 /slow")
      expect(now() - began).toBe(3000)
      serving.interrupt()
    }))

  it("is too late for a client's time limit by a millisecond, and for another's not", () =>
    synctest(function* () {
      const server = new Server()
      const serving = go(() => server.serve(3000))
      const limited = (millis: number) =>
        go(function* () {
          const client = go(() => server.fetch("/slow"))
          const limit = go(function* () {
            yield* sleep(millis)
            client.interrupt(new Error("too slow"))
          })
          try {
            return yield* client
          } finally {
            limit.interrupt()
          }
        })
      const [hasty, patient] = [limited(2999), limited(3001)]
      expect(yield* thrownBy(hasty.join())).toMatchObject({ cause: new Error("too slow") })
      expect(yield* patient).toBe("200 /slow")
      yield* waitIdle()
      serving.interrupt()
    }))
})

/** As code that knows nothing of Weft is written. */
const delayed = <T>(value: T, millis: number): Promise<T> =>
  new Promise((resolve) => {
    setTimeout(() => resolve(value), millis)
  })

describe("code with setTimeout, brought in by Op.fromPromise", () => {
  it("takes its own time, while that of the test stands still", () =>
    synctest(function* () {
      const other = go(function* () {
        yield* sleep("1 hour")
        return now()
      })
      const pair = yield* Op.fromPromise(Promise.all([delayed("a", 5), delayed("b", 10)]))
      expect(pair).toEqual(["a", "b"])
      expect(now()).toBe(0)
      expect(yield* other).toBe(3_600_000)
    }))

  it("is waited for by waitIdle", () =>
    synctest(function* () {
      const box = new Mailbox<string>()
      const bridge = go(function* () {
        box.put(yield* Op.fromPromise(delayed("late", 5)))
      })
      yield* waitIdle()
      expect(box.values).toEqual(["late"])
      yield* bridge
    }))
})

describe("beside vitest's fake timers", () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it("virtual time goes on without them", async () => {
    vi.useFakeTimers()
    const slept = await synctest(function* () {
      yield* sleep("1 hour")
      return now()
    })
    expect(slept).toBe(3_600_000)
  })

  it("promises are told, and what a fake timer holds back comes when somebody advances it", async () => {
    vi.useFakeTimers()
    const values = await synctest(function* () {
      const soon = yield* Op.fromPromise(Promise.resolve("soon"))
      const late = go(Op.fromPromise(delayed("late", 1000)))
      const advancing = go(function* () {
        yield* gosched()
        vi.advanceTimersByTime(1000)
      })
      yield* advancing
      return [soon, yield* late]
    })
    expect(values).toEqual(["soon", "late"])
  })

  it("an exploration ends, and gives the host its turns", async () => {
    vi.useFakeTimers()
    const { complete, schedules } = await explore({}, function* () {
      const box = new Mailbox<string>()
      const takers = [go(box.take), go(box.take)]
      box.put(yield* Op.fromPromise(Promise.resolve("a")))
      box.put("b")
      for (const taker of takers) yield* taker
    })
    expect(complete).toBe(true)
    expect(schedules).toBeGreaterThan(10)
  })
})

describe("the options of synctest", () => {
  it.each([
    [{ sed: 2 }, "sed is 2; it must be left out: there are seed, steps, services"],
    [{ steps: 0 }, "steps is 0; it must be a whole number from 1 on"],
    [{ steps: "9" }, 'steps is "9"; it must be a whole number from 1 on'],
    [{ seed: 0.5 }, "seed is 0.5; it must be a whole number from 0 on"],
  ])("are refused where one is misspelt, or can't be that: %o", async (options, wrong) => {
    let hasRun = false
    const main = function* () {
      hasRun = true
    }
    await expect(synctest(main, options as SynctestOptions)).rejects.toThrow(`weft: synctest: option ${wrong}`)
    expect(hasRun).toBe(false)
  })
})
