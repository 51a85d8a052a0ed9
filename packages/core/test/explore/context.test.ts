/** A tree of contexts in every schedule: who ends with whom, of what, and who is told. */
import { type Cancel, type Context, context, currentProcessor, go, type Goroutine, gosched, sleep } from "@weft/core"
import { explore, invariant } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { Counted, isDone, OwnContext } from "../support/foreign-context.ts"
import { expectNothingLeft } from "../support/left-over.ts"
import { planted } from "../support/planted.ts"
import { thrownBy } from "../support/thrown-by.ts"

const { afterFunc, background, withCancel, withDeadline, withoutCancel, withTimeout, withValue } = context

const cancelling = (cancel: Cancel, cause?: unknown): Goroutine<void> =>
  go.named("canceller", function* () {
    cancel(cause)
  })

/** Waits for its end, and gives its cause. */
const causeOf = (ctx: Context): Goroutine<unknown> => go(ctx.done.map(() => ctx.cause))

describe("cancel", () => {
  it("goes down to all below, at once, and never up or aside", async () => {
    const { schedules } = await explore.check({}, function* () {
      const [root, cancelRoot] = withCancel(background)
      const [left, cancelLeft] = withCancel(root)
      const [right] = withCancel(root)
      const leaf = withValue(left, "key", "value")
      const called = { root: false, left: false }
      const watcher = causeOf(leaf)
      const cancelled = go.named("cancels left", function* () {
        called.left = true
        cancelLeft()
        expect([left.err, leaf.err].map((err) => err?.name)).toEqual(["ContextCanceled", "ContextCanceled"])
      })
      invariant(() => isDone(root) === called.root, "the root ends by its own cancel alone")
      invariant(() => isDone(right) === called.root, "the right ends with the root alone")
      invariant(() => isDone(left) === (called.root || called.left), "the left ends by itself or with the root")
      invariant(() => isDone(leaf) === isDone(left), "the leaf ends with the left")
      yield* gosched()
      called.root = true
      cancelRoot()
      for (const goroutine of [cancelled, watcher]) yield* goroutine
      expectNothingLeft()
    })
    expect(schedules).toBe(54)
  })

  it("wakes all who wait below it, and no others", async () => {
    const { schedules } = await explore.check({}, function* () {
      const [root, cancelRoot] = withCancel(background)
      const [child, cancelChild] = withCancel(root)
      const woken: Array<string> = []
      const waiting = (name: string, ctx: Context) =>
        go(function* () {
          yield* ctx.done
          woken.push(name)
        })
      const [ofRoot, ofChild] = [waiting("root", root), waiting("child", child)]
      yield* cancelling(cancelChild)
      yield* ofChild
      expect(woken).toEqual(["child"])
      cancelRoot()
      yield* ofRoot
      expectNothingLeft()
    })
    expect(schedules).toBe(1330)
  })

  it("has the first cause for all, whoever else cancels, here or above", async () => {
    const causes = new Set<unknown>()
    const { schedules } = await explore.check({}, function* () {
      const [root, cancelRoot] = withCancel(background)
      const [child, cancelChild] = withCancel(root)
      const order: Array<string> = []
      const cancellers = [
        [cancelRoot, "root"],
        [cancelChild, "child"],
        [cancelChild, "again"],
      ].map(([cancel, cause]) =>
        go(function* () {
          order.push(cause as string)
          ;(cancel as Cancel)(cause)
        }),
      )
      const watcher = causeOf(child)
      const cause = yield* watcher
      expect(cause).toBe(order[0])
      for (const canceller of cancellers) yield* canceller
      expect([child.cause, root.cause]).toEqual([order[0], "root"])
      causes.add(cause)
      expectNothingLeft()
    })
    expect(causes).toEqual(new Set(["root", "child", "again"]))
    expect(schedules).toBe(1164)
  })

  it("of one that nobody watched is found out by whoever asks, with the same cause", async () => {
    const { schedules } = await explore.check({}, function* () {
      const [root, cancelRoot] = withCancel(background)
      const [child, cancelChild] = withCancel(root)
      const order: Array<string> = []
      const cancellers = [
        go(function* () {
          order.push("root")
          cancelRoot("root")
        }),
        go(function* () {
          order.push("child")
          cancelChild("child")
        }),
      ]
      for (const canceller of cancellers) yield* canceller
      expect(child.cause).toBe(order[0])
      expect(yield* causeOf(child)).toBe(order[0])
    })
    expect(schedules).toBe(18)
  })

  it("while a child is being made leaves none out: it is born done or ends with its parent", async () => {
    const { schedules } = await explore.check({}, function* () {
      const [root, cancelRoot] = withCancel(background)
      const canceller = cancelling(cancelRoot, "cause")
      const makers = [withCancel, (parent: Context) => withTimeout(parent, 1000)].map((make) =>
        go(function* () {
          const [child] = make(root)
          yield* gosched()
          yield* child.done
          return child.cause
        }),
      )
      for (const maker of makers) expect(yield* maker).toBe("cause")
      yield* canceller
      expectNothingLeft()
    })
    expect(schedules).toBe(2220)
  })

  it("aborts the signal with the cause, whenever it was first asked for", async () => {
    const { schedules } = await explore.check({}, function* () {
      const [root, cancelRoot] = withCancel(background)
      const [child] = withCancel(root)
      const canceller = cancelling(cancelRoot, "cause")
      const asking = go(function* () {
        const { signal } = child
        expect(signal.aborted).toBe(root.err !== undefined)
        yield* child.done
        expect([signal.aborted, signal.reason]).toEqual([true, "cause"])
      })
      yield* asking
      yield* canceller
      expectNothingLeft()
    })
    expect(schedules).toBe(13)
  })
})

