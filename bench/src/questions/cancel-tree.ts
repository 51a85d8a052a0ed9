/**
 * A tree of 10,000 contexts, ten children each, and a goroutine waiting for each; the root is cancelled and all of them end. A batch is
 * the whole tree, from the first context to the last goroutine's end.
 */
import { context, type Context, go, gosched, run } from "@weft/core"
import { WaitGroup } from "@weft/sync"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { TimeQuestion } from "../question.ts"

const size = 10_000
const children = 10

export const question: TimeQuestion = {
  name: "cancel-tree",
  title: "Cancellation tree of 10,000",
  measures: "time",
  operation: "context",
  operations: size,
  target: {},
  missing: { "thi.ng": "has no cancellation", "js-csp": "has no cancellation" },
  remarks: {
    promises: "AbortControllers, each listening to its parent's signal",
    effect: "a tree of fibers: interrupting the root interrupts its children",
  },
  checksum: (batches) => batches * size,
  weft: (batches) =>
    run(function* () {
      let cancelled = 0
      const waiter = function* (wg: WaitGroup, ctx: Context) {
        yield* ctx.done
        cancelled++
        wg.done()
      }
      for (let batch = 0; batch < batches; batch++) {
        const [root, cancel] = context.withCancel(context.background)
        const nodes = [root]
        const wg = new WaitGroup()
        wg.add(size)
        for (let i = 0; i < size; i++) {
          const parent = nodes[Math.floor((i - 1) / children)]
          if (parent !== undefined) nodes.push(context.withCancel(parent)[0])
          go(waiter, wg, nodes[i] ?? root)
        }
        yield* gosched() // once round the run queue, so that all of them wait before the root is cancelled
        cancel()
        yield* wg.wait()
      }
      return cancelled
    }),
  rivals: { promises, effect },
}

async function promises(batches: number): Promise<number> {
  let cancelled = 0
  const waiter = async (signal: AbortSignal) => {
    await new Promise((resolve) => {
      signal.addEventListener("abort", resolve, { once: true })
    })
    cancelled++
  }
  for (let batch = 0; batch < batches; batch++) {
    const root = new AbortController()
    const nodes = [root]
    const all: Array<Promise<void>> = []
    for (let i = 0; i < size; i++) {
      const parent = nodes[Math.floor((i - 1) / children)]
      if (parent !== undefined) {
        const node = new AbortController()
        parent.signal.addEventListener(
          "abort",
          () => {
            node.abort()
          },
          { once: true },
        )
        nodes.push(node)
      }
      all.push(waiter((nodes[i] ?? root).signal))
    }
    await Promise.resolve()
    root.abort()
    await Promise.all(all)
  }
  return cancelled
}

function effect(batches: number): Promise<number> {
  return Effect.runPromise(
    Effect.gen(function* () {
      let cancelled = 0
      const count = Effect.sync(() => {
        cancelled++
      })
      const body = Effect.fnUntraced(function* (i: number): Effect.fn.Return<never> {
        for (let child = i * children + 1; child <= (i + 1) * children && child < size; child++) {
          yield* Effect.forkChild(node(child))
        }
        return yield* Effect.never
      })
      const node = (i: number): Effect.Effect<never> => Effect.onInterrupt(body(i), () => count)
      for (let batch = 0; batch < batches; batch++) {
        const root = yield* Effect.forkChild(node(0))
        // Each level of the tree takes a turn of the scheduler to start the next.
        for (let level = 0; level < 6; level++) yield* Effect.yieldNow
        yield* Fiber.interrupt(root)
      }
      return cancelled
    }),
  )
}
