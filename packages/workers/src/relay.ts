/**
 * Relay: runs in a thread's pool what the thread has spawned, and sends back what comes of it.
 */
import {
  currentProcessor,
  GoroutineInterrupted,
  isFailure,
  NotReady,
  type Op,
  type Processor,
  Waiter,
} from "@weft/core"
import { Call, type Executor } from "./call.ts"
import { type Along, Packer } from "./carry/carrier.ts"
import type { Watch } from "./carry/context.ts"
import { type CarriedThrow, packError } from "./carry/error.ts"
import type { SpawnOptions } from "./spawn-options.ts"
import { taskFor } from "./task.ts"
import type { Thread } from "./thread-handle.ts"
import * as Ended from "./task-ended.ts"
import * as FromThread from "./from-thread.ts"
import * as ToThread from "./to-thread.ts"
import { valueIsCarried, waitsForRoom } from "./wire.ts"

/** What a thread has spawned and has not ended, by the thread's numbers. */
class RelayedCalls {
  readonly calls = new Map<number, Call>()
  /** Of those that wait for room in the pool: what ends that. */
  readonly waiting = new Map<number, () => void>()
  readonly contexts = new Map<number, RelayedContext>()
}

const relayed = new WeakMap<Thread, RelayedCalls>()

export function relay(pool: Executor, thread: Thread, message: ReadonlyArray<unknown>): void {
  const those = relayed.get(thread) ?? new RelayedCalls()
  relayed.set(thread, those)
  const [kind, id] = message as [number, number]
  if (kind === FromThread.Spawn) spawn(pool, thread, those, message)
  else if (kind === FromThread.ContextDone) those.contexts.get(id)?.done(message[2] as CarriedThrow)
  else if (kind === FromThread.Withdraw) {
    const call = those.calls.get(id)
    if (call === undefined) return
    const settle = () => {
      forget(those, id, call)
      thread.post([ToThread.Settle, id, Ended.Interrupted, undefined])
    }
    const ending = withdraw(those, id, call)
    if (ending === undefined) settle()
    else void ending.promise().then(settle)
  }
}

/** A thread has ended: nobody wants what it spawned. */
export function forgetRelayed(thread: Thread): void {
  const those = relayed.get(thread)
  if (those === undefined) return
  for (const [id, call] of those.calls) if (call.isWanted || call.isNew) withdraw(those, id, call)
  relayed.delete(thread)
}

function withdraw({ waiting }: RelayedCalls, id: number, call: Call): Op<void> | undefined {
  if (!call.isNew) return call.executor.withdraw(call)
  waiting.get(id)?.()
  waiting.delete(id)
  return undefined
}

function forget({ calls, contexts }: RelayedCalls, id: number, { along }: Call): void {
  calls.delete(id)
  for (const context of along!.watched) contexts.delete(context.id)
}

function spawn(pool: Executor, thread: Thread, those: RelayedCalls, message: ReadonlyArray<unknown>): void {
  const [, id, key, modules, name, isIdempotent, options, flags, contexts, transfer, ...args] = message as [
    number,
    number,
    string,
    ReadonlyArray<string>,
    string,
    boolean,
    SpawnOptions,
    number,
    ReadonlyArray<number>,
    ReadonlyArray<object>,
    ...ReadonlyArray<unknown>,
  ]
  const watched = contexts.map((context) => new RelayedContext(context))
  for (const context of watched) those.contexts.set(context.id, context)
  const along: Along = { transfer, watched, release() {} }
  const call = new Call(pool, taskFor(key, name, modules, isIdempotent), args, flags, along, options, -1)
  those.calls.set(id, call)
  const settle: Settle = (code, value, transfer) => {
    forget(those, id, call)
    if (!thread.isEnded) thread.post([ToThread.Settle, id, code, value], transfer)
  }
  const submit = () => {
    those.waiting.delete(id)
    pool.reserve()
    call.enqueue(new Relayed(thread, settle))
  }
  const waiter = new Submitting((error) => settle(Ended.Refused, packError(error)))
  try {
    if ((flags & waitsForRoom) === 0) return submit()
    const room = pool.whenRoom(submit)
    if (room.poll() !== NotReady) return
    those.waiting.set(id, () => void room.dequeue(waiter))
    room.enqueue(waiter)
  } catch (error) {
    waiter.fail(error)
  }
}

/** Waits for room in the pool. */
class Submitting extends Waiter {
  readonly processor: Processor = currentProcessor()
  readonly #refused: (error: unknown) => void

  constructor(refused: (error: unknown) => void) {
    super()
    this.#refused = refused
  }

  commit(): void {}

  fail(error: unknown): void {
    this.#refused(error)
  }
}

type Settle = (code: number, value: unknown, transfer?: ReadonlyArray<object>) => void

/** One of the thread that has spawned the task: it may be done before any thread has that. */
class RelayedContext implements Watch {
  readonly id: number
  readonly original = undefined
  #cause: CarriedThrow | undefined
  #tell: ((id: number, cause: CarriedThrow) => void) | undefined

  constructor(id: number) {
    this.id = id
  }

  goes(tell: (id: number, cause: CarriedThrow) => void): void {
    if (this.#cause !== undefined) tell(this.id, this.#cause)
  }

  watch(tell: (id: number, cause: CarriedThrow) => void): () => void {
    this.#tell = tell
    if (this.#cause !== undefined) tell(this.id, this.#cause)
    return () => (this.#tell = undefined)
  }

  done(cause: CarriedThrow): void {
    this.#cause = cause
    this.#tell?.(this.id, cause)
  }
}

class Relayed extends Waiter {
  readonly processor: Processor = currentProcessor()
  readonly #thread: Thread
  readonly #settle: Settle

  constructor(thread: Thread, settle: Settle) {
    super()
    this.#thread = thread
    this.#settle = settle
  }

  commit(value: unknown): void {
    const packer = new Packer("spawn", this.#thread.number)
    try {
      const { isCarried, value: packed } = packer.pack(value, "its result")
      this.#settle(isCarried ? Ended.Returned | valueIsCarried : Ended.Returned, packed, packer.transfer)
    } catch (error) {
      packer.release()
      this.#settle(Ended.Panicked, packError(error))
    }
  }

  fail(error: unknown): void {
    if (error instanceof GoroutineInterrupted) this.#settle(Ended.Interrupted, undefined)
    else this.#settle(isFailure(error) ? Ended.Failed : Ended.Panicked, packError(error))
  }
}