describe("whoever waits for a context's end", () => {
  const options: ReadonlyArray<readonly [string, (parent: Context) => readonly [Context, Cancel]]> = [
    ["withCancel", withCancel],
    ["withTimeout", (parent) => withTimeout(parent, 1000)],
    ["withDeadline", (parent) => withDeadline(parent, new Date(currentProcessor().clock.wallNow() + 1000))],
    ["withValue", (parent) => [withValue(parent, "key", 1), () => undefined]],
  ]

  it.each(options)("leaves nothing behind, interrupted at whatever step: %s", async (_, make) => {
    const ends = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const [root, cancelRoot] = withCancel(background)
      const parent = new Counted(root)
      const [ctx] = make(parent)
      const waiting = go(ctx.done)
      const interrupter = go(function* () {
        waiting.interrupt()
        if (waiting.status !== "done") expect(parent.watchers.size).toBe(0)
      })
      yield* gosched()
      cancelRoot()
      const error = yield* thrownBy(waiting.join())
      ends.add(error === undefined ? "ended" : "interrupted")
      yield* interrupter
      expect(parent.watchers.size).toBe(0)
      expectNothingLeft()
    })
    expect(ends).toEqual(new Set(["ended", "interrupted"]))
    expect(schedules).toBe(39)
  })

  it("leaves the others their link to the parent, and the last one takes it along", async () => {
    const { schedules } = await explore.check({}, function* () {
      const parent = new Counted(withCancel(background)[0])
      const [child] = withTimeout(parent, 1000)
      const stop = child.afterFunc!(() => expect.unreachable("stopped"))
      const waiting = go(child.done)
      const interrupter = go(function* () {
        waiting.interrupt()
        expect([parent.watchers.size, currentProcessor().timers.size]).toEqual([1, 1])
      })
      yield* thrownBy(waiting.join())
      yield* interrupter
      expect(stop()).toBe(true)
      expect(parent.watchers.size).toBe(0)
      expectNothingLeft()
    })
    expect(schedules).toBe(10)
  })
})

describe("a deadline", () => {
  it.each([
    ["jumps", 10],
    ["races", 536],
  ] as const)("and a cancel: the earlier one by time counts, for all (the clock %s)", async (clock, count) => {
    const ends = new Set<string>()
    const { schedules } = await explore.check({ clock }, function* () {
      const time = currentProcessor().clock
      const [root, cancel] = withTimeout(background, 10, "late")
      const [child] = withCancel(root)
      let cancelledAt = Infinity
      const canceller = go(function* () {
        yield* sleep(5)
        cancelledAt = time.now()
        cancel("cancelled")
      })
      const cause = yield* causeOf(child)
      yield* canceller
      expect(cause).toBe(cancelledAt < 10 ? "cancelled" : "late")
      expect(root.cause).toBe(cause)
      ends.add(cause as string)
      expectNothingLeft()
    })
    expect(ends.has("cancelled")).toBe(true)
    expect(schedules).toBe(count)
  })

  it("that comes at the very instant of a cancel has come first, whoever runs first", async () => {
    const { schedules } = await explore.check({}, function* () {
      const [ctx, cancel] = withTimeout(background, 10)
      const canceller = go(function* () {
        yield* sleep(10)
        cancel("cancelled")
      })
      yield* ctx.done
      yield* canceller
      expect(ctx.err).toMatchObject({ name: "DeadlineExceeded" })
      expectNothingLeft()
    })
    expect(schedules).toBe(18)
  })

  it("is the parent's where that is earlier, and the cause with it", async () => {
    const { schedules } = await explore.check({}, function* () {
      const [root] = withTimeout(background, 5, "root")
      const [child] = withTimeout(root, 10, "child")
      const [sibling] = withTimeout(root, 3, "sibling")
      const watchers = [root, child, sibling].map(causeOf)
      const causes: Array<unknown> = []
      for (const watcher of watchers) causes.push(yield* watcher)
      expect(causes).toEqual(["root", "root", "sibling"])
      expectNothingLeft()
    })
    expect(schedules).toBe(1440)
  })

  it("holds a timer only while somebody watches", async () => {
    const { schedules } = await explore.check({}, function* () {
      const { timers } = currentProcessor()
      const [ctx] = withTimeout(background, 1000)
      expect(timers.size).toBe(0)
      const waiting = go(ctx.done)
      const interrupter = go(function* () {
        waiting.interrupt()
      })
      invariant(() => timers.size === (waiting.waitReason === "context done" ? 1 : 0), "a timer for whoever waits")
      yield* interrupter
      yield* thrownBy(waiting.join())
      expectNothingLeft()
    })
    expect(schedules).toBe(21)
  })
})

