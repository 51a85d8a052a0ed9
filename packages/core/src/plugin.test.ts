import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { Mailbox } from "../test/support/mailbox.ts"
import {
  type Clock,
  DeadlockError,
  go,
  GoroutinePanic,
  gosched,
  install,
  joinAll,
  never,
  type Plugin,
  PluginConflict,
  run,
  type Scheduler,
  sleep,
} from "./index.ts"
import { seeded, virtualTime } from "./testing/index.ts"

const plugin = (name: string, setup: Plugin["setup"]): Plugin => ({ name, setup })

/** The order in which ten goroutines with three steps each run. */
async function orderUnder(plugins: ReadonlyArray<Plugin>): Promise<string> {
  let order = ""
  await run(
    function* () {
      const all = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"].map((name) =>
        go(function* () {
          for (let step = 0; step < 3; step++) {
            order += name
            yield* gosched()
          }
        }),
      )
      yield* joinAll(all)
    },
    { plugins },
  )
  return order
}

describe("seeded", () => {
  it("runs goroutines in an order that the seed decides, the same each time", async () => {
    const orders = new Set<string>()
    for (let seed = 0; seed < 20; seed++) {
      const order = await orderUnder([seeded(seed)])
      expect(await orderUnder([seeded(seed)])).toBe(order)
      expect(Array.from(order).sort().join("")).toBe("aaabbbcccdddeeefffggghhhiiijjj")
      orders.add(order)
    }
    expect(orders.size).toBe(20)
  })

  it("is not what runs without it: that is first in, first out", async () => {
    expect(await orderUnder([])).toBe("abcdefghij".repeat(3))
  })
})

describe("virtualTime", () => {
  it("starts where Go's synctest does, and stands still while anybody runs", () =>
    run(
      function* () {
        const { clock } = go(function* () {}).processor
        expect(new Date(clock.wallNow()).toISOString()).toBe("2000-01-01T00:00:00.000Z")
        for (let i = 0; i < 1000; i++) yield* gosched()
        expect(clock.now()).toBe(0)
      },
      { plugins: [virtualTime()] },
    ))

  it("is exact: each sleeper wakes at its own time, in order, equal ones in the order they slept", () =>
    run(
      function* () {
        const woken: Array<string> = []
        const { clock } = go(function* () {}).processor
        const delays = [30, 10.5, 20, 10.5, 1e9, 0.25]
        const all = delays.map((delay, i) =>
          go(function* () {
            yield* sleep(delay)
            woken.push(`${i} at ${clock.now()}`)
          }),
        )
        yield* joinAll(all)
        expect(woken).toEqual(["5 at 0.25", "1 at 10.5", "3 at 10.5", "2 at 20", "0 at 30", "4 at 1000000000"])
      },
      { plugins: [virtualTime()] },
    ))

  it("sees a deadlock once no timer is left", async () => {
    const ended = run(
      function* () {
        yield* sleep("1 week")
        yield* never
      },
      { plugins: [virtualTime()], deadlock: "fail" },
    )
    await expect(ended).rejects.toThrow(DeadlockError)
  })
})

describe("two plugins that want the same point", () => {
  const clock: Clock = { now: () => 0, wallNow: () => 0, wakeAt() {}, jump: () => false }

  it("are refused with an error that names both", async () => {
    const ended = run(never, { plugins: [virtualTime(), plugin("mine", (runtime) => runtime.setClock(clock))] })
    const error: unknown = await ended.catch((error: unknown) => error)
    expect(error).toBeInstanceOf(PluginConflict)
    expect(error).toMatchObject({ fields: { point: "clock", first: "virtualTime", second: "mine" } })
    expect((error as Error).message).toBe('weft: plugins "virtualTime" and "mine" both bring a clock; use one of them')
    await expect(run(never, { plugins: [seeded(1), seeded(2)] })).rejects.toThrow(
      'weft: plugins "seeded" and "seeded" both bring a scheduler',
    )
  })

  it("leave nothing set up: those before them are disposed of", async () => {
    let isDisposed = false
    const first = plugin("first", () => () => {
      isDisposed = true
    })
    await expect(run(never, { plugins: [first, seeded(1), seeded(2)] })).rejects.toThrow(PluginConflict)
    expect(isDisposed).toBe(true)
  })
})

