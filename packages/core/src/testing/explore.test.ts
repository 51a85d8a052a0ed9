import { describe, expect, it } from "vitest"
import { Mailbox } from "../../test/support/mailbox.ts"
import { Alarm } from "../alarm.ts"
import { go } from "../go.ts"
import { gosched } from "../gosched.ts"
import { never } from "../never.ts"
import { Op } from "../op-statics.ts"
import { currentProcessor } from "../processor.ts"
import { sleep } from "../sleep.ts"
import {
  explore,
  type ExploreOptions,
  InvalidExploreOption,
  NondeterministicProgram,
  ScheduleFailed,
  StaleSchedule,
} from "./explore.ts"
import { invariant } from "./invariant.ts"
import { InvalidSchedule } from "./schedule.ts"
import { shadow } from "./shadow.ts"

/** Reads, gives way, writes: an update is lost where the other runs in between. */
function* lostUpdate() {
  let counter = 0
  function* increment() {
    const read = counter
    yield* gosched()
    counter = read + 1
  }
  const first = go.named("first", increment)
  const second = go.named("second", increment)
  yield* first
  yield* second
  if (counter !== 2) throw new Error(`counter is ${counter}`)
}

/** Fails only where the three run in just one of their orders. */
function* needle() {
  const order: Array<number> = []
  const threads = [0, 1, 2].map((n) =>
    go(function* () {
      for (let i = 0; i < 2; i++) {
        yield* gosched()
        order.push(n)
      }
    }),
  )
  for (const thread of threads) yield* thread
  if (order.join("") === "210210") throw new Error("found")
}

