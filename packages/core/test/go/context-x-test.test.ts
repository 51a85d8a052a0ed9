/**
 * Go's context/x_test.go. Where Go compares with its two error values, Weft has classes: each context has an error of its own,
 * with its own stack.
 */
import {
  type Cancel,
  context,
  type Context,
  ContextCanceled,
  ContextMisuse,
  currentProcessor,
  DeadlineExceeded,
  go,
  gosched,
  sleep,
} from "@weft/core"
import { describe, expect, it } from "vitest"
import { Counted, isDone, OwnContext, Wrapped } from "../support/foreign-context.ts"
import { underSchedules } from "../support/under-schedules.ts"
import { waitIdle } from "../support/virtual.ts"

const { background, withCancel, withDeadline, withTimeout, withValue, withoutCancel, afterFunc } = context
const virtual = { time: "virtual" } as const
const hour = 3_600_000

const now = () => currentProcessor().clock.now()
const dateIn = (millis: number) => new Date(currentProcessor().clock.wallNow() + millis)

describe("context/x_test.go", () => {
  underSchedules(
    "Background: it and what hangs on it without a cancel is never done, however long one waits",
    function* () {
      for (const ctx of [background, withValue(background, "key", 1)]) {
        const waiting = go(function* () {
          yield* ctx.done
        })
        yield* sleep(1000 * hour)
        expect([waiting.status, isDone(ctx), ctx.err, ctx.cause, ctx.deadline]).toEqual([
          "waiting",
          false,
          undefined,
          undefined,
          undefined,
        ])
        expect(ctx.signal.aborted).toBe(false)
        waiting.interrupt()
      }
    },
    virtual,
  )

  underSchedules("WithCancel: child, foreign wrapper and grandchild are done as soon as cancel returns", function* () {
    const [first, cancel] = withCancel(background)
    const wrapper = new Wrapped(first)
    const [grandchild] = withCancel(wrapper)
    const all = [first, wrapper, grandchild]
    const woken: Array<number> = []
    const waiters = all.map((ctx, i) =>
      go(function* () {
        yield* ctx.done
        woken.push(i)
      }),
    )
    yield* gosched()
    expect(all.map((ctx) => [isDone(ctx), ctx.err])).toEqual(all.map(() => [false, undefined]))
    cancel()
    for (const ctx of all) {
      expect(isDone(ctx)).toBe(true)
      expect(ctx.err).toBeInstanceOf(ContextCanceled)
    }
    for (const waiter of waiters) yield* waiter
    expect(woken.sort()).toEqual([0, 1, 2])
  })

  /** Done exactly then, for one who waits and for one who only asks. */
  function* endsAt(make: () => Context, millis: number) {
    const begin = now()
    const [waited, asked] = [make(), make()]
    yield* waited.done
    expect(now() - begin).toBe(millis)
    for (const ctx of [waited, asked]) {
      expect(ctx.err).toBeInstanceOf(DeadlineExceeded)
      expect(ctx.cause).toBe(ctx.err)
      expect(isDone(ctx)).toBe(true)
    }
    const late = make()
    if (millis > 0) {
      yield* sleep(millis - 1)
      expect(late.err).toBeUndefined()
    } else expect(late.err).toBeInstanceOf(DeadlineExceeded)
  }

  for (const [name, within] of [
    ["Deadline", (parent: Context, millis: number) => withDeadline(parent, dateIn(millis))[0]],
    ["Timeout", (parent: Context, millis: number) => withTimeout(parent, millis)[0]],
  ] as const) {
    underSchedules(`${name}: is exact`, () => endsAt(() => within(background, 10), 10), virtual)
    underSchedules(
      `${name}: reaches through a foreign wrapper`,
      () => endsAt(() => new Wrapped(within(background, 10)), 10),
      virtual,
    )
    underSchedules(
      `${name}: an outer, earlier one holds for an inner, later one, also through a foreign wrapper`,
      function* () {
        yield* endsAt(() => within(within(background, 10), 1000 * hour), 10)
        yield* endsAt(() => within(new Wrapped(within(background, 10)), 1000 * hour), 10)
      },
      virtual,
    )
    underSchedules(
      `${name}: an inner, earlier one leaves the outer, later one alone`,
      function* () {
        const outer = within(background, 20)
        yield* endsAt(() => within(outer, 5), 5)
        expect(outer.err).toBeUndefined()
        expect(within(outer, 5).deadline).toEqual(dateIn(5))
        expect(within(outer, 50).deadline).toEqual(outer.deadline)
      },
      virtual,
    )
    underSchedules(
      `${name}: in the past, or now, is done at once`,
      function* () {
        for (const millis of [-1, 0]) yield* endsAt(() => within(background, millis), 0)
      },
      virtual,
    )
  }

  underSchedules(
    "CanceledTimeout: an earlier cancel wins, and stays when the deadline comes",
    function* () {
      const [outer] = withTimeout(background, 1000)
      const [ctx, cancel] = withTimeout(new Wrapped(outer), hour)
      cancel()
      expect(isDone(ctx)).toBe(true)
      const { err } = ctx
      expect(err).toBeInstanceOf(ContextCanceled)
      yield* sleep(2 * hour)
      expect(ctx.err).toBe(err)
      expect(outer.err).toBeInstanceOf(DeadlineExceeded)
    },
    virtual,
  )

  it("Values: the nearest wins, equal-looking keys differ, undefined shadows, foreign wrappers hand on", () => {
    // Of one description, and one of another type that prints the same.
    const [k1, k2, k3] = [Symbol("key"), Symbol("key"), "key"]
    const check = (ctx: Context, ...values: ReadonlyArray<unknown>) =>
      expect([k1, k2, k3].map((key) => ctx.value(key))).toEqual(values)
    const none = undefined
    check(background, none, none, none)
    const c1 = withValue(background, k1, "c1k1")
    check(c1, "c1k1", none, none)
    const c2 = withValue(c1, k2, "c2k2")
    check(c2, "c1k1", "c2k2", none)
    const c3 = withValue(c2, k3, "c3k3")
    check(c3, "c1k1", "c2k2", "c3k3")
    const c4 = withValue(c3, k1, undefined)
    check(c4, none, "c2k2", "c3k3")
    check(withValue(c4, k1, "again"), "again", "c2k2", "c3k3")
    check(c3, "c1k1", "c2k2", "c3k3")
    const o1 = new Wrapped(c1)
    check(o1, "c1k1", none, none)
    check(withValue(o1, k2, "o2k2"), "c1k1", "o2k2", none)
    check(withValue(new Wrapped(c4), k3, undefined), none, "c2k2", none)
    const [inTree] = withTimeout(withCancel(c3)[0], 1)
    check(inTree, "c1k1", "c2k2", "c3k3")
  })

  underSchedules(
    "Allocs: a context that nobody watches holds no timer and stands in no list; watched, one of each",
    function* () {
      const before = currentProcessor().timers.size
      const timers = () => currentProcessor().timers.size - before
      const parent = new Counted(withCancel(background)[0])
      const made = Array.from({ length: 100 }, () => withTimeout(withValue(parent, "key", 1), hour))
      for (const [ctx] of made) expect(ctx.err).toBeUndefined()
      expect([timers(), parent.watchers.size]).toEqual([0, 0])
      const [[ctx, cancel]] = made as [(typeof made)[0]]
      expect(ctx.signal).toBe(ctx.signal)
      afterFunc(ctx, () => undefined)
      const waiting = go(function* () {
        yield* ctx.done
      })
      yield* gosched()
      expect([timers(), parent.watchers.size]).toEqual([1, 1])
      cancel()
      expect([timers(), parent.watchers.size]).toEqual([0, 0])
      yield* waiting
    },
    virtual,
  )

  underSchedules("SimultaneousCancels: a tree cancelled in any order is done throughout", function* () {
    const all: Array<readonly [Context, Cancel]> = [withCancel(background)]
    for (let i = 0; all.length < 100; i++) for (let child = 0; child < 4; child++) all.push(withCancel(all[i]![0]))
    const waiters = all.map(([ctx]) =>
      go(function* () {
        yield* ctx.done
      }),
    )
    for (const [, cancel] of all) {
      go(function* () {
        yield* gosched()
        cancel()
      })
    }
    for (const waiter of waiters) yield* waiter
    for (const [ctx] of all) expect(ctx.err).toBeInstanceOf(ContextCanceled)
  })

  underSchedules("InterlockedCancels: one woken by the parent cancels the child", function* () {
    const [parent, cancelParent] = withCancel(background)
    const [child, cancelChild] = withCancel(parent)
    const waiting = go(function* () {
      yield* child.done
    })
    const interlocked = go(function* () {
      yield* parent.done
      cancelChild("too late")
    })
    yield* gosched()
    cancelParent("parent's")
    yield* waiting
    yield* interlocked
    expect(child.cause).toBe("parent's")
  })

  for (const name of ["LayersCancel", "LayersTimeout"]) {
    underSchedules(
      `${name}: of 30 random layers the innermost is done once one is, and keeps every value`,
      function* ({ seed }) {
        let state = seed + 1
        const below = (n: number) => (state = (state * 48_271) % 2_147_483_647) % n
        const keys: Array<object> = []
        const cancels: Array<Cancel> = []
        const millis = name === "LayersTimeout" ? 1 : hour
        let timeouts = 0
        let ctx = background
        for (let i = 0; i < 30 || timeouts === 0 || cancels.length === 0 || keys.length === 0; i++) {
          const kind = below(3)
          if (kind === 0) {
            const key = {}
            ctx = withValue(ctx, key, key)
            keys.push(key)
            continue
          }
          const [layer, cancel] = kind === 1 ? withCancel(ctx) : withTimeout(ctx, millis)
          if (kind === 2) timeouts++
          ctx = layer
          cancels.push(cancel)
        }
        const haveValues = () => keys.every((key) => ctx.value(key) === key)
        expect([isDone(ctx), haveValues()]).toEqual([false, true])
        const waiting = go(function* () {
          yield* ctx.done
        })
        yield* gosched()
        if (name === "LayersCancel") {
          cancels[below(cancels.length)]!()
          expect(isDone(ctx)).toBe(true)
        }
        yield* waiting
        expect(ctx.err).toBeInstanceOf(name === "LayersCancel" ? ContextCanceled : DeadlineExceeded)
        expect(haveValues()).toBe(true)
      },
      virtual,
    )
  }

  underSchedules(
    "WithCancelCanceledParent: a child is born done, with the parent's cause, whatever its own deadline",
    function* () {
      const [parent, cancel] = withCancel(background)
      cancel("because")
      yield* sleep(10)
      for (const ctx of [
        withCancel(parent)[0],
        withValue(parent, "key", 1),
        withTimeout(parent, hour)[0],
        withTimeout(parent, 0)[0],
        withTimeout(parent, -20, "too slow")[0],
        withDeadline(new Wrapped(parent), dateIn(-20))[0],
      ]) {
        expect(isDone(ctx)).toBe(true)
        expect(ctx.err).toBeInstanceOf(ContextCanceled)
        expect(ctx.cause).toBe("because")
        expect(ctx.signal.reason).toBe("because")
      }
    },
    virtual,
  )

  underSchedules(
    "WithCancelSimultaneouslyCanceledParent: a child made while the parent is cancelled has its cause",
    function* () {
      for (let i = 0; i < 100; i++) {
        const [parent, cancelParent] = withCancel(background)
        go(function* () {
          cancelParent("because")
        })
        if (i % 2 === 0) yield* gosched()
        const [ctx] = withCancel(parent)
        yield* ctx.done
        expect(ctx.err).toBeInstanceOf(ContextCanceled)
        expect(ctx.cause).toBe("because")
      }
    },
  )

  it("WithValueChecksKey: a key that could not be found again is refused", () => {
    for (const key of [null, undefined]) expect(() => withValue(background, key, "bar")).toThrow("nil key")
    expect(() => withValue(background, NaN, "bar")).toThrow("key is not comparable")
    expect(() => withValue(background, NaN, "bar")).toThrow(ContextMisuse)
    for (const key of [0, "", false]) expect(withValue(background, key, "bar").value(key)).toBe("bar")
  })

  it("InvalidDerivedFail: nothing can be made from no parent", () => {
    for (const nil of [undefined, null, {}] as unknown as ReadonlyArray<Context>) {
      for (const derive of [
        () => withCancel(nil),
        () => withDeadline(nil, new Date(0)),
        () => withTimeout(nil, 1),
        () => withValue(nil, "foo", "bar"),
        () => withoutCancel(nil),
        () => afterFunc(nil, () => undefined),
      ]) {
        expect(derive).toThrow("cannot create context from nil parent")
        expect(derive).toThrow(ContextMisuse)
      }
    }
  })

  it("DeadlineExceededSupportsTimeout: it says that it is a timeout, in Go's words; a cancel does not", () => {
    const [late] = withTimeout(background, 0)
    expect(late.err).toMatchObject({ timeout: true, message: "context deadline exceeded" })
    const [canceled, cancel] = withCancel(background)
    cancel()
    expect(canceled.err).not.toHaveProperty("timeout")
    expect(canceled.err!.message).toBe("context canceled")
  })

  /** Foreign, and cancelled by itself or soon after its parent. */
  function newCustomContext(parent: Context): readonly [Context, () => void] {
    const custom = new OwnContext()
    afterFunc(parent, () => custom.cancel(parent.err!))
    // Asked like Go's: a custom context has no cause of its own, so its parent's is taken.
    Object.defineProperty(custom, "cause", { get: () => custom.err && (parent.cause ?? custom.err) })
    return [custom, () => custom.cancel(new ContextCanceled())]
  }

  const forever = 1e9
  type ErrorClass = typeof ContextCanceled | typeof DeadlineExceeded
  /** "err": the same as `err`. */
  const cases: ReadonlyArray<readonly [string, () => Context, ErrorClass | undefined, unknown]> = [
    ["Background", () => background, undefined, undefined],
    [
      "WithCancel",
      () => {
        const [ctx, cancel] = withCancel(background)
        cancel()
        return ctx
      },
      ContextCanceled,
      "err",
    ],
    [
      "WithCancelCause",
      () => {
        const [ctx, cancel] = withCancel(background)
        cancel("parent's")
        return ctx
      },
      ContextCanceled,
      "parent's",
    ],
    [
      "WithCancelCause nil",
      () => {
        const [ctx, cancel] = withCancel(background)
        cancel(undefined)
        return ctx
      },
      ContextCanceled,
      "err",
    ],
    ...(
      [
        ["parent cause before child", "parent's", "child's", true, "parent's"],
        ["parent cause after child", "parent's", "child's", false, "child's"],
        ["parent cause before nil", "parent's", undefined, true, "parent's"],
        ["parent cause after nil", "parent's", undefined, false, "err"],
        ["child cause after nil", undefined, "child's", true, "err"],
        ["child cause before nil", undefined, "child's", false, "child's"],
      ] as const
    ).map(
      ([name, parents, childs, isParentFirst, cause]) =>
        [
          `WithCancelCause, ${name}`,
          () => {
            const [parent, cancelParent] = withCancel(background)
            const [ctx, cancelChild] = withCancel(parent)
            if (isParentFirst) cancelParent(parents)
            cancelChild(childs)
            if (!isParentFirst) cancelParent(parents)
            return ctx
          },
          ContextCanceled,
          cause,
        ] as const,
    ),
    ...(
      [
        ["WithTimeout", 0, undefined, DeadlineExceeded, "err"],
        ["WithTimeout canceled", forever, undefined, ContextCanceled, "err"],
        ["WithTimeoutCause", 0, "too slow", DeadlineExceeded, "too slow"],
        ["WithTimeoutCause canceled", forever, "too slow", ContextCanceled, "err"],
      ] as const
    ).map(
      ([name, millis, tooSlow, err, cause]) =>
        [
          name,
          () => {
            const [ctx, cancel] = withTimeout(background, millis, tooSlow)
            cancel()
            return ctx
          },
          err,
          cause,
        ] as const,
    ),
    ...(
      [
        ["WithTimeoutCause stacked", 0, DeadlineExceeded, "too slow"],
        ["WithTimeoutCause stacked canceled", forever, ContextCanceled, "finished early"],
      ] as const
    ).map(
      ([name, millis, err, cause]) =>
        [
          name,
          () => {
            const [parent, cancel] = withCancel(background)
            const [ctx] = withTimeout(parent, millis, "too slow")
            cancel("finished early")
            return ctx
          },
          err,
          cause,
        ] as const,
    ),
    ["WithoutCancel", () => withoutCancel(background), undefined, undefined],
    [
      "WithoutCancel canceled",
      () => {
        const [parent, cancel] = withCancel(background)
        const ctx = withoutCancel(parent)
        cancel("finished early")
        return ctx
      },
      undefined,
      undefined,
    ],
    ["WithoutCancel timeout", () => withoutCancel(withTimeout(background, 0, "too slow")[0]), undefined, undefined],
    [
      "parent of custom context not canceled",
      () => {
        const [parent] = withCancel(background)
        const [custom, cancel] = newCustomContext(parent)
        const [ctx] = withCancel(custom)
        cancel()
        return ctx
      },
      ContextCanceled,
      "err",
    ],
    [
      "parent of custom context is canceled before",
      () => {
        const [parent, cancelParent] = withCancel(background)
        const [custom, cancel] = newCustomContext(parent)
        const [ctx] = withCancel(custom)
        cancelParent("parent's")
        cancel()
        return ctx
      },
      ContextCanceled,
      "parent's",
    ],
    [
      "parent of custom context is canceled after, and none had asked",
      () => {
        const [parent, cancelParent] = withCancel(background)
        const [custom, cancel] = newCustomContext(parent)
        const [ctx] = withCancel(custom)
        cancel()
        cancelParent("parent's")
        return ctx
      },
      ContextCanceled,
      // As in Go: a custom context can't tell which came first.
      "parent's",
    ],
  ]
  for (const [name, make, err, cause] of cases) {
    underSchedules(
      `Cause: ${name}`,
      function* () {
        const ctx = make()
        const check = () => {
          if (err === undefined) expect(ctx.err).toBeUndefined()
          else expect(ctx.err).toBeInstanceOf(err)
          expect(ctx.cause).toBe(cause === "err" ? ctx.err : cause)
        }
        check()
        // Whatever else happens, an end once found out stays.
        yield* sleep(1)
        check()
      },
      virtual,
    )
  }

  underSchedules("CauseRace: one who polls the cause sees the right one", function* () {
    const [ctx, cancel] = withCancel(background)
    go(function* () {
      yield* gosched()
      cancel("cause")
    })
    let polls = 0
    for (; ctx.cause === undefined; polls++) yield* gosched()
    expect(ctx.cause).toBe("cause")
    expect(polls).toBeGreaterThan(0)
  })

  underSchedules("ContextErrDoneRace: once err is there, done is ready", function* () {
    for (let i = 0; i < 10; i++) {
      const [ctx, cancel] = withCancel(background)
      const { done } = ctx
      go(function* () {
        cancel()
      })
      while (ctx.err === undefined) yield* gosched()
      expect(done.poll()).toBeUndefined()
    }
  })

  underSchedules(
    "WithoutCancel: keeps the values and nothing else, whatever becomes of its parent",
    function* () {
      const [parent, cancel] = withTimeout(withValue(background, "key", "value"), 10)
      const ctx = withoutCancel(parent)
      const waiting = go(function* () {
        yield* ctx.done
      })
      let isCalled = false
      const stop = afterFunc(ctx, () => {
        isCalled = true
      })
      yield* sleep(20)
      cancel()
      yield* waitIdle()
      expect([ctx.deadline, isDone(ctx), ctx.err, ctx.cause]).toEqual([undefined, false, undefined, undefined])
      expect([ctx.value("key"), waiting.status, ctx.signal.aborted, isCalled]).toEqual([
        "value",
        "waiting",
        false,
        false,
      ])
      expect(stop()).toBe(true)
      const [child, cancelChild] = withCancel(ctx)
      cancelChild()
      expect(child.err).toBeInstanceOf(ContextCanceled)
      waiting.interrupt()
    },
    virtual,
  )

  underSchedules(
    "CustomContextPropagation: a foreign parent with a done of its own hands on err and cause",
    function* () {
      const latch = new OwnContext()
      const [first, cancelFirst] = withCancel(background)
      class CustomDone extends Wrapped {
        override get done() {
          return latch.done
        }
      }
      const [ctx] = withCancel(new CustomDone(first))
      const waiting = go(function* () {
        yield* ctx.done
      })
      yield* gosched()
      cancelFirst("cause")
      latch.cancel(new ContextCanceled())
      yield* waiting
      expect(ctx.err).toBeInstanceOf(ContextCanceled)
      expect(ctx.cause).toBe("cause")
    },
  )

  it("CustomContextCause: causes of a foreign parent and of its child are kept apart", () => {
    const parent = new OwnContext()
    const [ctx, cancel] = withCancel(parent)
    cancel("cause")
    expect([ctx.cause, parent.err]).toEqual(["cause", undefined])
    const { err } = ctx
    parent.cancel(new DeadlineExceeded())
    expect([ctx.err, ctx.cause]).toEqual([err, "cause"])
    expect(err).toBeInstanceOf(ContextCanceled)

    const second = new OwnContext()
    const [child, cancelChild] = withCancel(second)
    second.cancel(new ContextCanceled())
    cancelChild("too late")
    expect([child.err, child.cause]).toEqual([second.err, second.err])
  })

  underSchedules(
    "AfterFuncCalledAfterCancel: called once, and not before; then stop says false",
    function* () {
      const [ctx, cancel] = withCancel(background)
      let calls = 0
      const stop = afterFunc(ctx, () => {
        calls++
      })
      yield* sleep(hour)
      expect(calls).toBe(0)
      cancel()
      cancel()
      expect(stop()).toBe(false)
      yield* waitIdle()
      expect(calls).toBe(1)
      expect(stop()).toBe(false)
    },
    virtual,
  )

  underSchedules(
    "AfterFuncCalledAfterTimeout: called at the deadline",
    function* () {
      const begin = now()
      let calledAt = -1
      const [ctx] = withTimeout(background, 10)
      const stop = afterFunc(ctx, () => {
        calledAt = now() - begin
      })
      yield* sleep(20)
      expect([calledAt, stop()]).toEqual([10, false])
    },
    virtual,
  )

  underSchedules(
    "AfterFuncCalledImmediately: called soon, in a goroutine of its own, if the context is done already",
    function* () {
      const [ctx, cancel] = withCancel(background)
      cancel()
      let calls = 0
      const stop = afterFunc(ctx, () => {
        calls++
      })
      expect([calls, stop()]).toEqual([0, false])
      yield* waitIdle()
      expect(calls).toBe(1)
    },
    virtual,
  )

  underSchedules(
    "AfterFuncCalledAsynchronously: cancel does not wait for the function, which may wait itself",
    function* () {
      const [ctx, cancel] = withCancel(background)
      const log: Array<string> = []
      afterFunc(ctx, function* () {
        log.push("called")
        yield* sleep(hour)
        log.push("ended")
      })
      cancel()
      log.push("cancel returned")
      yield* sleep(1)
      expect(log).toEqual(["cancel returned", "called"])
      yield* sleep(hour)
      expect(log).toEqual(["cancel returned", "called", "ended"])
    },
    virtual,
  )

  underSchedules(
    "AfterFuncNotCalledAfterStop: a stopped one is not called, others are, and the second stop says false",
    function* () {
      const [ctx, cancel] = withCancel(background)
      const calls: Array<string> = []
      const stop = afterFunc(ctx, () => {
        calls.push("stopped")
      })
      afterFunc(ctx, () => {
        calls.push("other")
      })
      expect([stop(), stop()]).toEqual([true, false])
      cancel()
      yield* waitIdle()
      expect([calls, stop()]).toEqual([["other"], false])
    },
    virtual,
  )
})