describe("a plugin", () => {
  it("is set up before main starts and disposed of once the run has settled, the last one first", async () => {
    const order: Array<string> = []
    const noting = (name: string) =>
      plugin(name, () => {
        order.push(`set up ${name}`)
        return () => order.push(`dispose ${name}`)
      })
    await run(
      function* () {
        order.push("main")
      },
      { plugins: [noting("a"), noting("b")] },
    )
    expect(order).toEqual(["set up a", "set up b", "main", "dispose b", "dispose a"])
  })

  it("brings a scheduler that decides everything", async () => {
    class LastInFirstOut implements Scheduler {
      readonly #all: Array<NonNullable<ReturnType<Scheduler["next"]>>> = []
      get length() {
        return this.#all.length
      }
      push: Scheduler["push"] = (goroutine) => void this.#all.push(goroutine)
      pushWoken: Scheduler["push"] = (goroutine) => void this.#all.push(goroutine)
      next = () => this.#all.pop()
      choose = () => 0
    }
    const order: Array<string> = []
    await run(
      function* () {
        const all = ["a", "b", "c"].map((name) =>
          go(function* () {
            order.push(name)
          }),
        )
        yield* joinAll(all)
      },
      { plugins: [plugin("lifo", (runtime) => runtime.setScheduler(new LastInFirstOut()))] },
    )
    expect(order).toEqual(["c", "b", "a"])
  })

  it("listens to the life of every goroutine", async () => {
    const seen: Array<string> = []
    const note = (what: string) => (goroutine: { readonly name: string }, more?: { readonly name: string } | null) =>
      void seen.push(`${what} ${goroutine.name}${more === undefined ? "" : ` ${more === null ? "-" : more.name}`}`)
    const tracing = plugin("tracing", (runtime) =>
      runtime.listen({
        create: note("create"),
        start: note("start"),
        park: note("park"),
        unpark: note("unpark"),
        yield: note("yield"),
        end: note("end"),
      }),
    )
    const box = new Mailbox<number>()
    await run(
      function* () {
        const child = go.named("child", function* () {
          yield* box.take
        })
        yield* gosched()
        box.put(1)
        yield* child
      },
      { plugins: [tracing] },
    )
    expect(seen).toEqual([
      "create main -",
      "start main",
      "create child main",
      "yield main",
      "start child",
      "park child mailbox",
      "start main",
      "unpark child main",
      "park main join",
      "start child",
      "end child",
      "unpark main child",
      "start main",
      "end main",
    ])
  })

  it("hears of a panic, says what else can wake the program, and adds a fact to the report", async () => {
    const panics: Array<GoroutinePanic> = []
    let canWake = true
    const helping = plugin("helping", (runtime) => {
      runtime.onPanic((panic) => panics.push(panic))
      runtime.onDeadlock({ canWake: () => canWake, fact: () => "the port is closed" })
      runtime.addMachine({ name: "machine", isIdle: true })
    })
    const panicking = run(
      function* () {
        go.named("bad", function* () {
          throw new Error("boom")
        })
        yield* never
      },
      { plugins: [helping] },
    )
    await expect(panicking).rejects.toThrow(GoroutinePanic)
    expect(panics.map(({ goroutine }) => goroutine)).toEqual(["bad"])

    const box = new Mailbox<void>()
    const asleep = run(
      function* () {
        yield* box.take
        canWake = false
        yield* never
      },
      { plugins: [helping], deadlock: "fail" },
    )
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 0))
    box.put()
    const error: unknown = await asleep.catch((error: unknown) => error)
    expect(error).toBeInstanceOf(DeadlockError)
    expect((error as Error).message).toContain("\n\nthe port is closed\n\n")
  })

  it("that brings a machine which is busy keeps the program from being asleep", async () => {
    const box = new Mailbox<number>()
    const busy = plugin("busy", (runtime) => runtime.addMachine({ name: "machine", isIdle: false }))
    const running = run(box.take, { plugins: [busy], deadlock: "fail" })
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 0))
    box.put(1)
    expect(await running).toBe(1)
  })
})

describe("a plugin that throws", () => {
  const warnings: Array<string> = []
  beforeEach(() => {
    warnings.length = 0
    vi.spyOn(console, "warn").mockImplementation((text: string) => void warnings.push(text))
  })
  afterEach(() => vi.restoreAllMocks())

  it("is unplugged and reported once; the program and the other plugins go on", async () => {
    let heard = 0
    const bad = plugin("bad", (runtime) =>
      runtime.listen({
        start: () => {
          throw new Error("in start")
        },
        end: () => {
          throw new Error("in end")
        },
      }),
    )
    const good = plugin("good", (runtime) => runtime.listen({ start: () => (heard += 1) }))
    const result = await run(
      function* () {
        yield* gosched()
        return "fine"
      },
      { plugins: [bad, good] },
    )
    expect([result, heard]).toEqual(["fine", 2])
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(/^weft: plugin "bad" threw and was unplugged: Error: in start/)
  })

  it("in its set-up, in its disposal or as a witness does not fail the run", async () => {
    const boom = () => {
      throw new Error("boom")
    }
    const plugins = [
      plugin("set-up", boom),
      plugin("disposal", () => boom),
      plugin("witness", (runtime) => runtime.onDeadlock({ canWake: boom })),
    ]
    await expect(run(never, { plugins, deadlock: "fail" })).rejects.toThrow(DeadlockError)
    expect(warnings.map((text) => /"(.*?)"/.exec(text)![1]).sort()).toEqual(["disposal", "set-up", "witness"])
  })
})

describe("install", () => {
  it("of a plugin that is refused leaves none of it behind", async () => {
    let heard = 0
    const conflicting = plugin("conflicting", (runtime) => {
      runtime.listen({ start: () => (heard += 1) })
      for (let i = 0; i < 2; i++) runtime.setClock({ now: () => 0, wallNow: () => 0, wakeAt() {}, jump: () => false })
    })
    expect(() => install(conflicting)).toThrow(PluginConflict)
    // The next one makes the hooks anew.
    install(plugin("next", () => {}))()
    await run(function* () {})
    expect(heard).toBe(0)
  })

  it("plugs in for every run of the process until it is taken back", async () => {
    const seen: Array<string> = []
    const uninstall = install(
      plugin("listening", (runtime) => {
        runtime.listen({ end: (goroutine) => void seen.push(goroutine.name) })
        return () => seen.push("disposed")
      }),
    )
    try {
      await run(function* first() {})
      await go
        .named("outside", function* () {})
        .join()
        .promise()
    } finally {
      uninstall()
    }
    await run(function* second() {})
    expect(seen).toEqual(["first", "outside", "disposed"])
  })

  it("refuses a clock or a scheduler while a goroutine lives, and takes it otherwise", async () => {
    const living = run(function* () {
      expect(() => install(virtualTime())).toThrow(
        'weft: plugin "virtualTime" brings a scheduler or a clock; install it before the first goroutine starts',
      )
    })
    await living
    const uninstall = install(virtualTime())
    try {
      await run(function* () {
        yield* sleep("1 day")
      })
    } finally {
      uninstall()
    }
  })
})
