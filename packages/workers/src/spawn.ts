import {
  context as contexts,
  type Context,
  currentProcessor,
  type ErrorOf,
  go,
  type Goroutine,
  interruptedBy,
  type Yieldable,
} from "@weft/core"
import { select } from "@weft/channels"
import { Call, type Executor } from "./call.ts"
import { Packer } from "./carry/carrier.ts"
import { isPlainData, isPrimitive } from "./carry/plain-data.ts"
import { type AnyTask, InvalidTask, isTask, type Task } from "./task.ts"
import { spawnExecutor } from "./default-pool.ts"
import { checkedOptions, noOptions, type SpawnOptions } from "./spawn-options.ts"
import { spanHere } from "./carry/span.ts"
import { hasCarried, hasObjects, hasSpan } from "./wire.ts"

/**
 * Starts a task as a goroutine of whichever thread of the default pool comes to it first.
 *
 * What it gives is a goroutine of this thread, which waits for the other one: join it, interrupt it, select on it as on any other.
 *
 * Laws
 * - Arguments and results are copied (structured clone), but for channels, contexts, abort signals, tasks and what lies in shared memory, which are the
 *   same there (contexts and signals as arguments only), and for what {@link transfer} gives away. Don't change an argument after the call: it is
 *   copied when it is sent. A result is what it was when the task returned.
 * - What the task throws is thrown where it is joined, and a panic if nobody joins; a typed failure stays one.
 * - Interrupting it unwinds the task there, and this goroutine ends after it. One that does not unwind within a second takes its thread along.
 *
 * Errors: {@link NotCloneable} at the call, with the place in the arguments; as panics {@link WorkerCrashed}, {@link TaskNotFound}, {@link PoolStopped}.
 *
 * @example
 * const square = task(import.meta.url, "square", function* (n: number) { return n * n })
 * const nine = yield* spawn(square, 3)
 *
 * @see Go: the go statement
 * @since 0.3.0
 */
export function spawn<A, Y extends Yieldable, Args extends ReadonlyArray<unknown>>(
  task: Task<A, Y, Args>,
  ...args: Args
): Goroutine<A, ErrorOf<Y>> {
  return spawnOn(spawnExecutor(), noOptions, task, args)
}

/**
 * {@link spawn} with options: a priority, a key that stands for a thread, a context or signal that ends it.
 *
 * @example
 * const goroutine = spawnWith({ on: user.id, context: ctx }, charge, user, amount)
 *
 * @since 0.3.0
 */
export function spawnWith<A, Y extends Yieldable, Args extends ReadonlyArray<unknown>>(
  options: SpawnOptions,
  task: Task<A, Y, Args>,
  ...args: Args
): Goroutine<A, ErrorOf<Y>> {
  return spawnOn(spawnExecutor(), checkedOptions(options), task, args)
}

export function spawnOn<A, Y extends Yieldable, Args extends ReadonlyArray<unknown>>(
  executor: Executor,
  options: SpawnOptions,
  task: Task<A, Y, Args>,
  args: Args,
): Goroutine<A, ErrorOf<Y>> {
  if (!isTask(task)) throw new InvalidTask(undefined, task, "spawn")
  executor.reserve()
  const call = reservedCall(executor, options, task, args)
  const { context, signal } = options
  const goroutine =
    context === undefined && signal === undefined
      ? go.named(call.task.taskName, waitFor, call)
      : go.named(call.task.taskName, waitWithin, call, context, signal)
  call.goroutine = goroutine
  if (options.inline === true) call.run = goroutine.run
  // One that is interrupted before its first step never submits it.
  goroutine.onExit(() => call.goroutineEnded())
  return goroutine as Goroutine<A, ErrorOf<Y>>
}

/** The op that a spawned goroutine waits for; `executor` has kept a place for it. */
export function reservedCall(
  executor: Executor,
  options: SpawnOptions,
  task: AnyTask,
  args: ReadonlyArray<unknown>,
  flags = 0,
): Call {
  try {
    return callOf(executor, options, task, args, flags)
  } catch (error) {
    executor.release()
    throw error
  }
}

function callOf(
  executor: Executor,
  options: SpawnOptions,
  task: AnyTask,
  args: ReadonlyArray<unknown>,
  wanted: number,
): Call {
  const producer = currentProcessor().current?.id ?? 0
  const span = spanHere()
  const objects = args.every(isPrimitive) ? 0 : hasObjects
  const packer = objects === 0 || isPlainData(args, mostLookedAt) ? undefined : new Packer(task.taskName, undefined)
  const packed = packer?.pack(args, "args")
  const given = (packed?.value ?? args) as ReadonlyArray<unknown>
  const flags = wanted | objects | (packed?.isCarried === true ? hasCarried : 0) | (span === undefined ? 0 : hasSpan)
  return new Call(executor, task, span === undefined ? given : [span, ...given], flags, packer, options, producer)
}

/** In more than that the quick look is not what counts. */
const mostLookedAt = 1000

function* waitFor(call: Call) {
  return yield* call
}

/** The task is interrupted when the context is done, or the signal has aborted; that is no panic where nobody joins, and whoever does is thrown the cause. */
function* waitWithin(call: Call, given: Context | undefined, signal: AbortSignal | undefined) {
  const [ctx, cancel] = contexts.withCancel(given ?? contexts.background)
  const abort = () => cancel(signal!.reason)
  if (signal?.aborted === true) abort()
  else signal?.addEventListener("abort", abort)
  try {
    const hit = yield* select({ result: call, done: ctx.done })
    if (hit.case === "result") return hit.value
    // As when it is interrupted: not before the task has unwound.
    if (!call.isNew) yield* call.end()
    return yield* interruptedBy(ctx.cause)
  } finally {
    signal?.removeEventListener("abort", abort)
    cancel()
  }
}
