import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { Mailbox } from "../test/support/mailbox.ts"
import { context, DeadlockError, go, type Goroutine, hold, never, Op, run, scope, sleep } from "./index.ts"
import { virtualTime } from "./testing/index.ts"

/** The run's deadlock, or it did not fail with one. */
async function deadlockOf(running: Promise<unknown>): Promise<DeadlockError> {
  const error: unknown = await running.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(DeadlockError)
  return error as DeadlockError
}

/** So many turns of the host. */
async function turns(n: number): Promise<void> {
  for (let i = 0; i < n; i++) await new Promise((resolve) => setTimeout(resolve, 0))
}

function abortedAfter(later: Promise<void>): AbortSignal {
  const abort = new AbortController()
  void later.then(() => abort.abort())
  return abort.signal
}

describe("a deadlock report", () => {
  it("reads like Go's: the headline, then each goroutine, main first, then what to do", async () => {
    const box = new Mailbox<number>()
    let ids: Array<number> = []
    const error = await deadlockOf(
      run(
        function* () {
          const sleeper = go.named("late", function* receiver() {
            yield* sleep("3 minutes")
            yield* box.take
          })
          const early = go(function* early() {
            yield* box.take
          })
          ids = [sleeper.id, early.id]
          yield* sleep("5 minutes")
          yield* sleeper
        },
        { deadlock: "fail", debug: true, plugins: [virtualTime()] },
      ),
    )
    const file = String.raw`\(?\S*deadlock\.test\.ts\S*:\d+:\d+\)?`
    const text = error.message.replaceAll(/ at (.*? )?(\S*deadlock\.test\.ts\S*)/g, " at FRAME")
    expect(error.message).toMatch(new RegExp(String.raw`\n {4}at .*${file}`))
    const [headline, main, late, early, todo] = text.split("\n\n")
    expect(headline).toBe("all goroutines are asleep - deadlock!")
    expect(main).toMatch(/^goroutine \d+ \[join\]: main\n {4}waits for goroutine \d+ \(late\)\n {4}at FRAME$/)
    expect(late).toBe(`goroutine ${ids[0]} [mailbox, 2 minutes]: late\n    at FRAME\n  started at FRAME`)
    expect(early).toBe(`goroutine ${ids[1]} [mailbox, 5 minutes]: early\n    at FRAME\n  started at FRAME`)
    expect(todo).toMatch(/^What to do:\n {2}- if a host callback will wake one of them, say so: `using _ = hold\(\)`/)
  })

  it("says where a scope's child and a callback's goroutine were started, and who started what no line of the program did", async () => {
    const error = await deadlockOf(
      run(
        function* () {
          const [ctx, cancel] = context.withCancel(context.background)
          context.afterFunc(ctx, function* callback() {
            yield* never
          })
          yield* scope(function* body(s) {
            s.go(function* child() {
              yield* never
            })
            cancel()
            yield* never
          })
        },
        { deadlock: "fail", debug: true, plugins: [virtualTime()] },
      ),
    )
    const by = new Map(error.goroutines.map((each) => [each.name, each]))
    for (const name of ["child", "callback"]) expect(by.get(name)!.startedAt).toMatch(/deadlock\.test\.ts/)
    expect(by.get("body")!.parentId).toBe(error.goroutines.find(({ isMain }) => isMain)!.id)
    expect(error.message).toMatch(/\[never\]: body\n {4}at .*\n {2}started by goroutine \d+/)
  })

  it("carries every goroutine as data", async () => {
    const error = await deadlockOf(
      run(
        function* () {
          go.named("child", never)
          yield* never
        },
        { deadlock: "fail" },
      ),
    )
    expect(error.goroutines).toMatchObject([
      { name: "main", isMain: true, status: "waiting", waitReason: "never" },
      { name: "child", isMain: false, status: "waiting", waitReason: "never" },
    ])
    expect(error.goroutines[0]!.waitsAt[0]).toContain("deadlock.test.ts")
  })

  it("says where inside delegated generators a goroutine waits, innermost first", async () => {
    function* inner() {
      yield* never
    }
    function* outer() {
      yield* inner()
    }
    const error = await deadlockOf(run(outer, { deadlock: "fail" }))
    const names = error.goroutines[0]!.waitsAt.map((frame) => /inner|outer/.exec(frame)?.[0])
    expect(names.slice(0, 2)).toEqual(["inner", "outer"])
  })

  it.each([
    [150, 100, "\n\n... and 50 more goroutines\n\n"],
    [101, 100, "\n\n... and 1 more goroutines\n\n"],
    [100, 100, undefined],
    [3, 3, undefined],
  ])("of %d goroutines lists %d one by one and counts the rest, if any; the data has all", async (n, listed, rest) => {
    const error = await deadlockOf(
      run(
        function* () {
          for (let i = 1; i < n; i++) go.named(`child ${i}`, never)
          yield* never
        },
        { deadlock: "fail" },
      ),
    )
    expect(error.goroutines).toHaveLength(n)
    expect(error.message.match(/^goroutine \d+ /gm)).toHaveLength(listed)
    if (rest === undefined) expect(error.message).not.toContain("more goroutines")
    else expect(error.message).toContain(rest)
  })
})

