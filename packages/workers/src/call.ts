/**
 * Call: one spawned task, as an op for whose end its goroutine waits.
 *
 *   New --enqueued--> Queued --sent to a thread--> Sent --result--> Over
 *                       |^------ taken back --------|
 *                       +--run in this thread--> Here --result--> Over
 *
 * One that a task has spawned is Sent at once: to the pool.
 *
 * The goroutine that `spawn` gives is an ordinary one of this thread: it waits here, so it is joined, selected on and interrupted as any other.
 *
 * Invariants:
 *   1. Whatever becomes of the thread, a call comes to Over once.
 *   2. A withdrawn call is over for its goroutine only when nothing of it runs any more.
 */
import {
  currentProcessor,
  failure,
  type Goroutine,
  GoroutineInterrupted,
  NotReady,
  Op,
  type OpIterator,
  Phase,
  type Waiter,
  WaitList,
} from "@weft/core"
import type { Along } from "./carry/carrier.ts"
import type { SpawnOptions } from "./spawn-options.ts"
import type { AnyTask } from "./task.ts"
import type { Thread } from "./thread-handle.ts"

export const New = 0
export const Queued = 1
export const Sent = 2
export const Over = 3
/** Runs in this thread. */
export const Here = 4

/** The `run` of the goroutine that waits for a call. */
export type RunOfCall = Goroutine["run"]

/** Where calls go: a pool. */
export interface Executor {
  readonly label: string
  /** The most threads it runs tasks on. */
  readonly threads: number
  /** Keeps a place for a task that is about to be submitted; throws where there is none, or the executor has stopped. */
  reserve(): void
  /** The task will not be submitted. */
  release(): void
  submit(call: Call): void
  /** Undefined: it had not started, and is over. */
  withdraw(call: Call): Op<void> | undefined
  /** Ready when there is room, with what `take` makes of it in the same step. */
  whenRoom<A>(take: () => A): Op<A>
}

export class Call extends Op<unknown, unknown> {
  declare readonly executor: Executor
  declare readonly task: AnyTask
  declare readonly args: ReadonlyArray<unknown>
  declare readonly flags: number
  declare readonly along: Along | undefined
  declare readonly options: SpawnOptions
  /** The id of the goroutine that spawned it. */
  declare readonly producer: number
  /** Whose wait it is, where `spawn` has started one. */
  declare goroutine: Goroutine | null
  /** Its links in the row where it waits for a thread. */
  declare before: Call | null
  declare behind: Call | null
  /** Where it may run in this thread: to whom it belongs then. */
  declare run: RunOfCall | null
  declare state: number
  declare waiter: Waiter | null
  declare thread: Thread | null
  /** Its place among the calls of its thread, and its number among those sent there. */
  declare slot: number
  declare number: number
  declare attempts: number
  declare ended: WaitList | null

  constructor(
    executor: Executor,
    task: AnyTask,
    args: ReadonlyArray<unknown>,
    flags: number,
    along: Along | undefined,
    options: SpawnOptions,
    producer: number,
  ) {
    super()
    this.executor = executor
    this.task = task
    this.args = args
    this.flags = flags
    this.along = along
    this.options = options
    this.producer = producer
    this.goroutine = null
    this.before = null
    this.behind = null
    this.run = null
    this.state = New
    this.waiter = null
    this.thread = null
    this.slot = -1
    this.number = 0
    this.attempts = 0
    this.ended = null
  }

  get name(): string {
    return this.state === Sent ? "task" : "task queued"
  }
  override get detail(): string {
    const where = this.thread === null ? "" : `on thread ${this.thread.label} `
    return `${this.task.taskName} ${where}of ${this.executor.label}`
  }
  override get startsWork(): boolean {
    return true
  }
  /** Whether anybody waits for it. */
  get isWanted(): boolean {
    return this.waiter !== null
  }
  get isNew(): boolean {
    return this.state === New
  }
  /** Another thread has spawned it. */
  get isRelayed(): boolean {
    return this.producer < 0
  }
  /** It went with what can't be sent twice. */
  get isMoved(): boolean {
    return this.along !== undefined && this.along.transfer.length > 0
  }

  /** Never put off, as other ops are when their goroutine has run for long: tasks are submitted in the order in which they were spawned. */
  override [Symbol.iterator](): OpIterator<unknown, unknown> {
    const isInGoroutine = currentProcessor().current !== null && this.phase === Phase.Idle
    return isInGoroutine ? this.yieldSelf() : super[Symbol.iterator]()
  }

  poll(): unknown {
    return NotReady
  }
  enqueue(waiter: Waiter): void {
    this.waiter = waiter
    this.executor.submit(this)
  }
  dequeue(_waiter: Waiter): void | Op<unknown, unknown> {
    return this.executor.withdraw(this)
  }

  /** Its goroutine has ended: if that had not come to submit it, nobody will. */
  goroutineEnded(): void {
    if (!this.isNew) return
    this.forget()
    this.executor.release()
  }

  /** Counted as withdrawn by its executor, which has it no more. */
  forget(): void {
    this.state = Over
    this.waiter = null
    this.thread = null
    this.along?.release()
  }

  // No `return`: that is what a generator calls which waits here and is unwound.
  returned(value: unknown): void {
    this.over()?.commit(value)
  }
  failed(error: unknown): void {
    this.over()?.fail(failure(error))
  }
  panicked(error: unknown): void {
    this.over()?.fail(error)
  }
  interrupted(): void {
    this.over()?.fail(new GoroutineInterrupted(this.goroutine?.id ?? 0, this.task.taskName, undefined))
  }

  private over(): Waiter | null {
    const { ended, waiter } = this
    this.state = Over
    this.waiter = null
    this.thread = null
    this.ended = null
    this.along?.release()
    ended?.commitAll(undefined)
    return waiter
  }

  /** Nobody wants its result any more; ready when nothing of it runs. */
  end(): Op<void> {
    this.waiter = null
    return new CallEnd(this)
  }
}

/** No interruption ends this wait: something of the task still runs. */
class CallEnd extends Op<void> {
  declare private readonly call: Call

  constructor(call: Call) {
    super()
    this.call = call
  }

  get name(): string {
    return "task interrupted"
  }
  override get detail(): string {
    return this.call.detail
  }
  poll(): void | typeof NotReady {
    return this.call.state === Over ? undefined : NotReady
  }
  enqueue(waiter: Waiter): void {
    if (this.call.state === Over) waiter.commit(undefined)
    else (this.call.ended ??= new WaitList()).push(waiter)
  }
  dequeue(waiter: Waiter): void | Op<void> {
    const { call } = this
    call.ended?.remove(waiter)
    return call.state === Over ? undefined : new CallEnd(call)
  }
}
