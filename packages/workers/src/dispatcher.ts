/**
 * Dispatcher: a pool's scheduler. It decides which thread runs which task.
 *
 * Tasks wait in the pool's queue, and a few in each thread's: about two milliseconds of work, so that no thread waits for this one. A thread with
 * nothing to do gets what the queue has, else half of what waits in the thread that has most of it (taken back, not copied: see control.ts).
 * Threads are started while tasks find none idle.
 *
 * Invariants, whenever none of its methods is running:
 *   1. If a call waits in the queue, no ready thread has room, or a flush that will look again has been asked for.
 *   2. outstanding counts the calls that have been submitted and have not come to their end, those withdrawn and still running included.
 *   3. Processors whose goroutines wait for calls are held awake exactly while a thread may still do something.
 */
import {
  currentProcessor,
  GoroutineInterrupted,
  isFailure,
  type Op,
  type Processor,
  toMillis,
  WaitList,
} from "@weft/core"
import { type Call, type Executor, Here, Over, Queued, Sent } from "./call.ts"
import type { CarriedThrow } from "./carry/error.ts"
import { unpackError } from "./carry/error.ts"
import { unpackValue } from "./carry/unpack.ts"
import { Helper } from "./helper.ts"
import { afterThis, later, now } from "./host.ts"
import { NotCloneable } from "./not-cloneable.ts"
import type { Platform, ThreadEnd } from "./platform/platform.ts"
import type { PoolSettings } from "./pool-options.ts"
import { forgetRelayed, relay } from "./relay.ts"
import { Restarts } from "./restarts.ts"
import { TaskQueue } from "./task-queue.ts"
import { threadModule } from "./thread-main.ts"
import { Thread, type ThreadOwner } from "./thread-handle.ts"
import { Ended, valueIsCarried } from "./wire.ts"
import { PoolStopped, TaskNotFound, TooBusy, WorkerCrashed } from "./worker-crashed.ts"

const graceMillis = 1000

/** What a pool tells of itself. @since 0.3.0 */
export interface PoolStats {
  readonly name: string
  readonly threads: number
  /** Threads with nothing to do. */
  readonly idle: number
  /** Tasks in the pool's queue, and in those of its threads. */
  readonly queued: number
  /** Tasks that have begun and not ended. */
  readonly running: number
  readonly completed: number
  readonly failed: number
  /** Threads that ended without being told to, and how many of their tasks were run again. */
  readonly crashes: number
  readonly retried: number
  /** Tasks that one thread took from another's queue. */
  readonly stolen: number
}

export class Dispatcher implements Executor, ThreadOwner {
  readonly settings: PoolSettings
  readonly admitting: WaitList = new WaitList()
  readonly drained: WaitList = new WaitList()
  outstanding = 0
  readonly #platform: Platform
  readonly #queue = new TaskQueue()
  readonly #threads: Array<Thread | undefined> = []
  readonly #pinned = new Map<number, Array<Call>>()
  readonly #restarts: Restarts
  readonly #processors = new Map<Processor, number>()
  readonly #helper = new Helper((call, error, value) => this.#endedHere(call, error, value))
  readonly #whenEnded: Array<() => void> = []
  #toFlush: Array<Thread> = []
  #isFlushAsked = false
  #isHeld = false
  /** Some threads keep the process up that have no tasks. */
  #hasKeptUp = false
  #stopped: PoolStopped | undefined
  #last = 0
  /** How many threads there are. */
  #started = 0
  #reserved = 0
  readonly #counts = { completed: 0, failed: 0, crashes: 0, retried: 0, stolen: 0 }

  constructor(settings: PoolSettings, platform: Platform) {
    this.settings = settings
    this.#platform = platform
    this.#restarts = new Restarts(settings.restarts, settings.restartMillis)
  }

  get label(): string {
    return `pool "${this.settings.name}"`
  }

  get threads(): number {
    return this.settings.threads
  }

  get isLimited(): boolean {
    return this.settings.maxQueue !== Infinity
  }

  get stopped(): PoolStopped | undefined {
    return this.#stopped
  }

