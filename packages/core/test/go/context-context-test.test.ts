/** Go's context/context_test.go and context/afterfunc_test.go. */
import { context, type Context, ContextCanceled, go, gosched, joinAll, NotReady, Op, run } from "@weft/core"
import { describe, expect, it } from "vitest"
import { underSchedules } from "../support/under-schedules.ts"
import { runVirtual } from "../support/virtual.ts"

const { background, withCancel, withTimeout, withValue, afterFunc } = context

/** A foreign context that counts who hears of its end, with an `afterFunc` of its own or none. */
class Custom implements Context {
  err: Error | undefined
  readonly deadline = undefined
  readonly signal = new AbortController().signal
  readonly #listeners = new Set<() => void>()
  readonly #waiters = new Set<Parameters<Op<void>["enqueue"]>[0]>()
  declare afterFunc?: (f: () => void) => () => boolean

  constructor(options: { readonly hasAfterFunc: boolean }) {
    if (options.hasAfterFunc)
      this.afterFunc = (f) => {
        this.#listeners.add(f)
        return () => this.#listeners.delete(f)
      }
  }
  get cause() {
    return this.err
  }
  get listening() {
    return this.#listeners.size
  }
  get waiting() {
    return this.#waiters.size
  }
  get done(): Op<void> {
    return Op.make<void>({
      name: "custom done",
      poll: () => (this.err === undefined ? NotReady : undefined),
      enqueue: (waiter) => void this.#waiters.add(waiter),
      dequeue: (waiter) => void this.#waiters.delete(waiter),
    })
  }
  value(): undefined {
    return undefined
  }
  cancel(): void {
    this.err ??= new ContextCanceled()
    for (const waiter of this.#waiters) waiter.commit(undefined)
    for (const listener of this.#listeners) listener()
    this.#waiters.clear()
    this.#listeners.clear()
  }
}

describe("context/context_test", () => {
  underSchedules("ParentFinishesChild: the end goes down to every watched child, and all links are gone", function* () {
    const custom = new Custom({ hasAfterFunc: true })
    const [parent, cancel] = withCancel(custom)
    const children = [withCancel(parent)[0], withValue(parent, "key", 1), withTimeout(parent, "1 hour")[0]]
    const waiting = children.map((child) => go(child.done))
    for (let i = 0; i < 20; i++) yield* gosched()
    // One link up for all of them.
    expect(custom.listening).toBe(1)
    cancel()
    for (const child of children) expect(child.err).toBeInstanceOf(ContextCanceled)
    expect(custom.listening).toBe(0)
    yield* joinAll(waiting)
  })

  underSchedules("ChildFinishesFirst: a child that ends leaves its parent, and its siblings untouched", function* () {
    const custom = new Custom({ hasAfterFunc: true })
    const [first, cancelFirst] = withCancel(custom)
    const [second, cancelSecond] = withCancel(custom)
    const waiting = [go(first.done), go(second.done)]
    for (let i = 0; i < 20; i++) yield* gosched()
    expect(custom.listening).toBe(2)
    cancelFirst()
    expect(custom.listening).toBe(1)
    expect([second.err, custom.err]).toEqual([undefined, undefined])
    cancelSecond()
    expect(custom.listening).toBe(0)
    yield* joinAll(waiting)
  })

  underSchedules("CancelRemoves: who stops watching leaves no link behind", function* () {
    for (const hasAfterFunc of [true, false]) {
      const custom = new Custom({ hasAfterFunc })
      const [child] = withCancel(custom)
      const [grandchild] = withCancel(child)
      const links = () => custom.listening + custom.waiting
      const waiting = go(grandchild.done)
      const stop = afterFunc(grandchild, () => undefined)
      for (let i = 0; i < 20; i++) yield* gosched()
      expect(links()).toBe(1)
      stop()
      expect(links()).toBe(1)
      waiting.interrupt()
      expect(links()).toBe(0)
      const stopAgain = afterFunc(grandchild, () => undefined)
      expect(links()).toBe(1)
      stopAgain()
      expect(links()).toBe(0)
    }
  })

  it("CustomContextGoroutines: neither a context nor a foreign parent starts a goroutine", () => {
    let created = 0
    const counting = {
      name: "counting",
      setup: (runtime: { listen(hooks: object): void }) => runtime.listen({ create: () => created++ }),
    }
    return run(
      function* () {
        const custom = new Custom({ hasAfterFunc: false })
        const [child, cancel] = withCancel(custom)
        const [grandchild] = withTimeout(child, "1 hour")
        grandchild.signal
        cancel()
        expect(grandchild.err).toBeInstanceOf(ContextCanceled)
        // Main.
        expect(created).toBe(1)
        yield* gosched()
      },
      { plugins: [counting] },
    )
  })
})

describe("context/afterfunc_test", () => {
  underSchedules(
    "CustomContextAfterFunc... ×6: a parent's own afterFunc is used: for cancelling, waiting and afterFunc",
    function* () {
      const custom = new Custom({ hasAfterFunc: true })
      const [child] = withCancel(custom)
      const [late] = withTimeout(custom, "1 hour")
      let calls = 0
      afterFunc(custom, () => {
        calls++
      })
      const waiting = [go(child.done), go(late.done)]
      for (let i = 0; i < 20; i++) yield* gosched()
      expect([custom.listening, custom.waiting]).toEqual([3, 0])
      custom.cancel()
      yield* joinAll(waiting)
      for (const ctx of [child, late]) expect(ctx.err).toBeInstanceOf(ContextCanceled)
      for (let i = 0; i < 20; i++) yield* gosched()
      expect(calls).toBe(1)
    },
  )

  it("CustomContextAfterFunc... ×6: is unregistered by stop, by the child's own end and by its timeout", () =>
    runVirtual(function* () {
      const custom = new Custom({ hasAfterFunc: true })
      const stop = afterFunc(custom, () => undefined)
      expect(custom.listening).toBe(1)
      expect([stop(), stop(), custom.listening]).toEqual([true, false, 0])
      const [late] = withTimeout(custom, 5)
      yield* late.done
      expect(custom.listening).toBe(0)
      const [child, cancel] = withCancel(custom)
      child.signal
      expect(custom.listening).toBe(1)
      cancel()
      expect(custom.listening).toBe(0)
    }))

  it("CustomContextAfterFunc... ×6: of one that is done already calls at once", () =>
    runVirtual(function* () {
      const custom = new Custom({ hasAfterFunc: true })
      custom.cancel()
      const [child] = withCancel(custom)
      expect(child.err).toBe(custom.err)
      expect(custom.listening).toBe(0)
      expect([background.err, child.signal.aborted]).toEqual([undefined, true])
      yield* gosched()
    }))
})
