import { GoroutinePanic, isFailure } from "@weft/core"
import type { Call } from "./call.ts"
import { type CarriedThrow, unpackError } from "./carry/error.ts"
import { unpackValue } from "./carry/unpack.ts"
import { messageOf, notMade } from "./not-cloneable.ts"
import { Transfer } from "./transfer.ts"
import * as Ended from "./task-ended.ts"
import { valueIsCarried, valueIsMoved } from "./wire.ts"
import { TaskNotFound } from "./worker-crashed.ts"

/** What has become of a task, for those who count. */
export type Outcome = "completed" | "failed" | "interrupted"

/** Brings a call to its end by what its thread has answered. `thread`, on which it ran, is named in the stack of an error. */
export function settleCall(call: Call, code: number, packed: unknown, thread?: string): Outcome {
  switch (code & ~(valueIsCarried | valueIsMoved)) {
    case Ended.Returned: {
      let value: unknown
      try {
        value = resultOf(call, code, packed)
      } catch (error) {
        // Whoever waits is told, and not whoever takes the thread's messages: many others wait for those.
        call.panicked(notMade(call.task.taskName, "its result", messageOf(error)))
        return "failed"
      }
      call.returned(value)
      return "completed"
    }
    case Ended.Failed:
      call.failed(withSite(call, unpackError(packed as CarriedThrow, where(call, thread))))
      return "failed"
    case Ended.Interrupted:
      call.interrupted()
      return "interrupted"
    case Ended.NotFound: {
      const [modules, why, carried] = packed as [ReadonlyArray<string>, string, CarriedThrow?]
      const cause = carried === undefined ? undefined : unpackError(carried, undefined)
      call.panicked(withSite(call, new TaskNotFound(call.task.taskName, modules, why, cause)))
      return "failed"
    }
    default:
      call.panicked(withSite(call, unpackError(packed as CarriedThrow, where(call, thread))))
      return "failed"
  }
}

/** Adds where its task was spawned, if that was captured, to the stack of an error that was made for it. */
export function withSite({ goroutine }: Call, error: unknown): unknown {
  if (goroutine?.startedAt === undefined || !(error instanceof Error)) return error
  // It knows which frames are the program's own.
  const { startedAt } = new GoroutinePanic(0, "", goroutine.startedAt, error)
  if (startedAt !== undefined) error.stack = `${error.stack ?? String(error)}\n  spawned at ${startedAt}`
  return error
}

const where = ({ executor, task }: Call, thread: string | undefined): string | undefined =>
  thread === undefined ? undefined : `at task "${task.taskName}" on thread ${thread} of ${executor.label}`

function resultOf({ isRelayed }: Call, code: number, packed: unknown): unknown {
  if ((code & (valueIsCarried | valueIsMoved)) === 0) return packed
  const [value, moved] = (code & valueIsMoved) === 0 ? [packed] : (packed as [unknown, ReadonlyArray<object>])
  const made = (code & valueIsCarried) === 0 ? value : unpackValue(value, nothingElse)
  // The other thread is given what this one was given.
  return isRelayed && moved !== undefined ? new Transfer(made, moved) : made
}

/** The same for one that ran in this thread, and has thrown. */
export function settleThrown(call: Call, thrown: unknown): Outcome {
  if (isFailure(thrown)) call.failed(thrown)
  else call.panicked(thrown)
  return "failed"
}

/** Results bring no contexts: whoever waits has his own. */
const nothingElse = (): undefined => undefined
