import { chan, select } from "@weft/channels"
import {
  context,
  go,
  gosched,
  GoroutineInterrupted,
  isFailure,
  joinAll,
  run,
  sleep,
  threadId,
  InvalidOption,
} from "@weft/core"
import { AtomicInt32, SharedMutex } from "@weft/sync"
import * as Effect from "effect/Effect"
import { Pool, InvalidTask, spawn, spawnWith, TaskNotFound, task, transfer } from "@weft/workers"
import { describe, expect, it } from "vitest"
import {
  callsTask,
  counting,
  countingBytes,
  deadlineOf,
  echo,
  endsHelper,
  endsUnjoined,
  failing,
  fibonacci,
  firstBytes,
  givingWay,
  growing,
  joinsLate,
  leavesFailure,
  locking,
  NotFound,
  receiveOne,
  receivesFromNested,
  sendOne,
  square,
  throwing,
  tracing,
  twins,
  untilAborted,
  untilDone,
  waiting,
  whichThread,
} from "./tasks/basic.ts"
import { throwsCounted, throwsTransfer } from "./tasks/odd-values.ts"
import { thrownBy } from "./support/thrown-by.ts"

interface Blame {
  readonly times: number
  readonly list: ReadonlyArray<number>
}

const shared = typeof SharedArrayBuffer === "undefined" ? it.skip : it

