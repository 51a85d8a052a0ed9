/**
 * Dispatcher: a pool's scheduler. It decides which thread runs which task.
 *
 * Tasks wait in the pool's queue, and a few in each thread's: about six milliseconds of work, so that no thread waits for this one. A thread with
 * nothing to do gets what the queue has, else half of what waits in the thread that has most of it (taken back, not copied: see control.ts).
 * Threads are started while tasks find none with room, and where they wait in one that does not come to them: see stalls.ts.
 *
 * Invariants, whenever none of its methods is running:
 *   1. If a call waits in the queue, no ready thread has room for the first, or a flush that will look again has been asked for.
 *   2. outstanding counts the calls that have been submitted and have not come to their end, those withdrawn and still running included.
 *   3. Processors whose goroutines wait for calls are held awake exactly while a thread may still do something.
 */
import { GoroutineInterrupted, type Op, trace, WaitList } from "@weft/core"
import { Admission } from "./admission.ts"
import { Awake } from "./awake.ts"
import { Backlog } from "./backlog.ts"
import { type Call, type Executor, Here, Queued, type RunOfCall } from "./call.ts"
import { reasonOf } from "./end-reason.ts"
import { graceOf, Graces } from "./graces.ts"
import { Helper } from "./helper.ts"
import { now, warn } from "./host.ts"
import { notSent } from "./carry/not-sent.ts"
import type { Platform, ThreadEnd } from "./platform/platform.ts"
import type { PoolSettings } from "./pool-options.ts"
import type { PoolStats } from "./pool-stats.ts"
import { forgetRelayed, relay } from "./relay.ts"
import { Restarts } from "./restarts.ts"
import { type Outcome, settleCall, settleThrown, withSite } from "./settle-call.ts"
import type { Thread, ThreadOwner } from "./thread-handle.ts"
import { Stalls } from "./stalls.ts"
import { ThreadSet } from "./thread-set.ts"
import { PoolStopped, WorkerCrashed } from "./worker-crashed.ts"

export class Dispatcher implements Executor, ThreadOwner {
  readonly settings: PoolSettings
  readonly #admission: Admission
  readonly drained: WaitList = new WaitList()
  outstanding = 0
  readonly #threads: ThreadSet
  readonly #backlog: Backlog
  readonly #stalls: Stalls
  readonly #graces = new Graces()
  readonly #awake: Awake
  readonly #restarts: Restarts
  readonly #helper = new Helper((call, error, value) => this.#endedHere(call, error, value))
  readonly #whenEnded: Array<() => void> = []
  #stopped: PoolStopped | undefined
  readonly #counts = { completed: 0, failed: 0, crashes: 0, retried: 0, stolen: 0 }

  constructor(settings: PoolSettings, platform: Platform) {
    this.settings = settings
    this.#admission = new Admission(settings.name, settings.maxQueue, () => this.#roomLeft())
    this.#threads = new ThreadSet(settings, platform, this)
    this.#backlog = new Backlog(settings.threads, this.#threads)
    this.#awake = new Awake(this.#threads, this.#backlog, this.#graces)
    this.#stalls = new Stalls(this.#threads, (thread) => this.#relieve(thread))
    this.#restarts = new Restarts(settings.restarts, settings.restartMillis)
  }

  get label(): string {
    return `pool "${this.settings.name}"`
  }

  get threads(): number {
    return this.settings.threads
  }