describe("explore", () => {
  it.each(["exhaustive", "random", "pct"] as const)("finds a lost update: %s", async (strategy) => {
    const { failure } = await explore({ strategy }, lostUpdate)
    expect(failure?.error).toEqual(new Error("counter is 1"))
  })

  it.each([{ strategy: "exhaustive" }, { strategy: "random" }, { strategy: "pct", depth: 6 }] as const)(
    "takes the same course again: $strategy",
    async (options) => {
      const [first, second] = [await explore(options, needle), await explore(options, needle)]
      expect(second).toEqual(first)
      expect(first.failure).toBeDefined()
    },
  )

  it("takes another course with another seed", async () => {
    const found = [1, 2, 3, 4].map(async (seed) => (await explore({ strategy: "random", seed }, needle)).schedules)
    expect(new Set(await Promise.all(found)).size).toBeGreaterThan(1)
  })

  it("replays a failure by its seed, step by step", async () => {
    const { failure } = await explore({ strategy: "random" }, needle)
    const again = await explore({ replay: failure!.seed }, needle)
    expect(again).toMatchObject({ schedules: 1, complete: false })
    expect(again.failure).toEqual(failure)
  })

  it("says that a replayed schedule is none of the program's, and its check takes that for no proof", async () => {
    const stale = { replay: "5:7 3:1" }
    const program = function* () {
      yield* go(function* () {})
    }
    expect(await explore(stale, program)).toMatchObject({ schedules: 1, isStale: true })
    await expect(explore.check(stale, program)).rejects.toThrow(StaleSchedule)
  })

  it("tells how to replay with what a schedule's meaning depends on", async () => {
    const options = { clock: "races", leaks: "cancel", steps: 500 } as const
    const failed = await explore.check(options, needle).catch(String)
    expect(failed).toMatch(/explore\(\{ replay: "[\d: ]+", clock: "races", leaks: "cancel", steps: 500 \}, program\)/)
  })

  it("numbers goroutines of one name, and ages waits by virtual time", async () => {
    const { failure } = await explore({}, function* () {
      const take = function* () {
        yield* sleep("30 seconds")
        yield* never
      }
      go.named("take", take)
      go.named("take", take)
      yield* sleep("1 minute")
      yield* never
    })
    expect(failure?.trace.split("\n")[0]).toMatch(/take +\| take 2/)
    expect(failure?.error).toMatchObject({
      goroutines: [{ waitMillis: 0 }, { waitMillis: 30_000 }, { waitMillis: 30_000 }],
    })
  })

  it("finds nothing where the replayed schedule does not fail", async () => {
    expect(await explore({ replay: "default" }, needle)).toEqual({ schedules: 1, pruned: 0, complete: false })
  })

  it("tells the failure with the fewest deviations from the default order", async () => {
    const deviations = (seed: string): number => (seed === "default" ? 0 : seed.split(" ").length)
    const { failure } = await explore({ strategy: "random", seed: 7 }, function* () {
      let isSet = false
      const others = [0, 1, 2].map(() =>
        go(function* () {
          for (let i = 0; i < 3; i++) yield* gosched()
        }),
      )
      const setter = go(function* () {
        yield* gosched()
        isSet = true
      })
      const reader = go(function* () {
        if (isSet) throw new Error("set before it was read")
      })
      for (const goroutine of [...others, setter, reader]) yield* goroutine
    })
    // The reader is put behind one that gives way, once; nothing less makes it late.
    expect(failure?.error).toMatchObject({ cause: new Error("set before it was read") })
    expect(deviations(failure!.seed)).toBeLessThanOrEqual(2)
  })

  it("shows the interleaving, a column a goroutine, with places", async () => {
    const { failure } = await explore({}, lostUpdate)
    const [head, ...lines] = failure!.trace.split("\n")
    expect(head!.split("|").map((name) => name.trim())).toEqual(["lostUpdate", "first", "second"])
    expect(lines.at(-1)).toContain("throws Error: counter is 1")
    expect(failure!.trace).toMatch(/gosched, returns {2}explore\.test\.ts:\d+/)
  })

  it("takes no choice for a failure's reason that is none: one goroutine has one schedule", async () => {
    expect(
      await explore({}, function* () {
        for (let i = 0; i < 5; i++) yield* gosched()
      }),
    ).toEqual({ schedules: 1, pruned: 0, complete: true })
  })

  it("runs the program anew each time", async () => {
    let runs = 0
    const { schedules } = await explore({}, function* () {
      runs++
      yield* go(function* () {})
    })
    expect(runs).toBe(schedules)
  })

  it("leaves out schedules that differ only in the order of steps that don't touch each other", async () => {
    const program = function* () {
      const boxes = [new Mailbox<number>(), new Mailbox<number>()]
      const takers = boxes.map((box) =>
        go(function* () {
          yield* sleep(1)
          return box.values.length
        }),
      )
      for (const taker of takers) yield* taker
    }
    const apart = await explore({ shares: "ops" }, program)
    const together = await explore({}, program)
    const all = await explore({ preemptions: 100 }, program)
    expect(apart.complete && together.complete && all.complete).toBe(true)
    expect(apart.schedules).toBeLessThan(together.schedules)
    expect(together.schedules).toBeLessThanOrEqual(all.schedules)
    expect(apart.pruned).toBeGreaterThan(0)
  })

  it("leaves out no order of those that give way, whatever a third does in between", async () => {
    const ordersOf = async (options: ExploreOptions) => {
      const orders = new Set<string>()
      const { complete } = await explore(options, function* () {
        const order: Array<string> = []
        go(function* () {
          for (let i = 0; i < 2; i++) {
            yield* gosched()
            order.push("gives way")
          }
        })
        go(function* () {
          order.push("other")
        })
        yield* sleep(1)
        orders.add(order.join())
      })
      expect(complete).toBe(true)
      return [...orders].sort()
    }
    expect(await ordersOf({})).toEqual(await ordersOf({ preemptions: 100 }))
  })

  it("keeps to its bound on preemptions, and finds what needs no more", async () => {
    const program = function* () {
      let isInside = false
      const worker = function* () {
        yield* sleep(0)
        if (isInside) throw new Error("preempted")
        isInside = true
        yield* sleep(0)
        isInside = false
      }
      const [first, second] = [go(worker), go(worker)]
      yield* first
      yield* second
    }
    const none = await explore({ preemptions: 0 }, program)
    expect(none).toMatchObject({ complete: true })
    expect(none.failure).toBeUndefined()
    expect((await explore({ preemptions: 1 }, program)).failure?.error).toMatchObject({
      cause: new Error("preempted"),
    })
  })

  it("stops at the number of schedules given, and says that it is not complete", async () => {
    const program = function* () {
      const all = [0, 1, 2].map(() => go(lostUpdateOf))
      for (const goroutine of all) yield* goroutine
    }
    expect(await explore({ schedules: 10 }, program)).toMatchObject({ schedules: 10, complete: false })
  })

  it("explores in which order promises of one turn of the host are told", async () => {
    const orders = new Set<string>()
    const { complete } = await explore({}, function* () {
      const order: Array<string> = []
      const waiting = ["a", "b"].map((name) =>
        go(function* () {
          order.push(yield* Op.fromPromise(Promise.resolve(name)))
        }),
      )
      for (const goroutine of waiting) yield* goroutine
      orders.add(order.join(""))
    })
    expect(complete).toBe(true)
    expect([...orders].sort()).toEqual(["ab", "ba"])
  })

  it("explores that a promise is told before a goroutine gives up on it, and that it comes too late", async () => {
    const ends = new Set<string>()
    const { complete } = await explore({}, function* () {
      const waiting = go(Op.fromPromise(Promise.resolve(1)))
      const interrupter = go(function* () {
        waiting.interrupt()
      })
      yield* interrupter
      try {
        yield* waiting
        ends.add("told")
      } catch {
        ends.add("too late")
      }
    })
    expect(complete).toBe(true)
    expect(ends).toEqual(new Set(["told", "too late"]))
  })

  it("explores which timer of an instant fires first", async () => {
    const orders = new Set<string>()
    await explore({}, function* () {
      const order: Array<string> = []
      const sleeping = ["a", "b"].map((name) =>
        go(function* () {
          yield* sleep(10)
          order.push(name)
        }),
      )
      for (const goroutine of sleeping) yield* goroutine
      orders.add(order.join(""))
    })
    expect([...orders].sort()).toEqual(["ab", "ba"])
  })

  it("lets a timer be due early only where the clock races", async () => {
    const program = function* () {
      const done = { is: false }
      const worker = go(function* () {
        yield* gosched()
        done.is = true
      })
      yield* sleep("1 hour")
      if (!done.is) throw new Error("too slow")
      yield* worker
    }
    expect(await explore({}, program)).toMatchObject({ complete: true })
    expect((await explore({ clock: "races" }, program)).failure?.error).toEqual(new Error("too slow"))
  })

  it("lets a timer fire that is stopped in every other order, where the clock races", async () => {
    const rings = new Set<number>()
    const { complete } = await explore({ clock: "races" }, function* () {
      const processor = currentProcessor()
      let rung = 0
      const alarm = new Alarm(() => rung++)
      processor.startTimer(alarm, 10)
      yield* gosched()
      processor.stopTimer(alarm)
      rings.add(rung)
    })
    expect(complete).toBe(true)
    expect(rings).toEqual(new Set([0, 1]))
  })
})