describe("spawn", () => {
  it("gives a goroutine that ends with what the task returned, on another thread", () =>
    run(function* () {
      const goroutine = spawn(square, 7)
      expect(goroutine.name).toBe("square")
      expect(yield* goroutine).toBe(49)
      expect(yield* spawn(whichThread)).not.toBe(threadId())
    }))

  it("runs a task called directly as a body of a goroutine here", () =>
    run(function* () {
      expect(yield* go(whichThread)).toBe(threadId())
      expect(yield* square(3)).toBe(9)
    }))

  it("gives each task a copy of its own, however many are spawned with one object", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      yield* pool.spawn(square, 1)
      const list: Array<number> = []
      const bytes = new Uint8Array(1)
      const all = Array.from({ length: 20 }, () => pool.spawn(growing, list, bytes))
      for (const each of yield* joinAll(all)) expect(each).toEqual([1, 1])
      void pool.terminate()
    }))

  it("gives each result as it was when its task returned, though its module goes on changing it", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      yield* pool.spawn(square, 1)
      const results = yield* joinAll(Array.from({ length: 20 }, () => pool.spawn(counting)))
      for (const [i, { history, times }] of results.entries()) expect([times, history.length]).toEqual([i + 1, i + 1])
      const bytes = yield* joinAll(Array.from({ length: 20 }, () => pool.spawn(countingBytes)))
      for (const [i, [n]] of bytes.entries()) expect(n).toBe(i + 1)
      void pool.terminate()
    }))

  it.each([
    ["a field", "field", (error) => (error as { readonly blame: Blame }).blame],
    ["a cause's field", "cause", (error) => (error as { readonly cause: { readonly blame: Blame } }).cause.blame],
    ["thrown itself", "itself", (error) => error as Blame],
  ] as ReadonlyArray<[string, "field" | "cause" | "itself", (error: unknown) => Blame]>)(
    "gives what is thrown as it was when it was thrown, and to each its own: %s",
    (_what, how, blameOf) =>
      run(function* () {
        const pool = new Pool({ threads: 1 })
        yield* pool.spawn(square, 1)
        // Each joins what it has spawned, before that can have thrown.
        function* joining() {
          return yield* thrownBy(pool.spawn(throwsCounted, how))
        }
        const errors = yield* joinAll(Array.from({ length: 20 }, () => go(joining)))
        const blames = errors.map(blameOf)
        expect(new Set(blames.map(({ list }) => list)).size).toBe(20)
        for (const [i, { list, times }] of blames.entries()) expect([times, list.length]).toEqual([i + 1, i + 1])
        void pool.terminate()
      }),
  )

  it("copies what is thrown where it was to be given away", () =>
    run(function* () {
      const thrown = yield* thrownBy(spawn(throwsTransfer))
      expect(thrown).toEqual({ bytes: new Uint8Array([1, 2]) })
    }))

  it("copies arguments and results as structured clone does", () =>
    run(function* () {
      const cyclic: { self?: unknown; readonly n: number } = { n: 1 }
      cyclic.self = cyclic
      const values = [
        undefined,
        null,
        true,
        1.5,
        -0,
        10n,
        "text",
        [1, [2]],
        { a: { b: new Date(5) } },
        new Map([["k", new Set([1])]]),
        new Uint8Array([1, 2]),
        new Error("plain"),
        /x/g,
      ]
      for (const value of values) expect(yield* spawn(echo, value)).toEqual(value)
      const back = (yield* spawn(echo, cyclic)) as typeof cyclic
      expect(back).not.toBe(cyclic)
      expect(back.self).toBe(back)
    }))

  it("ends a hundred thousand tasks, each once", { tags: "long" }, () =>
    run(function* () {
      const results = yield* joinAll(Array.from({ length: 100_000 }, (_, i) => spawn(square, i)))
      expect(results.every((result, i) => result === i * i)).toBe(true)
    }),
  )

  it("throws what the task threw where it is joined, with its cause, its fields and both stacks", () =>
    run(function* () {
      const error = (yield* thrownBy(spawn(throwing, "no way"))) as Error
      expect(error).toBeInstanceOf(TypeError)
      expect(error.message).toBe("no way")
      expect(error.cause).toMatchObject({ name: "NotFound", what: "cause" })
      expect(error.stack).toMatch(/basic\.ts/)
      expect(error.stack).toMatch(/at task "throwing" on thread \d+ of pool "default"/)
    }))

  it("keeps a typed failure apart from a panic", () =>
    run(function* () {
      const goroutine = spawn(failing, "user")
      const error = (yield* thrownBy(goroutine)) as NotFound
      expect(isFailure(error)).toBe(true)
      expect(error).toMatchObject({ _tag: "NotFound", what: "user", message: "no user" })
      expect(goroutine.exit!._tag).toBe("Failure")
    }))

  it.each(["here", "there"] as const)("keeps a typed failure in a task that joins it late: of what runs %s", (where) =>
    run(function* () {
      expect(yield* spawn(joinsLate, where)).toBe("late")
    }),
  )

  it("fails with the typed failure of what the task has spawned and not joined, and no other task with it", async () => {
    const pool = new Pool({ threads: 1 })
    const unjoined = run(function* () {
      const words = chan<unknown>()
      const bystander = pool.spawn(receiveOne, words)
      const error = (yield* thrownBy(pool.spawn(leavesFailure))) as NotFound
      expect(isFailure(error)).toBe(true)
      expect(error).toMatchObject({ _tag: "NotFound", what: "left" })
      yield* words.send("still there")
      expect(yield* bystander).toEqual({ ok: true, value: "still there" })
      pool.spawn(leavesFailure)
      yield* pool.drain()
      expect(pool.stats).toMatchObject({ crashes: 0, failed: 4, completed: 1 })
    })
    await expect(unjoined).rejects.toMatchObject({ _tag: "NotFound", what: "left" })
    await pool.terminate()
  })

  it("panics where nobody joins", async () => {
    const running = run(function* () {
      spawn(throwing, "nobody looks")
      yield* sleep(60_000)
    })
    await expect(running).rejects.toMatchObject({ name: "GoroutinePanic", goroutine: "throwing" })
  })

  it("takes part in a select", () =>
    run(function* () {
      const begun = chan<string>(2)
      const late = spawn(waiting, begun)
      const hit = yield* select({ late: late.join(), soon: spawn(square, 2).join() })
      expect(hit).toEqual({ case: "soon", value: 4 })
      late.interrupt()
    }))

  it("interrupts the task there, and ends after it has unwound", () =>
    run(function* () {
      const begun = chan<string>(2)
      const goroutine = spawn(waiting, begun)
      expect(yield* begun.receive()).toBe("begun")
      goroutine.interrupt("enough")
      expect(yield* thrownBy(goroutine)).toBeInstanceOf(GoroutineInterrupted)
      expect(begun.tryReceive()).toEqual({ ok: true, value: "unwound" })
    }))

  it("never starts a task that was interrupted before", () =>
    run(function* () {
      const log = chan<string>(10)
      const goroutines = Array.from({ length: 10 }, () => spawn(waiting, log))
      for (const goroutine of goroutines) goroutine.interrupt()
      for (const goroutine of goroutines) yield* thrownBy(goroutine)
      expect(log.length).toBe(0)
    }))

  it("spawns from a thread into the same threads", () =>
    run(function* () {
      expect(yield* spawn(fibonacci, 12)).toBe(144)
    }))

  it("has from a task's own spawn what it has from any", () =>
    run(function* () {
      expect(yield* spawn(receivesFromNested)).toBe("said later")
    }))

  shared("tells a result though a goroutine there never parks", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const over = new AtomicInt32()
      const giving = pool.spawn(givingWay, over)
      expect(yield* pool.spawn(square, 3)).toBe(9)
      over.store(1)
      yield* giving
      void pool.terminate()
    }),
  )

  it("takes tasks as arguments", () =>
    run(function* () {
      expect(yield* spawn(callsTask, square, 3)).toEqual([9, 9])
    }))

  it("gives away what is transferred, both ways", () =>
    run(function* () {
      const bytes = new Uint8Array([1, 2, 3, 4])
      const first = yield* spawn(firstBytes, transfer(bytes), 2)
      expect(first).toEqual(new Uint8Array([1, 2]))
      expect(bytes.length).toBe(0)
    }))

  it("traces what the task does below the span in which it was spawned", () =>
    run(function* () {
      const inSpan = Effect.gen(function* () {
        const { spanId, traceId } = yield* Effect.currentSpan
        return [{ parentId: spanId, traceId }, yield* spawn(tracing)] as const
      })
      const [here, there] = yield* inSpan.pipe(Effect.withSpan("outer"), Effect.orDie)
      expect(there).toEqual(here)
      expect((yield* spawn(tracing)).parentId).toBeUndefined()
    }))

  shared("passes what lies in shared memory as itself", () =>
    run(function* () {
      const mutex = new SharedMutex()
      const count = new AtomicInt32()
      yield* joinAll([1, 2, 3].map(() => spawn(locking, mutex, count, 200)))
      expect(count.load()).toBe(600)
    }),
  )
})

