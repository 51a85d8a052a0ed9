/**
 * Relay: runs in a thread's pool what the thread has spawned, and sends back what comes of it.
 */
import { currentProcessor, GoroutineInterrupted, isFailure, type Processor, Waiter } from "@weft/core"
import { Call, type Executor } from "./call.ts"
import { Packer } from "./carry/carrier.ts"
import { packError } from "./carry/error.ts"
import type { SpawnOptions } from "./spawn-options.ts"
import { taskFor } from "./task.ts"
import type { Thread } from "./thread-handle.ts"
import { Ended, FromThread, ToThread, valueIsCarried } from "./wire.ts"

const relayed = new WeakMap<Thread, Map<number, Call>>()

/** The thread's pool. */
export interface RelayPool extends Executor {
  /** Tells all of its threads. */
  tell(message: ReadonlyArray<unknown>): void
}

export function relay(pool: RelayPool, thread: Thread, message: ReadonlyArray<unknown>): void {
  const calls = relayed.get(thread) ?? new Map<number, Call>()
  relayed.set(thread, calls)
  const [kind, id] = message as [number, number]
  if (kind === FromThread.Spawn) spawn(pool, thread, calls, message)
  else if (kind === FromThread.ContextDone) pool.tell([ToThread.ContextDone, message[1], message[2]])
  else if (kind === FromThread.Withdraw) {
    const call = calls.get(id)
    if (call === undefined) return
    const settle = () => {
      calls.delete(id)
      thread.post([ToThread.Settle, id, Ended.Interrupted, undefined])
    }
    const ending = call.executor.withdraw(call)
    if (ending === undefined) settle()
    else void ending.promise().then(settle)
  }
}

/** A thread has ended: nobody wants what it spawned. */
export function forgetRelayed(thread: Thread): void {
  for (const call of relayed.get(thread)?.values() ?? []) if (call.isWanted) call.executor.withdraw(call)
  relayed.delete(thread)
}

function spawn(pool: RelayPool, thread: Thread, calls: Map<number, Call>, message: ReadonlyArray<unknown>): void {
  const [, id, key, modules, name, isIdempotent, options, flags, ...args] = message as [
    number,
    number,
    string,
    ReadonlyArray<string>,
    string,
    boolean,
    SpawnOptions,
    number,
    ...ReadonlyArray<unknown>,
  ]
  const call = new Call(pool, taskFor(key, name, modules, isIdempotent), args, flags, undefined, options, -1)
  calls.set(id, call)
  const settle = (code: number, value: unknown) => {
    calls.delete(id)
    if (!thread.isEnded) thread.post([ToThread.Settle, id, code, value])
  }
  try {
    pool.reserve()
  } catch (error) {
    return settle(Ended.Panicked, packError(error))
  }
  call.enqueue(new Relayed(settle))
}

class Relayed extends Waiter {
  readonly processor: Processor = currentProcessor()
  readonly #settle: (code: number, value: unknown) => void

  constructor(settle: (code: number, value: unknown) => void) {
    super()
    this.#settle = settle
  }

  commit(value: unknown): void {
    try {
      const { isCarried, value: packed } = new Packer("spawn").pack(value, "its result")
      this.#settle(isCarried ? Ended.Returned | valueIsCarried : Ended.Returned, packed)
    } catch (error) {
      this.#settle(Ended.Panicked, packError(error))
    }
  }

  fail(error: unknown): void {
    if (error instanceof GoroutineInterrupted) this.#settle(Ended.Interrupted, undefined)
    else this.#settle(isFailure(error) ? Ended.Failed : Ended.Panicked, packError(error))
  }
}
