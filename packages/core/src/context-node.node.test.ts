/** What only the garbage collector shows: who is kept by a context. */
import { describe, expect, it } from "vitest"
import { collect, isCollected } from "../test/support/collected.node.ts"
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