describe("a context that goes along", () => {
  it("is cancelled there when it is cancelled here, with its cause and its values", () =>
    run(function* () {
      const parent = context.withValue(context.withValue(context.background, "user", { id: 7 }), Symbol.for("weft"), 1)
      const [ctx, cancel] = context.withCancel(parent)
      const goroutine = spawn(untilDone, ctx, "user")
      yield* sleep(5)
      cancel("enough")
      expect(yield* goroutine).toEqual({ err: "ContextCanceled", cause: "enough", value: { id: 7 }, symbol: 1 })
    }))

  it("is done there if it was here before, and meets its deadline there", () =>
    run(function* () {
      const [over, cancel] = context.withCancel(context.background)
      cancel()
      expect((yield* spawn(untilDone, over, "")).err).toBe("ContextCanceled")
      const [timed] = context.withTimeout(context.background, 20)
      expect((yield* spawn(untilDone, timed, "")).err).toBe("DeadlineExceeded")
    }))

  it("says there the deadline that it says here", () =>
    run(function* () {
      // A host's clock tells no fractions: what is off by one comes and goes with those.
      for (let i = 0; i < 50; i++) {
        const date = new Date(Date.now() + 60_000)
        const [ctx, cancel] = context.withDeadline(context.background, date)
        expect(yield* spawn(deadlineOf, ctx)).toEqual(date)
        cancel()
      }
    }))

  it("can be an abort signal", () =>
    run(function* () {
      const controller = new AbortController()
      const goroutine = spawn(untilAborted, controller.signal)
      yield* sleep(5)
      controller.abort("why")
      expect(yield* goroutine).toBe("why")
      expect(yield* spawn(untilAborted, AbortSignal.abort("before"))).toBe("before")
    }))

  it("ends the task as an option, and its goroutine panics with the cause when that has unwound", () =>
    run(function* () {
      const log = chan<string>(2)
      const [ctx, cancel] = context.withCancel(context.background)
      const goroutine = spawnWith({ context: ctx }, waiting, log)
      expect(yield* log.receive()).toBe("begun")
      const why = new Error("why")
      cancel(why)
      expect(yield* thrownBy(goroutine)).toBe(why)
      expect(log.tryReceive()).toEqual({ ok: true, value: "unwound" })
      const aborted = spawnWith({ signal: AbortSignal.abort(why) }, waiting, log)
      expect(yield* thrownBy(aborted)).toBe(why)
      expect(log.length).toBe(0)
    }))

  it.each(["context", "signal"] as const)(
    "ends the task as an option, no panic where nobody joins: a %s",
    async (by) => {
      const pool = new Pool({ threads: 1 })
      await run(function* () {
        const goroutine = yield* endsUnjoined(pool, by)
        expect(goroutine.wasInterrupted).toBe(true)
        expect(yield* thrownBy(goroutine)).toMatchObject({ message: "enough" })
        const words = chan<unknown>()
        const bystander = pool.spawn(receiveOne, words)
        expect(yield* pool.spawn(endsHelper, by)).toBe("ended")
        yield* words.send("still there")
        expect(yield* bystander).toEqual({ ok: true, value: "still there" })
      })
      expect(pool.stats.crashes).toBe(0)
      await pool.terminate()
    },
  )

  it("ends the task as an option, no panic where nobody joins: a deadline", () =>
    run(function* () {
      const pool = new Pool({ threads: 1 })
      const [ctx] = context.withTimeout(context.background, 1)
      const goroutine = pool.spawnWith({ context: ctx }, waiting, chan<string>(2))
      yield* pool.drain()
      expect(yield* thrownBy(goroutine)).toBe(ctx.err)
      void pool.terminate()
    }))

  it("ends the task as an option: an interruption meanwhile waits for that, too", () =>
    run(
      function* () {
        const log = chan<string>()
        const [ctx, cancel] = context.withCancel(context.background)
        const goroutine = spawnWith({ context: ctx }, waiting, log)
        const ended = go(thrownBy, goroutine)
        expect(yield* log.receive()).toBe("begun")
        cancel()
        while (goroutine.waitReason !== "task interrupted") yield* gosched()
        goroutine.interrupt()
        yield* gosched()
        expect(goroutine.status).toBe("waiting")
        expect(yield* log.receive()).toBe("unwound")
        expect(yield* ended).toBeInstanceOf(GoroutineInterrupted)
      },
      { deadlock: "fail" },
    ))
})

