import { describe, expect, it } from "vitest"
import { Mailbox } from "../test/support/mailbox.ts"
import {
  Alarm,
  type Clock,
  currentProcessor,
  go,
  type Goroutine,
  gosched,
  Op,
  type Plugin,
  run,
  sleep,
} from "./index.ts"
import { virtualTime } from "./testing/index.ts"

const ready = Op.make<void>({
  name: "ready",
  poll: () => undefined,
  enqueue() {},
  dequeue() {},
})

/** A clock that is set by hand: nobody wakes the processor when its time has come. */
function setByHand(now: () => number, wakeAt: Clock["wakeAt"] = () => {}): Plugin {
  const clock: Clock = { now, wallNow: now, wakeAt, jump: () => false }
  return { name: "a clock that is set by hand", setup: (runtime) => runtime.setClock(clock) }
}

function* spin(counter: { rounds: number }) {
  for (;;) {
    counter.rounds++
    yield* ready
  }
}

/** Two that wake each other for ever. */
function* pingPong(counter: { rounds: number }) {
  const [ping, pong] = [new Mailbox<void>(), new Mailbox<void>()]
  go(function* () {
    for (;;) {
      yield* ping.take
      pong.put()
    }
  })
  for (;;) {
    counter.rounds++
    ping.put()
    yield* pong.take
  }
}

function* yielding(counter: { rounds: number }) {
  for (;;) {
    counter.rounds++
    yield* gosched()
  }
}

describe.each([
  ["a loop of ops that are always ready", spin],
  ["two goroutines that wake each other for ever", pingPong],
  ["a goroutine that gives way for ever", yielding],
] as const)("the budget of %s", (_, body) => {
  it("lets another goroutine proceed, over and over", () =>
    run(function* () {
      const counter = { rounds: 0 }
      go(body, counter)
      for (let turn = 0; turn < 100; turn++) yield* gosched()
      expect(counter.rounds).toBeGreaterThan(0)
    }))

  it("lets a timer of the host fire, and a sleep end", async () => {
    const counter = { rounds: 0 }
    let isFired = false
    await run(function* () {
      const spinning: Goroutine = go(body, counter)
      setTimeout(() => {
        isFired = true
      }, 20)
      while (!isFired) yield* sleep(1)
      spinning.interrupt()
    })
    expect(isFired).toBe(true)
    expect(counter.rounds).toBeGreaterThan(0)
  })
})

describe("a goroutine that waits for promises which are settled already, over and over", () => {
  it("lets a timer of the host fire", async () => {
    let isFired = false
    setTimeout(() => {
      isFired = true
    }, 0)
    let rounds = 0
    await run(function* () {
      // As many as take a hundred slices.
      while (!isFired && rounds++ < 1_000_000) yield* Op.fromPromise(Promise.resolve())
    })
    expect(isFired).toBe(true)
  })
})

describe("virtual time", () => {
  it("stands still while a promise is waited for, and goes on then", async () => {
    const order: Array<string> = []
    const settled = new Promise((resolve) => setTimeout(resolve, 5))
    await run(
      function* () {
        const sleeper = go(function* () {
          yield* sleep("1 day")
          order.push("slept")
        })
        yield* Op.fromPromise(settled)
        order.push("settled")
        yield* sleeper
      },
      { plugins: [virtualTime()] },
    )
    expect(order).toEqual(["settled", "slept"])
  })
})

describe("a turn", () => {
  it("goes to each of many goroutines that never block, as often to one as to another", () =>
    run(
      function* () {
        const counters = Array.from({ length: 10 }, () => ({ rounds: 0 }))
        for (const counter of counters) go(spin, counter)
        for (let turn = 0; turn < 50; turn++) yield* gosched()
        const rounds = counters.map((counter) => counter.rounds)
        expect(Math.min(...rounds)).toBeGreaterThan(50)
        expect(Math.max(...rounds) / Math.min(...rounds)).toBeLessThan(1.1)
      },
      // No slice ends in it, so each turn is the whole budget.
      { plugins: [virtualTime()] },
    ))

  it("that is over puts an op off: what its poll throws then can be caught where the op was yielded", () =>
    run(
      function* () {
        const failing = Op.make<void>({
          name: "failing",
          poll: () => {
            throw new Error("refused")
          },
          enqueue() {},
          dequeue() {},
        })
        let others = 0
        go(function* () {
          for (;;) {
            others++
            yield* gosched()
          }
        })
        let caught = 0
        for (let i = 0; i < 5000; i++) {
          try {
            yield* failing
          } catch {
            caught++
          }
        }
        expect(others).toBeGreaterThan(1)
        expect(caught).toBe(5000)
      },
      { plugins: [virtualTime()] },
    ))

  it("is over only when the budget is: a few ready ops let nobody in between", () =>
    run(
      function* () {
        let others = 0
        go(function* () {
          others++
        })
        for (let i = 0; i < 100; i++) yield* ready
        expect(others).toBe(0)
        yield* gosched()
        expect(others).toBe(1)
      },
      { plugins: [virtualTime()] },
    ))
})