describe("deadlock: fail", () => {
  it("is at once, and runs the finally blocks of all before run rejects", async () => {
    const order: Array<string> = []
    await deadlockOf(
      run(
        function* () {
          go(function* () {
            try {
              yield* never
            } finally {
              yield* sleep(1)
              order.push("child")
            }
          })
          try {
            yield* never
          } finally {
            order.push("main")
          }
        },
        { deadlock: "fail" },
      ),
    )
    expect(order).toEqual(["main", "child"])
  })

  it("is also for those who are left when main waits no more: remaining: wait", async () => {
    await deadlockOf(
      run(
        function* () {
          go(never)
        },
        { deadlock: "fail", remaining: "wait" },
      ),
    )
  })

  it("is not while a timer that somebody waits on, a promise, a signal or hold can wake one", async () => {
    const abort = new AbortController()
    const box = new Mailbox<string>()
    const woken = await run(
      function* () {
        const all: Array<Goroutine<unknown, never>> = [
          go(sleep(1)),
          go(Op.fromPromise(new Promise((resolve) => setTimeout(resolve, 2)))),
          go(Op.fromAbortSignal(abort.signal)),
        ]
        setTimeout(() => abort.abort(), 3)
        for (const goroutine of all) yield* goroutine
        using _ = hold()
        setTimeout(() => box.put("held"), 2)
        return yield* box.take
      },
      { deadlock: "fail" },
    )
    expect(woken).toBe("held")
  })

  it.each([
    ["a promise", (later: Promise<void>) => Op.fromPromise(later)],
    ["a signal", (later: Promise<void>) => Op.fromAbortSignal(abortedAfter(later))],
    ["an effect", (later: Promise<void>) => Effect.promise(() => later)],
  ])("is not while %s alone can wake one, however many turns of the host later", async (_, wait) => {
    await run(
      function* () {
        yield* wait(turns(10))
      },
      { deadlock: "fail" },
    )
  })

  it("is not where the host wakes one before its turn is over; the next time that all are asleep it is", async () => {
    const box = new Mailbox<string>()
    const order: Array<string> = []
    await deadlockOf(
      run(
        function* () {
          // Called right after this slice, in the same turn of the host.
          queueMicrotask(() => box.put("woken"))
          order.push(yield* box.take)
          yield* sleep(1)
          order.push("went on")
          yield* never
        },
        { deadlock: "fail" },
      ),
    )
    expect(order).toEqual(["woken", "went on"])
  })

  it("is as soon as plain code gives up the last timer", async () => {
    const abort = new AbortController()
    const sleeping = sleep("1 hour").promise(abort.signal)
    let isDeadlocked = false
    const deadlocked = deadlockOf(run(never, { deadlock: "fail" })).then(() => (isDeadlocked = true))
    await turns(5)
    expect(isDeadlocked).toBe(false)
    abort.abort("enough")
    await expect(sleeping).rejects.toBe("enough")
    await deadlocked
  })

  it("counts hold also where the run has a clock of its own, and each hold once however often it is disposed of", async () => {
    const box = new Mailbox<string>()
    const held = hold()
    const woken = run(
      function* () {
        setTimeout(() => box.put("held"), 2)
        expect(yield* box.take).toBe("held")
        held[Symbol.dispose]()
        held[Symbol.dispose]()
        yield* never
      },
      { deadlock: "fail", plugins: [virtualTime()] },
    )
    await deadlockOf(woken)
  })

  it.each([
    ["", []],
    [", also where the run has a clock of its own", [virtualTime()]],
  ] as const)("is as soon as plain code gives up the last hold, though nothing runs%s", async (_, plugins) => {
    const held = [hold(), hold()]
    let isDeadlocked = false
    const deadlocked = deadlockOf(run(never, { deadlock: "fail", plugins })).then(() => (isDeadlocked = true))
    for (const each of held) {
      await turns(5)
      expect(isDeadlocked).toBe(false)
      each[Symbol.dispose]()
    }
    await deadlocked
  })

  it("is of the runs on a thread that are all asleep, each with its own goroutines", async () => {
    const [first, second] = await Promise.all([
      deadlockOf(run(never, { deadlock: "fail" })),
      deadlockOf(
        run(
          function* two() {
            go(never)
            yield* never
          },
          { deadlock: "fail" },
        ),
      ),
    ])
    expect([first.goroutines.length, second.goroutines.length]).toEqual([1, 2])
  })
})

describe("deadlock: ignore", () => {
  it("neither fails nor reports, and the host may wake a goroutine much later", async () => {
    const box = new Mailbox<number>()
    const running = run(
      function* () {
        return yield* box.take
      },
      {
        deadlock: "ignore",
        onDeadlock: () => {
          throw new Error("reported")
        },
      },
    )
    await turns(5)
    box.put(1)
    expect(await running).toBe(1)
  })
})