describe("withoutCancel", () => {
  it("keeps the values and never ends, and so do those below it but by their own", async () => {
    const { schedules } = await explore.check({}, function* () {
      const [root, cancelRoot] = withCancel(withValue(background, "key", "value"))
      const apart = withoutCancel(root)
      const [below, cancelBelow] = withCancel(apart)
      invariant(() => !isDone(apart), "never done")
      const canceller = cancelling(cancelRoot)
      const watcher = causeOf(below)
      yield* canceller
      expect([below.err, below.value("key")]).toEqual([undefined, "value"])
      cancelBelow("own")
      expect(yield* watcher).toBe("own")
      expectNothingLeft()
    })
    expect(schedules).toBe(26)
  })
})

describe("afterFunc", () => {
  const stopped = (stopper: (stop: () => boolean) => boolean) =>
    function* () {
      const [ctx, cancel] = withCancel(background)
      let ran = 0
      const stop = afterFunc(ctx, () => ran++)
      const canceller = cancelling(cancel)
      const stops = [0, 1].map(() =>
        go(function* () {
          return stopper(stop)
        }),
      )
      const prevented: Array<boolean> = []
      for (const goroutine of stops) prevented.push(yield* goroutine)
      yield* canceller
      // What runs at last is the function's own goroutine.
      yield* gosched()
      yield* sleep(1)
      expect(prevented.filter((it) => it).length).toBe(1 - ran)
      expectNothingLeft()
    }

  it("runs its function once, or was stopped: stop is true for the one that prevented it", async () => {
    const { schedules } = await explore.check(
      {},
      stopped((stop) => stop()),
    )
    expect(schedules).toBe(139)
  })

  it("runs in a goroutine of its own, after the cancel, whenever it was registered", async () => {
    const { schedules } = await explore.check({}, function* () {
      const [ctx, cancel] = withCancel(background)
      const ran: Array<string> = []
      let isCancelling = false
      const register = (name: string) =>
        go(function* () {
          afterFunc(ctx, function* () {
            expect(isCancelling).toBe(false)
            expect(ctx.err).toMatchObject({ name: "ContextCanceled" })
            yield* gosched()
            ran.push(name)
          })
        })
      const registered = [register("a"), register("b")]
      yield* gosched()
      isCancelling = true
      cancel()
      expect(ran).toEqual([])
      isCancelling = false
      for (const goroutine of registered) yield* goroutine
      yield* sleep(1)
      expect(ran.sort()).toEqual(["a", "b"])
      expectNothingLeft()
    })
    expect(schedules).toBe(2082)
  })

  it("explore finds a stop that says yes to everybody", async () => {
    const error = await planted(
      stopped((stop) => {
        stop()
        return true
      }),
    )
    expect(error).toMatchObject({ name: "AssertionError" })
  })
})

describe("explore finds", () => {
  it("a context that forgets to tell one who begins to wait while it is being cancelled", async () => {
    /** Commits its waiters, but says that it is done a step later. */
    class Late extends OwnContext {
      override cancel(err: Error): void {
        this.waiters.commitAll(undefined)
        const self = this
        go.named("late", function* () {
          self.err = err
        })
      }
    }
    const error = await planted(function* () {
      const parent = new Late()
      const [child] = withCancel(parent)
      const waiting = causeOf(child)
      yield* gosched()
      parent.cancel(new Error("over"))
      yield* waiting
    })
    expect(error).toMatchObject({ name: "DeadlockError" })
  })

  it("a context that keeps whoever has stopped watching", async () => {
    class Keeping extends Counted {
      override afterFunc(f: () => void): () => boolean {
        super.afterFunc(f)
        return () => true
      }
    }
    const error = await planted(function* () {
      const parent = new Keeping(withCancel(background)[0])
      const waiting = go(withCancel(parent)[0].done)
      const interrupter = go(function* () {
        waiting.interrupt()
      })
      yield* thrownBy(waiting.join())
      yield* interrupter
      expect(parent.watchers.size).toBe(0)
    })
    expect(error).toMatchObject({ name: "AssertionError" })
  })
})