  reserve(): void {
    if (this.#stopped !== undefined) throw this.#stopped
    this.#admission.reserve()
  }

  release(): void {
    this.#admission.release()
    this.#lookIfDrained()
    this.#admission.admit()
  }

  whenRoom<A>(take: () => A): Op<A> {
    return this.#admission.whenRoom(take)
  }

  /** Whether every task that was spawned has ended, those included whose goroutines have not come to submit them. */
  get isDrained(): boolean {
    return this.outstanding === 0 && !this.#admission.hasReserved
  }

  get stats(): PoolStats {
    const threads = this.#threads.all
    const queuedThere = threads.reduce((sum, thread) => sum + thread.notStarted, 0)
    const live = threads.reduce((sum, thread) => sum + thread.live, 0)
    return {
      name: this.settings.name,
      threads: threads.length,
      idle: threads.filter((thread) => thread.isReady && thread.live === 0).length,
      queued: this.#backlog.length + queuedThere,
      running: live - queuedThere,
      ...this.#counts,
    }
  }

  // ---- from spawned goroutines

  submit(call: Call): void {
    this.#admission.release()
    if (this.#stopped !== undefined) {
      this.#lookIfDrained()
      return call.panicked(this.#stopped)
    }
    this.outstanding++
    this.#awake.waits(call.waiter!.processor)
    call.state = Queued
    const thread = this.#backlog.threadFor(call)
    if (thread === undefined) this.#backlog.push(call)
    else this.#send(call, thread)
    if (call.run !== null) this.#help(call.run)
    if (thread === undefined) this.#grow()
  }

  withdraw(call: Call): Op<void> | undefined {
    const { thread } = call
    if (thread !== null) {
      if (!thread.takeBack(call)) return this.#interrupt(call, thread)
      thread.answerWithin(graceOf(call), `task "${call.task.taskName}" was interrupted there, and nothing came back`)
    }
    this.#awake.waitsNoMore(call.waiter!.processor)
    if (call.state === Here) {
      const ended = call.end()
      this.#helper.interrupt(call)
      return ended
    } else if (call.state === Queued) this.#backlog.remove(call)
    call.forget()
    this.#over()
    return undefined
  }

  // ---- from threads

  toFlush(thread: Thread): void {
    this.#threads.flush(thread)
  }

  result(thread: Thread, call: Call, code: number, packed: unknown): void {
    this.#waitsNoMore(call)
    this.#counted(settleCall(call, code, packed, thread.label))
    this.#over()
  }

  refused(call: Call, error: unknown): void {
    const { along, args, task } = call
    this.#finishWith(call, () => call.panicked(notSent(task.taskName, "args", args, along?.transfer ?? [], error)))
  }

  progressed(thread: Thread): void {
    // What waits for ever otherwise goes before what waits for its turn.
    if (this.#stalls.areAny && thread.isIdle && thread.room > 0) this.#steal(thread)
    this.#feed()
    if (thread.isIdle && thread.room > 0 && this.#backlog.forAnyThread === 0 && !this.settings.isExclusive)
      this.#steal(thread)
    if (thread.live > 0) return
    this.#threads.rests(thread)
    // It may have nothing to do and still be the only one awake: until it says that it is not, nothing is certain.
    this.#awake.look()
  }

  isFree(thread: Thread): void {
    this.#threads.isFree(thread)
  }

  sleepChanged(_thread: Thread): void {
    this.#awake.look()
  }

  nested(thread: Thread, message: ReadonlyArray<unknown>): void {
    relay(this, thread, message)
  }

  ended(thread: Thread, end: ThreadEnd): void {
    forgetRelayed(thread)
    const { queued, started } = thread.takeAll()
    this.#threads.remove(thread)
    const isCrash = !(thread.isClosing && thread.killedBecause === undefined)
    const reason = reasonOf(thread, end)
    const told = this.#told
    if (isCrash) this.#counts.crashes++
    if (isCrash && thread.killedBecause === undefined && !this.#restarts.allow(now()))
      this.#stop(
        `${this.settings.restarts + 1} threads ended within ${this.settings.restartMillis} ms; the last by ${reason}`,
        end.error,
      )
    for (const call of started) this.#crashed(call, thread, reason, end)
    // What was transferred is gone with the thread; and what no thread can read must not end one after the other.
    for (const call of queued.reverse())
      if (call.isMoved || end.hasMissed) this.#crashed(call, thread, reason, end)
      else this.#again(call)
    // Before it is ready it ends for all that wait for it: they hear of it once the pool has stopped.
    const isUnheard = thread.isReady && thread.killedBecause === undefined && this.#told === told
    if (isUnheard && end.error !== undefined) warnOf(end.error, `${thread.label} of ${this.label}`)
    this.#feed()
    this.#grow()
    this.#awake.look()
    if (this.#threads.all.length === 0) for (const tell of this.#whenEnded.splice(0)) tell()
  }

  // ---- the end of a pool

  /** No thread is started any more; those there are end when they have nothing to do. */
  close(): Promise<void> {
    this.#stop("it was disposed of", undefined)
    for (const thread of this.#threads.all) thread.close()
    return this.#allEnded()
  }

  /** Ends all threads at once. */
  kill(because: string): Promise<void> {
    this.#stop(because, undefined)
    for (const thread of this.#threads.all) thread.kill(because)
    return this.#allEnded()
  }

  #allEnded(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#threads.all.length === 0) return resolve()
      for (const thread of this.#threads.all) thread.keepUp()
      this.#whenEnded.push(resolve)
    })
  }

  #stop(because: string, cause: unknown): void {
    const error = (this.#stopped ??= new PoolStopped(this.settings.name, because, cause))
    this.#awake.stop()
    for (const call of this.#backlog.takeAll()) this.#finishWith(call, () => call.panicked(error))
    this.#admission.fail(error)
  }

  // ---- private, in the order of a call's life

  /** As many threads as have something to do at once. */
  #grow(): void {
    if (this.#stopped !== undefined) return
    const before = this.#threads.count
    this.#backlog.grow()
    if (this.#threads.count > before) this.#awake.look()
  }

  #startAnother(): void {
    if (this.#stopped !== undefined) return
    this.#threads.grow([], 1)
    this.#awake.look()
  }

  #send(call: Call, thread: Thread): void {
    thread.send(call)
    this.#stalls.watch()
  }

  /** Another thread is to do what waits in one that does not come to it: one that has nothing to do, a new one, or else whichever has room first. */
  #relieve(stalled: Thread): void {
    if (stalled.stealableBy() === 0) return
    const idle = this.#threads.all.find((thread) => thread.room > 0 && thread.comesAtOnce)
    if (idle !== undefined) this.#steal(idle)
    else if (this.#threads.count < this.settings.threads) this.#startAnother()
    else if (stalled.isForgotten && this.#threads.all.some((thread) => thread.comesToTasks)) {
      // Others have something newer to do all the time.
      for (const call of stalled.takeBackAll().reverse()) {
        this.#counts.stolen++
        call.attempts--
        this.#again(call)
      }
      this.#feed()
    }
  }

  /** This thread runs tasks that may run here, whenever it has nothing better to do, while threads have enough. */
  #help(run: RunOfCall): void {
    this.#helper.start(run, () => {
      const call =
        this.#backlog.takeInline(run) ??
        this.#threads.all.reduce<Call | undefined>((found, thread) => found ?? thread.takeBackInline(run), undefined)
      if (call !== undefined) call.state = Here
      return call
    })
  }

  /** A task that ran here has ended. */
  #endedHere(call: Call, error: { readonly thrown: unknown } | undefined, value: unknown): void {
    this.#finishWith(call, () => {
      if (error === undefined) {
        this.#counts.completed++
        call.returned(value)
      } else if (error.thrown instanceof GoroutineInterrupted) call.interrupted()
      else this.#counted(settleThrown(call, error.thrown))
    })
  }