describe("a new slice", () => {
  it("looks at the clock soon, however quick the goroutines of the last one were", async () => {
    let [time, steps] = [0, 0]
    const stepsAtLooks: Array<number> = []
    const now = () => {
      stepsAtLooks.push(steps)
      return time
    }
    await run(
      function* () {
        for (let i = 0; i < 1000; i++) yield* ready
        // Goes on in a slice of its own.
        yield* Op.fromPromise(Promise.resolve())
        const slow = Array.from({ length: 60 }, () =>
          go(function* () {
            time++
            steps++
          }),
        )
        for (const goroutine of slow) yield* goroutine
      },
      { plugins: [setByHand(now)] },
    )
    expect(stepsAtLooks.find((number) => number > 0)).toBeLessThanOrEqual(16)
  })
})

describe("timers due at the same time", () => {
  it("all fire before the first whom they wake goes on", () =>
    run(
      function* () {
        const order: Array<string> = []
        const two = ["a", "b"].map((name) =>
          go(function* () {
            yield* sleep(5)
            order.push(name)
            yield* gosched()
            order.push(`${name} again`)
          }),
        )
        for (const goroutine of two) yield* goroutine
        expect(order).toEqual(["a", "b", "a again", "b again"])
      },
      { plugins: [virtualTime()] },
    ))
})

describe("several runs on a thread", () => {
  it("take turns, those on clocks of their own included", async () => {
    const counter = { rounds: 0 }
    const abort = new AbortController()
    const spinning = run(() => spin(counter), { signal: abort.signal })
    const virtual = await run(
      function* () {
        yield* sleep("1 day")
        return "virtual"
      },
      { plugins: [virtualTime()] },
    )
    const real = await run(function* () {
      yield* sleep(1)
      return "real"
    })
    abort.abort(new Error("enough"))
    await expect(spinning).rejects.toThrow("enough")
    expect([virtual, real]).toEqual(["virtual", "real"])
  })
})

describe("timers that are due at the same time", () => {
  it("wake in the order in which they were started, and after whoever could run before", async () => {
    const order: Array<string> = []
    await run(
      function* () {
        for (const name of ["first", "second", "third"])
          go(function* () {
            yield* sleep(10)
            order.push(name)
          })
        yield* sleep(10)
        order.push("main")
      },
      { plugins: [virtualTime()], remaining: "wait" },
    )
    expect(order).toEqual(["main", "first", "second", "third"])
  })

  it("fire in a slice behind what is runnable in it: one that sleeps shortly does not overtake one that was started before", async () => {
    const order: Array<string> = []
    await run(
      function* () {
        go(function* () {
          // Longer than main sleeps: its timer is due when this one is looked at.
          for (const end = performance.now() + 5; performance.now() < end;);
          order.push("long")
        })
        go(function* () {
          order.push("started before")
        })
        yield* sleep(1)
        order.push("main")
      },
      { remaining: "wait" },
    )
    expect(order).toEqual(["long", "started before", "main"])
  })

  it("put whom they wake behind all that can run, where whom a goroutine wakes goes before that, also after a timer", async () => {
    let time = 0
    const order: Array<string> = []
    await run(
      function* () {
        const mailbox = new Mailbox<void>()
        const all = [
          go(function* () {
            yield* sleep(2)
            order.push("sleeper")
          }),
          go(function* () {
            yield* mailbox.take
            order.push("woken")
          }),
        ]
        yield* gosched()
        for (const name of ["first", "second"])
          all.push(
            go(function* () {
              order.push(name)
            }),
          )
        time = 3
        // More than there are between two looks at the clock.
        for (let i = 0; i < 100; i++) yield* ready
        mailbox.put()
        for (const goroutine of all) yield* goroutine
      },
      { plugins: [setByHand(() => time)] },
    )
    expect(order).toEqual(["woken", "first", "second", "sleeper"])
  })

  it("wake as nobody, whoever has looked at the clock", async () => {
    let time = 0
    const woken: Array<string> = []
    const tracing: Plugin = {
      name: "tracing",
      setup: (runtime) => runtime.listen({ unpark: ({ name }, by) => void woken.push(`${name} by ${by?.name}`) }),
    }
    await run(
      function* () {
        const sleeper = go.named("sleeper", sleep(2))
        yield* gosched()
        time = 3
        // More than there are between two looks at the clock.
        for (let i = 0; i < 100; i++) yield* ready
        yield* sleeper
      },
      { plugins: [setByHand(() => time), tracing] },
    )
    expect(woken).toEqual(["sleeper by undefined", "main by sleeper"])
  })
})

describe("a timer that plain code stops", () => {
  it("is not waited for by the host any more, though a promise still is", async () => {
    const wanted: Array<number> = []
    const plugins = [
      setByHand(
        () => 0,
        (when) => wanted.push(when),
      ),
    ]
    await run(
      function* () {
        const processor = currentProcessor()
        const alarm = new Alarm(() => {})
        yield* Op.fromPromise(async () => {
          // The slice is over by then.
          await Promise.resolve()
          processor.startTimer(alarm, 5)
          expect(wanted.at(-1)).toBe(5)
          processor.stopTimer(alarm)
          expect(wanted.at(-1)).toBe(Infinity)
        })
      },
      { plugins },
    )
  })
})
