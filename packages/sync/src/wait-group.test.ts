import { go, gosched, GoroutinePanic, InvalidBody, never, type Op, Panic, run, sleep } from "@weft/core"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { underSchedules } from "../../core/test/support/under-schedules.ts"
import { runVirtual, waitIdle } from "../../core/test/support/virtual.ts"
import { InvalidAmount } from "./invalid-amount.ts"
import { NegativeWaitGroupCounter, WaitGroup } from "./wait-group.ts"

describe("WaitGroup", () => {
  it("is ready while nothing was added, and again once all is done", () =>
    run(function* () {
      const wg = new WaitGroup()
      yield* wg.wait()
      wg.add(2)
      wg.add(-2)
      yield* wg.wait()
    }))

  underSchedules("releases every waiter at zero, and none before", function* () {
    const [work, waiters] = [new WaitGroup(), new WaitGroup()]
    const released: Array<string> = []
    work.add(2)
    for (const name of ["a", "b", "c"]) {
      waiters.go(function* () {
        yield* work.wait()
        released.push(name)
      })
    }
    for (let i = 0; i < 20; i++) yield* gosched()
    work.done()
    for (let i = 0; i < 20; i++) yield* gosched()
    expect(released).toEqual([])
    work.done()
    yield* waiters.wait()
    expect(released.sort()).toEqual(["a", "b", "c"])
  })

  it("releases for good: raised again before they run, the released still go", () =>
    runVirtual(function* () {
      const wg = new WaitGroup()
      wg.add(1)
      const waiting = go(wg.wait())
      yield* waitIdle()
      wg.done()
      wg.add(1)
      yield* waiting
      const next = go(wg.wait())
      yield* waitIdle()
      expect(next.status).toBe("waiting")
      wg.done()
      yield* next
    }))

  it("refuses to go below zero and keeps its count", () => {
    const wg = new WaitGroup()
    wg.add(1)
    expect(() => wg.add(-2)).toThrow(NegativeWaitGroupCounter)
    expect(() => wg.add(-2)).toThrow("sync: negative WaitGroup counter (1 + -2); call add before the work starts")
    expect(() => wg.done()).not.toThrow()
    let error: unknown
    try {
      wg.done()
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(Panic)
    expect(error).toMatchObject({ name: "NegativeWaitGroupCounter", fields: { count: 0, delta: -1 } })
  })

  it("refuses a delta that is no whole number, and keeps its count", () => {
    const wg = new WaitGroup()
    for (const delta of [0.5, NaN, Infinity, 2 ** 60, "1" as unknown as number, undefined as unknown as number])
      expect(() => wg.add(delta)).toThrow(InvalidAmount)
    expect(() => wg.add(0.5)).toThrow("sync: WaitGroup.add (0.5); pass a whole number")
    expect(() => wg.add("1" as never)).toThrow('sync: WaitGroup.add ("1"); pass a whole number')
    expect(() => wg.done()).toThrow(NegativeWaitGroupCounter)
  })

  it("counts a goroutine until it ends, however it ends", () =>
    runVirtual(function* () {
      const wg = new WaitGroup()
      const ends = [wg.go(function* () {}), wg.go(() => park()), wg.go(() => park()), wg.go(function* () {})]
      ends[3]!.interrupt()
      yield* waitIdle()
      const waiting = go(wg.wait())
      yield* waitIdle()
      expect([waiting.status, waiting.waitReason, waiting.waitDetail]).toEqual([
        "waiting",
        "sync.WaitGroup.Wait",
        "a WaitGroup (counter 2)",
      ])
      for (const goroutine of ends) goroutine.interrupt()
      yield* waiting
    }))

  it.each(["cancel", "wait"] as const)(
    "cancels who waits when a goroutine of it panics, and releases nobody (remaining: %s)",
    async (remaining) => {
      const log: Array<string> = []
      const ended = run(
        function* () {
          const wg = new WaitGroup()
          const wait = function* (who: string) {
            try {
              yield* wg.wait()
              log.push(`${who} went on`)
            } finally {
              log.push(`${who} unwound`)
            }
          }
          wg.go(function* () {
            for (let i = 0; i < 5; i++) yield* gosched()
            throw new Error("boom")
          })
          go(wait, "waiter")
          go(Effect.map(wg.wait(), () => log.push("the effect went on")))
          yield* wait("main")
        },
        { remaining },
      )
      await expect(ended).rejects.toThrow(GoroutinePanic)
      expect(log.sort()).toEqual(["main unwound", "waiter unwound"])
    },
  )

  it("counts down for one that panicked, so that a finally block which waits for the group ends", async () => {
    const log: Array<string> = []
    const ended = run(function* () {
      const wg = new WaitGroup()
      wg.go(function* () {
        yield* gosched()
        throw new Error("boom")
      })
      try {
        yield* never
      } finally {
        yield* wg.wait()
        log.push("all ended")
      }
    })
    await expect(ended).rejects.toThrow("boom")
    expect(log).toEqual(["all ended"])
  })

  it("counts down for one whose error somebody joins, which is no panic", () =>
    run(function* () {
      const wg = new WaitGroup()
      const failing = wg.go(function* () {
        yield* gosched()
        throw new Error("boom")
      })
      let caught: unknown
      try {
        yield* failing
      } catch (error) {
        caught = error
      }
      expect((caught as Error).message).toBe("boom")
      yield* wg.wait()
    }))

  it("leaves the counter alone where the body is none", () =>
    run(function* () {
      const wg = new WaitGroup()
      expect(() => wg.go((() => 5) as never)).toThrow(InvalidBody)
      expect(() => wg.go((() => 5) as never)).toThrow(/^weft: WaitGroup\.go can.t start a plain function/)
      yield* wg.wait()
    }))

  it("gives the goroutine it started, to join or interrupt", () =>
    run(function* () {
      const wg = new WaitGroup()
      expect(
        yield* wg.go(function* () {
          return 7
        }),
      ).toBe(7)
      yield* wg.wait()
    }))

  it("forgets a waiter that gave up, by interruption or by a signal", async () => {
    const wg = new WaitGroup()
    wg.add(1)
    const abort = new AbortController()
    const promised = wg.wait().promise(abort.signal)
    abort.abort(new Error("enough"))
    await expect(promised).rejects.toThrow("enough")
    await runVirtual(function* () {
      const gone = go(wg.wait())
      yield* waitIdle()
      gone.interrupt()
      yield* waitIdle()
      expect(gone.status).toBe("done")
      wg.done()
      yield* wg.wait()
    })
  })

  it("ends no later wait of a goroutine that was interrupted here", () =>
    runVirtual(function* () {
      const wg = new WaitGroup()
      wg.add(1)
      const gone = go(function* () {
        try {
          yield* wg.wait()
        } finally {
          yield* sleep("1 hour")
        }
      })
      yield* waitIdle()
      gone.interrupt()
      yield* waitIdle()
      wg.done()
      yield* waitIdle()
      expect(gone.waitReason).toBe("sleep")
    }))

  it("waits as a promise and in several goroutines by one op", async () => {
    const wg = new WaitGroup()
    wg.add(1)
    const op: Op<void> = wg.wait()
    const waited = Promise.all([op.promise(), op.promise()])
    wg.done()
    expect(await waited).toEqual([undefined, undefined])
  })
})

function* park() {
  yield* never
}
