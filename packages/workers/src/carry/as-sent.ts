/** What another thread would have been given: for tasks that run in this one, so that where a task runs makes no difference to what comes of it. */
import { failure, GoroutineInterrupted, isFailure } from "@weft/core"
import { Packer } from "./carrier.ts"
import { packError, unpackError } from "./error.ts"
import { NotCloneable } from "../not-cloneable.ts"
import { notSent } from "./not-sent.ts"
import { isPrimitive } from "./plain-data.ts"
import { unpackValue } from "./unpack.ts"

/** As the types of each host have it. */
type CloneTransfer = NonNullable<NonNullable<Parameters<typeof structuredClone>[1]>["transfer"]>

const watchedIn = "what holds a context or an AbortSignal, which go along with a task only"

/** Throws `NotCloneable`. */
export function resultAsSent(task: string, result: unknown): unknown {
  if (isPrimitive(result)) return result
  // As what is lent: a channel of another thread's is counted for this one when it is made again, and no more.
  const packer = new Packer(task, undefined)
  try {
    const { value } = packer.pack(result, "its result")
    if (packer.watched.length > 0)
      throw new NotCloneable(task, "its result", result, watchedIn, "pass it as an argument")
    return unpackValue(clonedWith(task, value, packer.transfer), () => undefined)
  } finally {
    packer.release()
  }
}

function clonedWith(task: string, value: unknown, transfer: ReadonlyArray<object>): unknown {
  try {
    return structuredClone(value, { transfer: [...transfer] as CloneTransfer })
  } catch (error) {
    throw notSent(task, "its result", value, transfer, error)
  }
}

export function thrownAsSent(thrown: unknown): unknown {
  if (thrown instanceof GoroutineInterrupted) return thrown
  const there = unpackError(structuredClone(packError(thrown)), undefined)
  return isFailure(thrown) ? failure(there) : there
}
