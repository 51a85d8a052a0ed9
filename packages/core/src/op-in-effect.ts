/**
 * How an Effect fiber commits an op, which is an Effect like any other there.
 *
 *   Effect.gen:  yield* op --FiberCommit--> ready: its result, and the fiber never hears of it
 *                                      `--> not ready: the op is yielded as an Effect, and evaluated
 *   elsewhere:   Effect.map(op, ...) and the like evaluate it: `commitInFiber`
 *
 * No value is lost to an interruption. A ready op is not polled where the fiber is about to give way, as it would before it goes on
 * with the value; an op that was waited for resumes the fiber in its commit, synchronously, as Effect's own primitives do.
 */
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import { CallbackWaiter } from "./callback-waiter.ts"
import { isFailure } from "./failure.ts"
import { NotReady } from "./not-ready.ts"
import type { Op, OpIterator } from "./op.ts"
import { asNobody, defaultProcessor, type Processor } from "./processor.ts"
import { RunOfFiber } from "./run-of-fiber.ts"

/** Commits an op in the fiber that evaluates it. */
export function commitInFiber<A, E>(op: Op<A, E>, fiber: Fiber.Fiber<unknown, unknown>): Effect.Effect<A, E> {
  const commit = registration(op, fiber.getRef(RunOfFiber)?.processor ?? defaultProcessor)
  const mayGiveWay = fiber.currentOpCount + opsOfCommit >= fiber.cache.maxOpsBeforeYield
  return mayGiveWay ? Effect.flatMap(Effect.yieldNow, () => commit) : commit
}

/** What Effect's run loop counts from here until it goes on with a value that was ready. */
const opsOfCommit = 2

/** Poll and enqueue are in one registration, as the fiber may give way before it. */
function registration<A, E>(op: Op<A, E>, processor: Processor): Effect.Effect<A, E> {
  const { isYieldedToFiber } = op
  return Effect.callback<A, E>((resume) => {
    const finish = (raw: unknown): Effect.Effect<A, E> => {
      try {
        const result = op.finish(raw)
        if (isYieldedToFiber) op.deliver(result)
        return Effect.succeed(result)
      } catch (error) {
        return failing<E>(error)
      }
    }
    try {
      const raw = op.poll()
      if (raw !== NotReady) return resume(finish(raw))
    } catch (error) {
      return resume(failing<E>(error))
    }
    const waiter = new CallbackWaiter(
      processor,
      (raw) => asNobody(() => resume(finish(raw))),
      (error) => asNobody(() => resume(failing<E>(error))),
    )
    op.enqueue(waiter)
    return Effect.suspend(() => (op.dequeue(waiter) as Effect.Effect<unknown> | undefined) ?? Effect.void).pipe(
      Effect.asVoid,
    )
  })
}

/**
 * One commit in a fiber's generator (`Effect.gen`). What Effect sends back is a result already, so it must not be finished again; a
 * poll that fails is an Effect's failure, not a throw.
 */
export class FiberCommit<A, E> implements OpIterator<A, E> {
  #op: Op<A, E> | undefined
  readonly #mayPoll: boolean

  constructor(op: Op<A, E>, mayPoll: boolean) {
    this.#op = op
    this.#mayPoll = mayPoll
  }

  next(result?: unknown): IteratorResult<Op<A, E>, A> {
    const op = this.#op
    if (op === undefined) return { done: true, value: result as A }
    this.#op = undefined
    if (!this.#mayPoll) return { done: false, value: op }
    try {
      const raw = op.poll()
      return raw === NotReady ? { done: false, value: op } : { done: true, value: op.finish(raw) }
    } catch (error) {
      return { done: false, value: failing<E>(error) as unknown as Op<A, E> }
    }
  }
}

const failing = <E>(error: unknown): Effect.Effect<never, E> =>
  isFailure(error) ? Effect.fail(error as E) : Effect.die(error)