function* lostUpdateOf() {
  yield* gosched()
  yield* gosched()
}

describe("explore.check", () => {
  it("throws the failure with its interleaving and its seed", async () => {
    const failed = await explore.check({}, lostUpdate).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(ScheduleFailed)
    const { cause, message, seed, trace } = failed as ScheduleFailed
    expect(cause).toEqual(new Error("counter is 1"))
    expect(message).toContain(trace)
    expect(message).toContain(`explore({ replay: ${JSON.stringify(seed)} }, program)`)
  })
})

describe("explore refuses", () => {
  it.each([
    { strategy: "depth-first" },
    { schedules: 0 },
    { preemptions: -1 },
    { steps: 1.5 },
    { depth: 2 },
    { preemptions: 1, strategy: "pct" },
    { shares: "all" },
    { shedules: 5 },
  ])("an option that it does not know: %o", async (options) => {
    await expect(explore(options as object, lostUpdate)).rejects.toThrow(InvalidExploreOption)
  })

  it("a seed that is none", async () => {
    await expect(explore({ replay: "x" }, lostUpdate)).rejects.toThrow(InvalidSchedule)
  })

  it("a program that does something else each time", async () => {
    let runs = 0
    const program = function* () {
      const many = runs++ % 2 === 0 ? 2 : 3
      const all = Array.from({ length: many }, () => go(lostUpdateOf))
      for (const goroutine of all) yield* goroutine
    }
    await expect(explore({}, program)).rejects.toThrow(NondeterministicProgram)
  })
})