  /** Whether no more tasks may wait: those spawned that have not come to the queue yet count too. */
  get isFull(): boolean {
    const { maxQueue } = this.settings
    if (maxQueue === Infinity) return false
    const live = this.#live()
    // A thread that starts, or that could be started, takes one at once.
    const toStart = this.settings.threads - live.filter((thread) => thread.isReady || thread.isClosing).length
    const room = live.reduce((sum, thread) => sum + Math.max(0, thread.room), toStart)
    return this.#queue.length + this.#pinnedCount() + this.#reserved >= maxQueue + room
  }

  /** Keeps a place for a task that is about to be submitted. Throws where there is none. */
  reserve(): void {
    if (this.#stopped !== undefined) throw this.#stopped
    if (this.isFull) throw new TooBusy(this.settings.name, this.settings.maxQueue)
    this.#reserved++
  }

  release(): void {
    this.#reserved--
    this.#lookIfDrained()
    this.#admit()
  }

  /** Whether every task that was spawned has ended, those included whose goroutines have not come to submit them. */
  get isDrained(): boolean {
    return this.outstanding === 0 && this.#reserved === 0
  }

  get stats(): PoolStats {
    const threads = this.#live()
    const queuedThere = threads.reduce((sum, thread) => sum + thread.queued, 0)
    const live = threads.reduce((sum, thread) => sum + thread.live, 0)
    return {
      name: this.settings.name,
      threads: threads.length,
      idle: threads.filter((thread) => thread.live === 0).length,
      queued: this.#queue.length + this.#pinnedCount() + queuedThere,
      running: Math.max(0, live - queuedThere),
      ...this.#counts,
    }
  }

  // ---- from spawned goroutines

  submit(call: Call): void {
    this.#reserved--
    if (this.#stopped !== undefined) {
      this.#lookIfDrained()
      return call.panicked(this.#stopped)
    }
    this.outstanding++
    this.#count(call, 1)
    call.state = Queued
    const thread = this.#pick(call)
    if (thread === undefined) this.#enqueue(call)
    else thread.send(call)
    if (call.options.inline === true) this.#help()
    if (thread === undefined || !thread.isReady) this.#growFor(call)
  }

  withdraw(call: Call): Op<void> | undefined {
    this.#count(call, -1)
    if (call.state === Sent) {
      const thread = call.thread!
      if (!thread.takeBack(call)) {
        const ended = call.end()
        thread.interrupt(call)
        this.#endAfterGrace(call, thread)
        return ended
      }
    } else if (call.state === Here) {
      const ended = call.end()
      this.#helper.interrupt(call)
      return ended
    } else if (call.state === Queued) {
      if (call.options.on === undefined) this.#queue.withdrawn()
      else this.#unpin(call)
    }
    call.forget()
    this.#over()
    return undefined
  }

  // ---- from threads

  ready(_thread: Thread): void {
    this.#feed()
  }

  toFlush(thread: Thread): void {
    if (thread.isFull) return thread.flush()
    if (this.#toFlush.includes(thread)) return
    this.#toFlush.push(thread)
    this.#askFlush()
  }

  result(thread: Thread, call: Call, code: number, packed: unknown): void {
    const isCarried = (code & valueIsCarried) !== 0
    const where = `at task "${call.task.taskName}" on thread ${thread.label} of ${this.label}`
    const isWanted = call.isWanted
    if (isWanted) this.#count(call, -1)
    switch (code & ~valueIsCarried) {
      case Ended.Returned:
        this.#counts.completed++
        call.returned(isCarried ? unpackValue(packed, nothingElse) : packed)
        break
      case Ended.Failed:
        this.#counts.failed++
        call.failed(unpackError(packed as CarriedThrow, where))
        break
      case Ended.Interrupted:
        call.interrupted()
        break
      case Ended.NotFound: {
        const [modules, why] = packed as [ReadonlyArray<string>, string]
        this.#counts.failed++
        call.panicked(new TaskNotFound(call.task.taskName, modules, why))
        break
      }
      default:
        this.#counts.failed++
        call.panicked(unpackError(packed as CarriedThrow, where))
    }
    this.#over()
  }

  refused(call: Call, error: unknown): void {
    this.#finishWith(call, () =>
      call.panicked(
        new NotCloneable(
          call.task.taskName,
          "its arguments",
          call.args,
          `what this host can't send (${error instanceof Error ? error.message : String(error)})`,
          "pass plain data",
        ),
      ),
    )
  }

  progressed(thread: Thread): void {
    this.#feed()
    if (thread.isIdle && this.#queue.length === 0 && !this.settings.isExclusive) this.#steal(thread)
    if (thread.live === 0) this.#rests(thread)
  }

  sleepChanged(_thread: Thread): void {
    this.#hold()
  }

  nested(thread: Thread, message: ReadonlyArray<unknown>): void {
    relay(this, thread, message)
  }

  tell(message: ReadonlyArray<unknown>): void {
    for (const thread of this.#live()) thread.post(message)
  }

  ended(thread: Thread, end: ThreadEnd): void {
    forgetRelayed(thread)
    const { queued, started } = thread.takeAll()
    this.#threads[thread.index] = undefined
    this.#started--
    const isCrash = !(thread.isClosing && thread.killedBecause === undefined)
    const reason = reasonOf(thread, end)
    if (isCrash) this.#counts.crashes++
    if (isCrash && thread.killedBecause === undefined && !this.#restarts.allow(now()))
      this.#stop(
        `${this.settings.restarts + 1} threads ended within ${this.settings.restartMillis} ms; the last by ${reason}`,
        end.error,
      )
    for (const call of started) this.#crashed(call, thread, reason, end)
    for (const call of queued.reverse()) this.#again(call)
    this.#feed()
    this.#growForQueue()
    this.#hold()
    if (this.#live().length === 0) for (const tell of this.#whenEnded.splice(0)) tell()
  }

  // ---- the end of a pool

  /** No thread is started any more; those there are end when they have nothing to do. */
  close(): Promise<void> {
    this.#stopped ??= new PoolStopped(this.settings.name, "it was disposed of")
    for (const thread of this.#live()) thread.close()
    return this.#allEnded()
  }

  /** Ends all threads at once. */
  kill(because: string): Promise<void> {
    this.#stop(because, undefined)
    for (const thread of this.#live()) thread.kill(because)
    return this.#allEnded()
  }

  #allEnded(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#live().length === 0) return resolve()
      for (const thread of this.#live()) thread.keepUp()
      this.#whenEnded.push(resolve)
    })
  }

  #stop(because: string, cause: unknown): void {
    const error = (this.#stopped ??= new PoolStopped(this.settings.name, because, cause))
    for (let call = this.#queue.shift(); call !== undefined; call = this.#queue.shift()) {
      const lost = call
      this.#finishWith(lost, () => lost.panicked(error))
    }
    for (const calls of this.#pinned.values())
      for (const call of calls) this.#finishWith(call, () => call.panicked(error))
    this.#pinned.clear()
    for (let waiter = this.admitting.shift(); waiter !== null; waiter = this.admitting.shift()) waiter.fail(error)
  }

  // ---- private, in the order of a call's life

  #pick(call: Call): Thread | undefined {
    if (call.options.on !== undefined) {
      const thread = this.#threads[this.#slotFor(call.options.on)]
      return thread !== undefined && thread.room > 0 && !this.#pinned.has(thread.index) ? thread : undefined
    }
    // Whoever waits already goes before.
    return this.#queue.length > 0 ? undefined : this.#leastBusy()
  }

  /** The thread that will come to a new task first, if one has room. */
  #leastBusy(): Thread | undefined {
    const threads = this.#threads
    const n = threads.length
    let best: Thread | undefined
    let least = Infinity
    // From the one used last: of those with nothing to do it is the one that is still awake.
    for (let i = 0; i < n; i++) {
      const thread = threads[(this.#last + i) % n]
      if (thread === undefined || thread.room <= 0) continue
      const load = thread.queued + (thread.isIdle ? 0 : 1)
      if (load < least) {
        least = load
        best = thread
      }
    }
    if (best !== undefined) this.#last = best.index
    return best
  }

  #enqueue(call: Call): void {
    if (call.options.on === undefined) return this.#queue.push(call)
    const slot = this.#slotFor(call.options.on)
    const calls = this.#pinned.get(slot)
    if (calls === undefined) this.#pinned.set(slot, [call])
    else calls.push(call)
  }

  #unpin(call: Call): void {
    const slot = this.#slotFor(call.options.on!)
    const rest = this.#pinned.get(slot)?.filter((other) => other !== call) ?? []
    if (rest.length === 0) this.#pinned.delete(slot)
    else this.#pinned.set(slot, rest)
  }

  #pinnedCount(): number {
    let n = 0
    for (const calls of this.#pinned.values()) n += calls.length
    return n
  }

  /** Of equal keys, always the same. */
  #slotFor(key: string | number): number {
    let hash = 2166136261
    for (const char of String(key)) hash = Math.imul(hash ^ char.codePointAt(0)!, 16777619)
    return (hash >>> 0) % this.settings.threads
  }

  /** This thread runs tasks that may run here, whenever it has nothing better to do, while threads have enough. */
  #help(): void {
    this.#helper.start(() => {
      const call =
        this.#queue.takeInline() ??
        this.#live().reduce<Call | undefined>((found, thread) => found ?? thread.takeBackInline(), undefined)
      if (call !== undefined) call.state = Here
      return call
    })
  }

