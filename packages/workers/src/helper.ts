/**
 * Helper: runs tasks in the thread that spawned them, those that allow it and that no other thread has begun.
 *
 * It is a goroutine that gives way before each task: what else is runnable here goes before. Each run has its own, which takes that run's tasks: they
 * end with it, have its clock and its services, and no other run can take them along.
 */
import { currentProcessor, go, type Goroutine, gosched, type Processor, Waiter, type Yieldable } from "@weft/core"
import type { Call, RunOfCall } from "./call.ts"
import { resultAsSent, thrownAsSent } from "./carry/as-sent.ts"
import { unpackValue } from "./carry/unpack.ts"
import { hasCarried, hasSpan } from "./wire.ts"

type Ended = (call: Call, error: { readonly thrown: unknown } | undefined, value: unknown) => void

export class Helper {
  readonly #ended: Ended
  readonly #running = new Map<Call, Goroutine<unknown, unknown>>()
  readonly #helping = new Set<RunOfCall>()

  constructor(ended: Ended) {
    this.#ended = ended
  }

  /** By a goroutine of `run`. `take` gives its next task to run here, already counted out of wherever it was. */
  start(run: RunOfCall, take: () => Call | undefined): void {
    if (this.#helping.has(run)) return
    this.#helping.add(run)
    const helper = this
    // Not in a `finally` block: one that is cancelled before its first step comes to none.
    const goroutine = go.named("task helper", function* () {
      // First: a thread that has nothing to do takes a task sooner than this one comes to it.
      yield* gosched()
      for (let call = take(); call !== undefined; call = take()) {
        yield* helper.#run(call)
        yield* gosched()
      }
    })
    goroutine.onExit(() => this.#helping.delete(run))
  }

  interrupt(call: Call): void {
    this.#running.get(call)?.interrupt()
  }

  *#run(call: Call): Generator<Yieldable, void, unknown> {
    const end = (error: { readonly thrown: unknown } | undefined, value: unknown) => {
      this.#running.delete(call)
      if (error !== undefined) return this.#ended(call, { thrown: thrownAsSent(error.thrown) }, undefined)
      let result: unknown
      try {
        result = resultAsSent(call.task.taskName, value)
      } catch (thrown) {
        return this.#ended(call, { thrown }, undefined)
      }
      this.#ended(call, undefined, result)
    }
    try {
      const args = argsOf(call) as ReadonlyArray<never>
      const goroutine = go<unknown, Yieldable, ReadonlyArray<never>>(call.task, ...args)
      this.#running.set(call, goroutine)
      goroutine.join().enqueue(new TaskEnd(end))
    } catch (thrown) {
      end({ thrown }, undefined)
    }
    yield* gosched()
  }
}

/** The arguments as another thread would have them. */
function argsOf({ along, args, flags }: Call): ReadonlyArray<unknown> {
  // Here the span is at hand anyway.
  const cloned = structuredClone((flags & hasSpan) === 0 ? args : args.slice(1))
  if ((flags & hasCarried) === 0) return cloned
  const watched = along?.watched ?? []
  return unpackValue(cloned, ({ what }) => {
    const { id } = what as { readonly id: number }
    return watched.find((each) => each.id === id)?.original
  }) as ReadonlyArray<unknown>
}

class TaskEnd extends Waiter {
  readonly processor: Processor = currentProcessor()
  readonly #end: (error: { readonly thrown: unknown } | undefined, value: unknown) => void

  constructor(end: (error: { readonly thrown: unknown } | undefined, value: unknown) => void) {
    super()
    this.#end = end
  }

  commit(value: unknown): void {
    this.#end(undefined, value)
  }

  fail(thrown: unknown): void {
    this.#end({ thrown }, undefined)
  }
}
