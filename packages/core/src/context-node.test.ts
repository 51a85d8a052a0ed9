import { expect, it } from "vitest"
import { runVirtual } from "../test/support/virtual.ts"
import { type Clock, context, type Context, ContextCanceled, DeadlineExceeded, go, run, sleep } from "./index.ts"

it.each([
  [1, "cancelled"],
  [3, "deadline"],
])("what ended a context first is its cause, though nobody was watching: cancelled at %d, deadline 2", (at, cause) =>
  runVirtual(function* () {
    const [parent, cancel] = context.withCancel(context.background)
    const [child] = context.withTimeout(parent, 2, "deadline")
    yield* sleep(at)
    cancel("cancelled")
    yield* sleep(5)
    expect([parent.cause, child.cause]).toEqual(["cancelled", cause])
  }),
)

it("all who watch a context hear of its end, also behind one that throws; then whoever cancelled hears of that", () =>
  runVirtual(function* () {
    const [ctx, cancel] = context.withCancel(context.background)
    const [child] = context.withCancel(ctx)
    const heard: Array<string> = []
    ctx.afterFunc!(() => {
      throw new Error("a watcher's")
    })
    ctx.afterFunc!(() => heard.push("after it"))
    child.signal.addEventListener("abort", () => heard.push("child"))
    expect(() => cancel()).toThrow("a watcher's")
    expect(heard).toEqual(["after it", "child"])
    yield* child.done
  }))

it("who watches a parent hears of its deadline before who watches the child that found out", () =>
  run(function* () {
    const [parent] = context.withTimeout(context.background, 1)
    const [between] = context.withCancel(parent)
    const [child] = context.withCancel(between)
    const heard: Array<string> = []
    parent.afterFunc!(() => heard.push("parent"))
    child.afterFunc!(() => heard.push("child"))
    // So late that no timer has fired.
    for (const end = performance.now() + 5; performance.now() < end;);
    expect(child.err).toBeInstanceOf(DeadlineExceeded)
    expect(heard).toEqual(["parent", "child"])
    expect(between.err).toBe(child.err)
  }))

const depth = 100_000

/** A chain of contexts, one below the other, each made by `make`. */
function chain(root: Context, make: (parent: Context) => Context): Context {
  let innermost = root
  for (let i = 0; i < depth; i++) innermost = make(innermost)
  return innermost
}

const cancellable = (parent: Context): Context => context.withCancel(parent)[0]

it("a chain of contexts may be deeper than the stack: its end is found out", () => {
  const [root, cancel] = context.withCancel(context.background)
  const ctx = chain(root, cancellable)
  expect([ctx.err, ctx.deadline]).toEqual([undefined, undefined])
  cancel("why")
  expect([ctx.cause, ctx.signal.reason]).toEqual(["why", "why"])
})

it("a chain of contexts may be deeper than the stack: its end is told to all who watch, and no longer to who left", () =>
  runVirtual(function* () {
    const [root, cancel] = context.withCancel(context.background)
    const ctx = chain(root, cancellable)
    ctx.afterFunc!(() => undefined)()
    const waiting = go(ctx.done)
    const { signal } = ctx
    yield* sleep(1)
    cancel("why")
    expect(signal.reason).toBe("why")
    yield* waiting
  }))

it("a chain of contexts may be deeper than the stack: a deadline above goes down", () =>
  runVirtual(function* () {
    const ctx = chain(context.withTimeout(context.background, 5)[0], cancellable)
    yield* ctx.done
    expect(ctx.err).toBeInstanceOf(DeadlineExceeded)
  }))

it("a chain of contexts may be deeper than the stack: values are found", () => {
  const ctx = chain(context.withValue(context.background, "key", 1), (parent) => context.withValue(parent, parent, 2))
  expect([ctx.value("key"), ctx.value("none")]).toEqual([1, undefined])
})

it("one context may have more children than an argument list has room", () => {
  const [root, cancel] = context.withCancel(context.background)
  let heard = 0
  for (let i = 0; i < 2 * depth; i++) cancellable(root).afterFunc!(() => heard++)
  cancel()
  expect(heard).toBe(2 * depth)
})

it("all hear of an end in the order in which they began to watch, those of a child where it did", () => {
  const [root, cancel] = context.withCancel(context.background)
  const heard: Array<string> = []
  const tell = (ctx: Context, name: string) => ctx.afterFunc!(() => heard.push(name))
  const child = cancellable(root)
  tell(root, "first")
  tell(child, "child's first")
  tell(root, "last")
  tell(child, "child's last")
  cancel()
  expect(heard).toEqual(["first", "child's first", "child's last", "last"])
})

it("a function that is given twice is called twice, and taken back once", () => {
  const [root, cancel] = context.withCancel(context.background)
  let calls = 0
  const f = () => calls++
  const stops = [root.afterFunc!(f), root.afterFunc!(f), root.afterFunc!(f)]
  expect([stops[1]!(), stops[1]!()]).toEqual([true, false])
  cancel()
  expect([calls, stops[0]!()]).toEqual([2, false])
})

it("a child that a watcher cancels while its parent is ending has the cause from above, and ends once", () => {
  const [root, cancel] = context.withCancel(context.background)
  const [child, cancelChild] = context.withCancel(root)
  root.afterFunc!(() => cancelChild("its own"))
  let calls = 0
  child.afterFunc!(() => calls++)
  cancel("above")
  expect([child.cause, child.err, calls]).toEqual(["above", expect.any(ContextCanceled), 1])
})

it.each([
  [1e300, new Date(8.64e15)],
  [-1e300, new Date(-8.64e15)],
  [Infinity, undefined],
])("a timeout of %d has the deadline that a Date can tell", (millis, deadline) => {
  const [ctx] = context.withTimeout(context.background, millis)
  expect(ctx.deadline).toEqual(deadline)
  expect(ctx.err !== undefined).toBe(millis < 0)
})

it("a deadline is said as it was given, whenever it is asked for, and passes in time though the host's clock is set", () => {
  let millis = 0.05
  let set = 0
  const clock: Clock = {
    now: () => millis,
    // As hosts do: without fractions.
    wallNow: () => Math.floor(1e12 + 0.9 + millis) + set,
    wakeAt: () => undefined,
    jump: () => false,
  }
  const main = function* () {
    const date = new Date(1e12 + 5000)
    const [ctx] = context.withDeadline(context.background, date)
    const [timed] = context.withTimeout(context.background, 5000)
    const said = timed.deadline
    for (; millis < 3; millis += 0.1) expect([ctx.deadline, timed.deadline]).toEqual([date, said])
    expect(context.withTimeout(ctx, 10_000)[0].deadline).toEqual(date)
    set += 3_600_000
    expect(ctx.deadline).toEqual(date)
    const [child] = context.withTimeout(ctx, 1000)
    millis += 1001
    expect([ctx.err, child.err]).toEqual([undefined, expect.any(DeadlineExceeded)])
    millis += 4000
    expect(ctx.err).toBeInstanceOf(DeadlineExceeded)
  }
  return run(main, { plugins: [{ name: "a clock", setup: (runtime) => runtime.setClock(clock) }] })
})