  /** A task that ran here has ended. */
  #endedHere(call: Call, error: { readonly thrown: unknown } | undefined, value: unknown): void {
    this.#finishWith(call, () => {
      if (error === undefined) {
        this.#counts.completed++
        return call.returned(value)
      }
      this.#counts.failed++
      if (error.thrown instanceof GoroutineInterrupted) call.interrupted()
      else if (isFailure(error.thrown)) call.failed(error.thrown)
      else call.panicked(error.thrown)
    })
  }

  #growFor(call: Call): void {
    if (call.options.on !== undefined) {
      const slot = this.#slotFor(call.options.on)
      if (this.#threads[slot] === undefined) this.#start(slot)
    } else this.#growForQueue()
  }

  /** As many threads as have something to do at once. */
  #growForQueue(): void {
    if (this.#stopped !== undefined || this.#started === this.settings.threads) return
    for (const [slot, calls] of this.#pinned)
      if (calls.length > 0 && this.#threads[slot] === undefined) this.#start(slot)
    let starting = this.#live().filter((thread) => !thread.isReady).length
    for (let slot = 0; slot < this.settings.threads && starting < this.#queue.length; slot++) {
      if (this.#threads[slot] !== undefined) continue
      this.#start(slot)
      starting++
    }
  }

  #start(slot: number): void {
    const { env, isExclusive, name, resourceLimits, worker } = this.settings
    this.#started++
    this.#threads[slot] = new Thread(
      slot,
      `${name} ${slot + 1}`,
      this.#platform,
      threadModule,
      { env, resourceLimits, worker },
      isExclusive,
      this,
    )
    this.#hold()
  }

  #askFlush(): void {
    if (this.#isFlushAsked) return
    this.#isFlushAsked = true
    afterThis(() => {
      this.#isFlushAsked = false
      const threads = this.#toFlush
      this.#toFlush = []
      for (const thread of threads) thread.flush()
      if (threads.length === 1 && currentProcessor().scheduler.length === 0) threads[0]!.lookForResults()
    })
  }

  /** Sends what waits to threads that have room. */
  #feed(): void {
    for (const [slot, calls] of this.#pinned) {
      const thread = this.#threads[slot]
      while (thread !== undefined && thread.room > 0 && calls.length > 0) thread.send(calls.shift()!)
      if (calls.length === 0) this.#pinned.delete(slot)
    }
    while (this.#queue.length > 0) {
      const thread = this.#leastBusy()
      if (thread === undefined) break
      const call = this.#queue.shift()
      if (call === undefined) break
      thread.send(call)
    }
    this.#admit()
  }

  #steal(thief: Thread): void {
    let victim: Thread | undefined
    for (const thread of this.#live()) if (thread !== thief && thread.queued > (victim?.queued ?? 0)) victim = thread
    if (victim === undefined) return
    for (const call of victim.takeBackHalf()) {
      this.#counts.stolen++
      call.attempts--
      thief.send(call)
    }
  }

  #rests(thread: Thread): void {
    const { idleMillis } = this.settings
    if (idleMillis === Infinity) return
    const since = (thread.lastUsed = now())
    later(() => {
      if (thread.live === 0 && thread.lastUsed === since && !thread.isEnded) thread.close()
    }, idleMillis)
  }

  #endAfterGrace(call: Call, thread: Thread): void {
    const { grace } = call.options
    later(
      () => {
        if (call.state === Over || call.thread !== thread) return
        thread.kill(`task "${call.task.taskName}" was interrupted and did not end`)
      },
      grace === undefined ? graceMillis : toMillis(grace),
    )
  }

  #crashed(call: Call, thread: Thread, reason: string, end: ThreadEnd): void {
    const mayRunAgain = call.task.isIdempotent && !call.isMoved && call.isWanted && this.#stopped === undefined
    if (mayRunAgain && call.attempts <= this.settings.restarts) {
      this.#counts.retried++
      return this.#again(call)
    }
    if (!call.isWanted) return this.#finishWith(call, () => call.interrupted())
    this.#counts.failed++
    const { exitCode, error } = end
    this.#finishWith(call, () =>
      call.panicked(new WorkerCrashed(call.task.taskName, `${thread.label} of ${this.label}`, reason, exitCode, error)),
    )
  }

  /** Its thread has not started it, or it may run twice. */
  #again(call: Call): void {
    if (!call.isWanted) return this.#finishWith(call, () => call.interrupted())
    const stopped = this.#stopped
    if (stopped !== undefined) return this.#finishWith(call, () => call.panicked(stopped))
    call.state = Queued
    call.thread = null
    if (call.options.on === undefined) this.#queue.putBack(call)
    else {
      const slot = this.#slotFor(call.options.on)
      this.#pinned.set(slot, [call, ...(this.#pinned.get(slot) ?? [])])
    }
  }

  #finishWith(call: Call, finish: () => void): void {
    if (call.isWanted) this.#count(call, -1)
    finish()
    this.#over()
  }

  #over(): void {
    this.outstanding--
    this.#lookIfDrained()
    this.#admit()
  }

  #lookIfDrained(): void {
    if (this.isDrained) this.drained.commitAll(undefined)
  }

  #admit(): void {
    while (!this.admitting.isEmpty && !this.isFull) {
      const waiter = this.admitting.shift()!
      // Asked before: a task can't be taken back from a select that has taken another case.
      if (!waiter.mayCommit()) continue
      try {
        waiter.commit((waiter.slot as () => unknown)())
      } catch (error) {
        waiter.fail(error)
      }
    }
  }

  #live(): Array<Thread> {
    return this.#threads.filter((thread) => thread !== undefined)
  }

  // ---- who is waited for

  #count(call: Call, by: number): void {
    const { processor } = call.waiter!
    const before = this.#processors.get(processor) ?? 0
    if (before + by === 0) this.#processors.delete(processor)
    else this.#processors.set(processor, before + by)
    if (before === 0) {
      if (this.#isHeld) processor.outside++
      else this.#hold()
    } else if (before + by === 0 && this.#isHeld) {
      processor.outside--
      processor.lookForSleep()
    }
    if (this.#hasKeptUp && this.#processors.size === 0) this.#keepUp(this.#live())
  }

  /** Whether a thread may still do something that somebody here waits for. */
  #hold(): void {
    const awake = this.#live().filter((thread) => thread.asleepReport === undefined)
    this.#keepUp(awake)
    const isBusy = this.#queue.length > 0 || awake.length > 0
    if (isBusy === this.#isHeld) return
    this.#isHeld = isBusy
    for (const processor of this.#processors.keys()) {
      processor.outside += isBusy ? 1 : -1
      if (!isBusy) processor.lookForSleep()
    }
  }

  /** A goroutine that a task has left in a thread without any other may be the one for whom all wait: then that thread keeps the process up. */
  #keepUp(awake: ReadonlyArray<Thread>): void {
    if (this.#stopped !== undefined) return
    const isNeeded = this.#processors.size > 0 && !awake.some((thread) => thread.live > 0)
    if (!isNeeded && !this.#hasKeptUp) return
    this.#hasKeptUp = isNeeded
    for (const thread of awake) thread.keepUpWithout(isNeeded)
  }

  /** For a report: what the goroutines of threads that are asleep wait for. */
  get asleepReports(): ReadonlyArray<string> {
    return this.#live().flatMap(({ asleepReport, label, live }) =>
      asleepReport === undefined || live === 0 ? [] : [`On thread ${label} of ${this.label}:\n\n${asleepReport}`],
    )
  }
}

function reasonOf(thread: Thread, { error, exitCode }: ThreadEnd): string {
  if (thread.killedBecause !== undefined) return thread.killedBecause
  if (error instanceof Error) return `${error.name}: ${error.message}`
  if (error !== undefined) return `it threw ${typeof error === "string" ? error : typeof error}`
  return exitCode === undefined ? "it was ended" : `exit code ${exitCode}`
}

/** Results bring no contexts: whoever waits has his own. */
const nothingElse = (): undefined => undefined
