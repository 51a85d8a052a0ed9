import { describe, expect, it } from "vitest"
import { Mailbox } from "../../test/support/mailbox.ts"
import { thrownBy } from "../../test/support/thrown-by.ts"
import { context } from "../context.ts"
import { go } from "../go.ts"
import { gosched } from "../gosched.ts"
import { never } from "../never.ts"
import { Op } from "../op-statics.ts"
import { currentProcessor } from "../processor.ts"
import { run } from "../run-main.ts"
import { sleep } from "../sleep.ts"
import { explore } from "./explore.ts"
import { synctest } from "./synctest.ts"
import { virtualTime } from "./virtual-clock.ts"
import { waitIdle, WaitIdleTwice } from "./wait-idle.ts"

type Main = () => Generator<Op<unknown>, void, never>

const ways: ReadonlyArray<readonly [string, (main: Main) => Promise<unknown>]> = [
  ["synctest", (main) => synctest(main as () => Generator<never, void, never>)],
  ["explore", (main) => explore.check({}, main as () => Generator<never, void, never>)],
  ["virtualTime", (main) => run(main as () => Generator<never, void, never>, { plugins: [virtualTime()] })],
  ["a plain run", (main) => run(main as () => Generator<never, void, never>)],
]

describe.each(ways)("waitIdle in %s", (_, start) => {
  it("waits until every other goroutine is parked, however many steps that takes", () =>
    start(function* () {
      const box = new Mailbox<number>()
      const log: Array<string> = []
      const worker = go(function* () {
        for (let i = 0; i < 2; i++) yield* gosched()
        log.push("worked")
        yield* box.take
        log.push("took")
      })
      yield* waitIdle()
      expect(log).toEqual(["worked"])
      expect(worker.waitReason).toBe("mailbox")
      box.put(1)
      yield* waitIdle()
      expect(log).toEqual(["worked", "took"])
      expect(worker.status).toBe("done")
    }))

  it("is over at once where there is nobody else, as often as one likes", () =>
    start(function* () {
      for (let i = 0; i < 3; i++) yield* waitIdle()
    }))

  it("waits for a promise that somebody waits for, and for what comes of it", () =>
    start(function* () {
      const log: Array<string> = []
      const waiting = go(function* () {
        yield* Op.fromPromise(Promise.resolve())
        yield* gosched()
        log.push("told")
      })
      yield* waitIdle()
      expect(log).toEqual(["told"])
      yield* waiting
    }))

  it("may be interrupted, and nobody waits any more", () =>
    start(function* () {
      const spinning = go(never)
      const idle = go(waitIdle())
      const interrupter = go(function* () {
        idle.interrupt()
      })
      yield* thrownBy(idle.join())
      expect(currentProcessor().idle.isEmpty).toBe(true)
      yield* waitIdle()
      spinning.interrupt()
      yield* interrupter
      yield* thrownBy(spinning.join())
    }))

  it("refuses a second one, who would wait for the first", () =>
    start(function* () {
      const waiting = [go(thrownBy, waitIdle()), go(thrownBy, waitIdle())]
      const errors = [yield* waiting[0]!, yield* waiting[1]!].filter((error) => error !== undefined)
      expect(errors).toHaveLength(1)
      expect(errors[0]).toBeInstanceOf(WaitIdleTwice)
      expect((errors[0] as Error).message).toContain("wait already in progress")
    }))
})

describe.each(ways.slice(0, 3))("waitIdle and the clock, in %s", (_, start) => {
  it("does not let time go on, and what is due at this instant has been done", () =>
    start(function* () {
      const { clock } = currentProcessor()
      const log: Array<number> = []
      const others = [5, 5, 6].map((millis) =>
        go(function* () {
          yield* sleep(millis)
          yield* gosched()
          log.push(clock.now())
        }),
      )
      yield* sleep(5)
      yield* waitIdle()
      expect(log).toEqual([5, 5])
      expect(clock.now()).toBe(5)
      for (const other of others) yield* other
    }))

  it("has seen a context's functions through that it cancelled", () =>
    start(function* () {
      const [ctx, cancel] = context.withCancel(context.background)
      const log: Array<string> = []
      context.afterFunc(ctx, function* () {
        log.push("begins")
        yield* gosched()
        log.push("ends")
      })
      yield* waitIdle()
      expect(log).toEqual([])
      cancel()
      yield* waitIdle()
      expect(log).toEqual(["begins", "ends"])
    }))
})
