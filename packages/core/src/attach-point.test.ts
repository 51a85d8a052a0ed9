import { afterEach, describe, expect, it } from "vitest"
import { Mailbox } from "../test/support/mailbox.ts"
import {
  type AttachPoint,
  currentProcessor,
  go,
  gosched,
  type Processor,
  run,
  type RunOptions,
  sleep,
  type TraceHooks,
} from "./index.ts"
import { virtualTime } from "./testing/index.ts"

/** Found as a tracer finds it. */
function attachPoint(): AttachPoint {
  const points = (globalThis as { [key: symbol]: Set<AttachPoint> | undefined })[Symbol.for("@weft/core.attach")]
  return [...points!].at(-1)!
}

const stops: Array<() => void> = []
const trace = (hooks: TraceHooks): void => void stops.push(attachPoint().trace(hooks))
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

/** Main receives twice; a worker sends. */
const exchange = (options: RunOptions = {}) =>
  run(function* () {
    const box = new Mailbox<number>()
    go.named("worker", function* () {
      box.put(1)
      yield* gosched()
      box.put(2)
    })
    yield* box.take
    yield* box.take
  }, options)

describe("a tracer that the program knows nothing of", () => {
  it("finds the processors that have a run, and no others", async () => {
    const processors = () => attachPoint().processors.size
    const before = processors()
    await run(
      function* () {
        yield* sleep(10)
        expect(processors()).toBe(before + 1)
      },
      { plugins: [virtualTime()] },
    )
    expect(processors()).toBe(before)
  })

  it("hears of runs under way, and of those to come, on processors of their own too", async () => {
    const names: Array<string> = []
    await run(function* () {
      yield* gosched()
      trace({ create: (goroutine) => void names.push(goroutine.name) })
      yield* go.named("under way", function* () {})
    })
    await run(
      function* () {
        yield* go.named("own processor", function* () {})
      },
      { plugins: [virtualTime()] },
    )
    expect(names).toEqual(["under way", "main", "own processor"])
  })

  it("hears nothing more once it has ended, and leaves no check behind", async () => {
    let heard = 0
    const stop = attachPoint().trace({ start: () => heard++, op: () => heard++ })
    await exchange()
    expect(heard).toBeGreaterThan(0)
    stop()
    heard = 0
    await exchange()
    expect(heard).toBe(0)
    await run(function* () {
      yield* gosched()
      for (const { hooks } of attachPoint().processors) expect(hooks).toBeNull()
    })
  })

  it("ends on a processor, too, whose last run has settled meanwhile", async () => {
    let processor: Processor | undefined
    const stop = attachPoint().trace({ start: () => undefined, op: () => undefined })
    await run(function* () {
      processor = currentProcessor()
      yield* gosched()
    })
    stop()
    expect(processor!.hooks).toBeNull()
  })

  it("shares the hooks with plugins and with other tracers, each as what it is", async () => {
    class Counting implements TraceHooks {
      starts = 0
      start(): void {
        this.starts++
      }
    }
    const [first, second, plugged] = [new Counting(), new Counting(), new Counting()]
    trace(first)
    trace(second)
    await exchange({ plugins: [{ name: "plugged", setup: (runtime) => runtime.listen(plugged) }] })
    expect(first.starts).toBeGreaterThan(1)
    expect([second.starts, plugged.starts]).toEqual([first.starts, first.starts])
  })

  it("sees who waits for what, and who wakes whom", async () => {
    const log: Array<string> = []
    trace({
      park: (goroutine, op) => void log.push(`${goroutine.name} waits: ${op.name}`),
      unpark: (goroutine, by) => void log.push(`${goroutine.name} woken by ${by?.name ?? "nobody"}`),
      yield: (goroutine) => void log.push(`${goroutine.name} gives way`),
      end: (goroutine) => void log.push(`${goroutine.name} ends`),
    })
    await exchange()
    expect(log).toEqual([
      "main waits: mailbox",
      "main woken by worker",
      "worker gives way",
      "main waits: mailbox",
      "main woken by worker",
      "worker ends",
      "main ends",
    ])
  })

  it("sees that an interruption wakes", async () => {
    const log: Array<string> = []
    trace({ unpark: (goroutine, by) => void log.push(`${goroutine.name} by ${by?.name ?? "nobody"}`) })
    await run(function* () {
      const waiting = go.named("waiting", function* () {
        yield* new Mailbox<number>().take
      })
      yield* gosched()
      waiting.interrupt()
      yield* gosched()
    })
    expect(log).toEqual(["waiting by main"])
  })

  it("does not take a timer for the goroutine whose op has looked at the clock", async () => {
    const wokenBy: Array<string> = []
    trace({ unpark: (goroutine, by) => void wokenBy.push(`${goroutine.name} by ${by?.name ?? "nobody"}`) })
    await run(function* () {
      const sleeper = go.named("sleeper", function* () {
        yield* sleep(1)
      })
      // Busy until the sleeper is due, and on: its timer fires in one of these ops.
      while (sleeper.status !== "done") yield* gosched()
    })
    expect(wokenBy).toEqual(["sleeper by nobody"])
  })
})

describe("every op", () => {
  it("is heard of where it begins, those that are ready at once too, and the program does the same", async () => {
    const ops: Array<string> = []
    const program = () =>
      run(function* () {
        const box = new Mailbox<number>()
        const got: Array<number> = []
        for (let i = 0; i < 200; i++) {
          box.put(i)
          got.push(yield* box.take)
        }
        return got
      })
    const without = await program()
    trace({ op: (_goroutine, op) => void ops.push(op.name) })
    expect(await program()).toEqual(without)
    expect(ops).toEqual(Array.from({ length: 200 }, () => "mailbox"))
  })

  it("keeps nobody from having his turn: a goroutine of ready ops still gives way", async () => {
    trace({ op: () => undefined })
    await run(function* () {
      const box = new Mailbox<number>()
      const other = go(function* () {})
      while (other.status !== "done") {
        box.put(1)
        yield* box.take
      }
    })
  })
})

describe("a slice", () => {
  it("is said to be over, and whether goroutines are left for the next one", async () => {
    const idle: Array<boolean> = []
    trace({ idle: (isMoreRunnable) => void idle.push(isMoreRunnable) })
    await run(function* () {
      yield* sleep(1)
    })
    expect(idle.length).toBeGreaterThanOrEqual(2)
    expect(idle.at(-1)).toBe(false)
  })
})

describe("what has gone wrong", () => {
  it("is heard of: a deadlock with its goroutines, a panic with its error", async () => {
    const heard: Array<unknown> = []
    trace({
      deadlock: (error) => void heard.push(error.goroutines.map(({ name }) => name)),
      panic: (panic) => void heard.push([panic.goroutine, panic.cause]),
    })
    const box = new Mailbox<number>()
    await expect(
      run(
        function* () {
          yield* box.take
        },
        { deadlock: "fail" },
      ),
    ).rejects.toThrow(/asleep/)
    const error = new Error("oh no")
    await expect(
      run(function* () {
        go.named("unlucky", function* () {
          throw error
        })
        yield* sleep(1000)
      }),
    ).rejects.toThrow(/oh no/)
    expect(heard).toEqual([["main"], ["unlucky", error]])
  })
})
