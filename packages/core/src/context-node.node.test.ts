/** What only the garbage collector shows, who is kept by a context; and what only a process does, whether one keeps it up. */
import { describe, expect, it } from "vitest"
import { collect, isCollected } from "../test/support/collected.node.ts"
import { program } from "../test/support/program.node.ts"
import { context } from "./context.ts"

const key = Symbol("key")
const endless = {
  background: () => context.background,
  "a value on background": () => context.withValue(context.background, key, 1),
  "a context cut off from its parent": () => context.withoutCancel(context.withCancel(context.background)[0]),
}

describe.each(Object.entries(endless))("a context that can't end, %s", (_, make) => {
  it("keeps no function that is to run after it", async () => {
    const ctx = make()
    const kept = () => {
      const f = () => undefined
      context.afterFunc(ctx, f)
      return new WeakRef<object>(f)
    }
    expect(await isCollected(kept)).toBe(true)
    expect(ctx.err).toBeUndefined()
  })

  it("keeps nobody who waits for its end", async () => {
    const ctx = make()
    expect(await isCollected(() => new WeakRef<object>(ctx.done.promise()))).toBe(true)
    expect(ctx.err).toBeUndefined()
  })

  it("still says, once, that the function was kept from running", () => {
    const stop = context.afterFunc(make(), () => undefined)
    expect([stop(), stop()]).toEqual([true, false])
  })
})

it("a context that can end keeps the function as long as it has not", async () => {
  const [ctx, cancel] = context.withCancel(context.withoutCancel(context.background))
  let calls = 0
  const kept = (() => {
    const f = () => {
      calls++
    }
    context.afterFunc(ctx, f)
    return new WeakRef<object>(f)
  })()
  await new Promise((resolve) => setImmediate(resolve))
  collect()
  expect(kept.deref()).toBeDefined()
  cancel()
  await new Promise((resolve) => setImmediate(resolve))
  expect(calls).toBe(1)
})

describe.concurrent("a process that has read a signal", () => {
  /** Ends at once, as nobody waits for the deadline: says at its exit whether that had come. */
  const endsEarly = (source: string) =>
    program(`
      import { context, go, Op, run, sleep } from "@weft/core"
      const [ctx, cancel] = context.withTimeout(context.background, "20 seconds")
      process.on("exit", () => console.log(ctx.err?.name ?? "before the deadline"))
      ${source}
    `)
  const early = { code: 0, stdout: "before the deadline\n", stderr: "" }

  it.each([
    ["only read", `ctx.signal`],
    ["a child's", `context.withCancel(context.withValue(ctx, "key", 1))[0].signal`],
    ["used in a run that is over", `await run(function* () { yield* Op.fromPromise(async () => ctx.signal.aborted) })`],
    ["used where a goroutine had waited as well", `ctx.signal; run(function* () { go(ctx.done); yield* sleep(1) })`],
    ["used where others had asked to be told", `ctx.signal; const stop = context.afterFunc(ctx, () => {}); stop()`],
    ["read while others had asked to be told", `const stop = context.afterFunc(ctx, () => {}); ctx.signal; stop()`],
    ["of one beside it that is waited for", `ctx.signal; await context.withTimeout(ctx, 20)[0].done.promise()`],
    [
      "of one above what has ended",
      `const [child, end] = context.withCancel(ctx); child.afterFunc(() => {}); ctx.signal; end()`,
    ],
  ])("exits before the deadline: %s", async (_, source) => {
    expect(await endsEarly(source)).toEqual(early)
  })

  it.each([
    ["a function that is to run then", `context.afterFunc(ctx, () => console.log("on time"))`],
    ["a promise of the end", `ctx.done.promise().then(() => console.log("on time"))`],
    ["the same below it", `context.withCancel(ctx)[0].done.promise().then(() => console.log("on time"))`],
    ["a goroutine", `go(function* () { yield* ctx.done; console.log("on time") })`],
    ["a sleep that lasts longer", `sleep(200).promise().then(() => console.log("on time"))`],
    [
      "a goroutine that waits for what the signal ends",
      `await run(function* () { yield* Op.fromPromise(() => aborted) }); console.log("on time")`,
    ],
    [
      "a goroutine of a run with a clock of its own, that waits for what the signal ends",
      `const clock = { now: () => 0, wallNow: () => 0, wakeAt() {}, jump: () => false }
       await run(
         function* () { yield* Op.fromPromise(() => aborted) },
         { plugins: [{ name: "clock", setup: (runtime) => runtime.setClock(clock) }] },
       )
       console.log("on time")`,
    ],
  ])("stays up for %s", async (_, source) => {
    const ended = await program(`
      import { context, go, Op, run, sleep } from "@weft/core"
      const [ctx] = context.withTimeout(context.background, 100)
      const { signal } = ctx
      const aborted = new Promise((resolve) => signal.aborted ? resolve() : signal.addEventListener("abort", resolve))
      ${source}
    `)
    expect(ended).toEqual({ code: 0, stdout: "on time\n", stderr: "" })
  })
})