  /** Sends what waits to threads that have room. */
  #feed(): void {
    if (this.#backlog.length > 0) {
      this.#backlog.feed()
      this.#stalls.watch()
    }
    this.#admission.admit()
  }

  #steal(thief: Thread): void {
    const victim = this.#threads.victimOf(thief)
    if (victim === undefined) return
    const taken = victim.takeBackHalf(thief)
    if (trace.isOn && taken.length > 0)
      trace.log(`thread ${thief.label} steals ${taken.length} of thread ${victim.label}`)
    for (const call of taken) {
      this.#counts.stolen++
      call.attempts--
      this.#send(call, thief)
    }
  }

  #interrupt(call: Call, thread: Thread): Op<void> {
    const end = (): void => {
      // Its end is waited for, and an idle process would not.
      thread.keepUp()
      thread.kill(`task "${call.task.taskName}" was interrupted and did not end`)
    }
    this.#graces.begin(call, graceOf(call), end)
    const ended = call.end()
    thread.interrupt(call)
    return ended
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
    const where = `${thread.label} of ${this.label}`
    const crashed = new WorkerCrashed(call.task.taskName, where, reason, exitCode, error, this.#adviceFor(call))
    this.#finishWith(call, () => call.panicked(withSite(call, crashed)))
  }

  #adviceFor({ attempts, task: { isIdempotent } }: Call): string {
    if (isIdempotent) return `; it was attempt ${attempts}`
    return this.#stopped === undefined ? "; a task that may run twice can be marked { idempotent: true }" : ""
  }

  /** Its thread has not started it, or it may run twice. */
  #again(call: Call): void {
    if (!call.isWanted) return this.#finishWith(call, () => call.interrupted())
    const stopped = this.#stopped
    if (stopped !== undefined) return this.#finishWith(call, () => call.panicked(stopped))
    call.state = Queued
    call.thread = null
    this.#backlog.putBack(call)
  }

  #finishWith(call: Call, finish: () => void): void {
    this.#waitsNoMore(call)
    finish()
    this.#over()
  }

  /** Neither for its result nor for its end. */
  #waitsNoMore(call: Call): void {
    if (call.isWanted) return this.#awake.waitsNoMore(call.waiter!.processor)
    const processor = this.#graces.end(call)
    if (processor === undefined) return
    this.#awake.waitsNoMore(processor)
    // That it was held may have been for this alone.
    this.#awake.look()
  }

  #over(): void {
    this.outstanding--
    this.#lookIfDrained()
    this.#admission.admit()
  }

  #lookIfDrained(): void {
    if (this.isDrained) this.drained.commitAll(undefined)
  }

  #roomLeft(): number {
    const threads = this.#threads.all
    // A thread that starts, or that could be started, takes one at once.
    const toStart = this.settings.threads - threads.filter((thread) => thread.isReady || thread.isClosing).length
    const room = threads.reduce((sum, thread) => sum + Math.max(0, thread.room), toStart)
    return room - this.#backlog.length
  }

  #counted(outcome: Outcome): void {
    if (outcome !== "interrupted") this.#counts[outcome]++
  }

  /** How many tasks have been told that their thread has ended, or run again for it. */
  get #told(): number {
    return this.#counts.failed + this.#counts.retried
  }

  /** For a report: what the goroutines of threads that are asleep wait for. */
  get asleepReports(): ReadonlyArray<string> {
    return this.#threads.all.flatMap(({ asleepReport, label, live }) =>
      asleepReport === undefined || live === 0 ? [] : [`On thread ${label} of ${this.label}:\n\n${asleepReport}`],
    )
  }
}

/** As core tells of what nobody waits for. */
function warnOf(error: unknown, thread: string): void {
  const what = error instanceof Error ? (error.stack ?? String(error)) : String(error)
  warn(`weft: thread ${thread} ended by an error, and had no task that could be told: ${what}`)
}