describe("explore finds by itself", () => {
  const failureOf = async (program: () => Generator<Op<unknown>, unknown, never>): Promise<unknown> =>
    (await explore({ steps: 500 }, program as () => Generator<Op<void>, unknown, never>)).failure?.error

  it("a deadlock", async () => {
    const box = () => new Mailbox<number>()
    expect(
      await failureOf(function* () {
        yield* box().take
      }),
    ).toMatchObject({ name: "DeadlockError" })
  })

  it("a livelock", async () => {
    expect(
      await failureOf(function* () {
        for (;;) yield* gosched()
      }),
    ).toMatchObject({ name: "Livelock", steps: 500 })
  })

  it("a goroutine left behind, one that sleeps included", async () => {
    expect(
      await failureOf(function* () {
        go(function* sleeper() {
          yield* sleep(5)
        })
      }),
    ).toMatchObject({ name: "LeakedGoroutines", goroutines: [{ waitReason: "sleep" }] })
  })

  it("no leak where the rest can still end", async () => {
    expect(
      await failureOf(function* () {
        go(lostUpdateOf)
      }),
    ).toBeUndefined()
  })

  it("a panic", async () => {
    expect(
      await failureOf(function* () {
        go(function* () {
          throw new Error("boom")
        })
        yield* sleep(1)
      }),
    ).toMatchObject({ name: "GoroutinePanic", cause: new Error("boom") })
  })

  it("an invariant that a step breaks, though a later one mends it", async () => {
    const program = function* () {
      let inside = 0
      invariant(() => inside <= 1, "one inside at most")
      const worker = function* () {
        inside++
        yield* sleep(0)
        inside--
      }
      const [first, second] = [go(worker), go(worker)]
      yield* first
      yield* second
    }
    const { failure } = await explore({}, program)
    expect(failure?.error).toMatchObject({ name: "InvariantBroken", what: "one inside at most" })
  })

  it("nothing in an invariant that looks at a shadow variable", async () => {
    const exploration = await explore({}, function* () {
      const counter = shadow(0)
      invariant(() => counter.value <= 1, "at most one")
      yield* go(function* () {
        counter.value++
      })
      counter.value--
    })
    expect(exploration).toMatchObject({ complete: true })
    expect(exploration.failure).toBeUndefined()
  })

  it("a data race, also in a schedule where nothing is lost", async () => {
    const { failure } = await explore({ replay: "default" }, function* () {
      const counter = shadow(0)
      const other = go.named("other", function* () {
        counter.value++
      })
      counter.value++
      yield* other
    })
    expect(failure?.error).toMatchObject({ name: "DataRace" })
    expect(String(failure?.error)).toMatch(/by main at .*explore\.test\.ts.*by other at .*explore\.test\.ts/)
  })

  it.each([
    [
      "a join",
      function* (counter: { value: number }) {
        const other = go(function* () {
          counter.value++
        })
        yield* other
        counter.value++
      },
    ],
    [
      "its start",
      function* (counter: { value: number }) {
        counter.value++
        yield* go(function* () {
          counter.value++
        })
      },
    ],
    [
      "a hand-over",
      function* (counter: { value: number }) {
        const box = new Mailbox<number>()
        const other = go(function* () {
          yield* box.take
          counter.value++
        })
        counter.value++
        box.put(1)
        yield* other
      },
    ],
  ] as const)("no data race where accesses are ordered by %s", async (_, body) => {
    const exploration = await explore({}, () => body(shadow(0)))
    expect(exploration).toMatchObject({ complete: true })
    expect(exploration.failure).toBeUndefined()
  })
})
