/**
 * Effect's spans across threads: what a task traces hangs below the span in which it was spawned.
 */
import { currentServices, failure, isFailure, Op, runExit, type Yieldable } from "@weft/core"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Exit from "effect/Exit"
import * as Tracer from "effect/Tracer"
import type { AnyTask } from "../task.ts"

interface CarriedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly sampled: boolean
}

/** The span of whoever spawns now. */
export function spanHere(): CarriedSpan | undefined {
  const span = Context.getOrUndefined(currentServices(), Tracer.ParentSpan)
  return span === undefined ? undefined : { traceId: span.traceId, spanId: span.spanId, sampled: span.sampled }
}

/** A body that runs the task below that span, in a run of its own: services are a run's. */
export function* withSpan(
  span: unknown,
  task: AnyTask,
  args: ReadonlyArray<never>,
): Generator<Yieldable, unknown, unknown> {
  const services = Context.make(Tracer.ParentSpan, Tracer.externalSpan(span as CarriedSpan))
  const body = () => task(...args) as Generator<never, unknown, never>
  const exit = (yield* Op.fromPromise((signal) => runExit(body, { services, signal }))) as Exit.Exit<unknown, unknown>
  if (Exit.isSuccess(exit)) return exit.value
  const error = Cause.squash(exit.cause)
  throw exit.cause.reasons.some(Cause.isFailReason) && !isFailure(error) ? failure(error) : error
}