describe("an error that is no failure", () => {
  it("is the same as a thrown one there: among arguments and results, and sent over a channel", () =>
    run(function* () {
      const made = new NotFound("shoe")
      const [returned] = (yield* spawn(echo, [made])) as [NotFound]
      const out = chan<unknown>(1)
      yield* spawn(sendOne, out, { made })
      const { made: sent } = (yield* out.receive()) as { made: NotFound }
      for (const error of [returned, sent]) {
        expect(error).toBeInstanceOf(Error)
        expect(error).toMatchObject({ name: "NotFound", message: "no shoe", what: "shoe", stack: made.stack })
      }
    }))
})

describe("a task", () => {
  it("that is none is refused", () => {
    expect(() => spawn(function* () {} as never)).toThrow(InvalidTask)
    expect(() => spawnWith({ prioritty: 1 } as never, square, 1)).toThrow(InvalidOption)
  })

  it("that its module does not have is said to be missing", () =>
    run(function* () {
      const missing = task(new URL("./tasks/nowhere.ts", import.meta.url).href, "missing", function* () {})
      const error = yield* thrownBy(spawn(missing))
      expect(error).toBeInstanceOf(TaskNotFound)
    }))

  it("is another one where a module has two of one name: a bundler may have made it of two", () =>
    run(function* () {
      const [first, second] = twins
      expect([yield* spawn(first), yield* spawn(second)]).toEqual(["first", "second"])
      expect(first.key).not.toBe(second.key)
    }))
})
