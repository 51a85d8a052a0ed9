/**
 * Thread: one thread of a pool, seen from the pool.
 *
 * It has the tasks that were sent there, and knows from the words both sides see which have been started. Messages go out in batches: `flush`.
 *
 * Invariants:
 *   1. `calls` holds exactly the calls that were sent and have not come back; `live` counts them.
 *   2. A call whose claim is still its number has not been started: it can be taken back, and is not lost with the thread.
 *   3. The thread keeps the process up exactly while it starts, while it is not asleep for good and `live` > 0, or its pool needs it, and from `keepUp` on.
 */
import { threadId } from "@weft/core"
import { type Call, type RunOfCall, Sent } from "./call.ts"
import { fates } from "./channels/fates.ts"
import { addThread, arrived, endsSoon, flush as flushHub, removeThread } from "./channels/hub.ts"
import {
  countMessage,
  isOffered,
  isThreadIdle,
  lastConsumed,
  mostQueued,
  newControl,
  nextNumber,
  numbersBetween,
  offerTask,
  takeBackTask,
  taskLoading,
  wakeThread,
} from "./control.ts"
import { afterGrace, afterThis, now } from "./host.ts"
import { Watches } from "./watches.ts"
import * as FromThread from "./from-thread.ts"
import * as ToThread from "./to-thread.ts"
import type { HostThread, Platform, ThreadEnd, ThreadOptions } from "./platform/platform.ts"
import { modulesOf } from "./task.ts"
import { hasObjects } from "./wire.ts"

/** How much work, by what its tasks have taken so far, may wait in a thread: twice what it collects results for (`resultMillis`). */
const queuedMillis = 6
/** As many for tasks of which nothing is known yet. */
const queuedAtFirst = 4
/** Without shared memory what was sent can't be taken back. */
const queuedWithoutControl = 2
/** So long a task may wait behind another one. */
const behindMillis = 10
/** Where no other runs, the thread loads a module, say, or waits for a processor: it will come to it sooner than another one, mostly. */
const nextMillis = 1000
/** By then a thread with nothing to do would have taken over what waits in one that is stalled. */
const forgottenMillis = 100
/** A module takes less to load, or never has loaded. */
const loadMillis = 5000
/** A thread that was told to end, and does nothing, is ended. */
const closingMillis = 1000
const none: ReadonlyArray<never> = []
/** As many tasks go in one message while more come. */
const batch = 64

/** What a thread tells its pool. */
export interface ThreadOwner {
  result(thread: Thread, call: Call, code: number, value: unknown): void
  /** It is ready, or has told how far it is. */
  progressed(thread: Thread): void
  sleepChanged(thread: Thread): void
  /** It has spawned a task of its own, or says something about one. */
  nested(thread: Thread, message: ReadonlyArray<unknown>): void
  ended(thread: Thread, end: ThreadEnd): void
  /** Its arguments can't be sent. */
  refused(call: Call, error: unknown): void
  /** Has tasks in its outbox. */
  toFlush(thread: Thread): void
  /** It has no goroutine left. */
  isFree(thread: Thread): void
}

export class Thread {
  readonly label: string
  readonly index: number
  readonly calls: Array<Call | undefined> = []
  live = 0
  isReady = false
  isEnded = false
  /** It takes no more tasks. */
  isClosing = false
  /** Why the pool has ended it. */
  killedBecause: string | undefined
  /** Nothing in it can go on by itself: what it said last, and how it is. */
  asleepReport: string | undefined
  lastUsed = 0
  /** What `lastUsed` was when nothing had been sent for long enough to end it. */
  restsSince = -1
  readonly #owner: ThreadOwner
  readonly #control = newControl()
  /** One task at a time, as it blocks the thread. */
  readonly #isExclusive: boolean
  readonly #host: HostThread
  readonly #free: Array<number> = []
  readonly #numbers = new Map<string, number>()
  /** Of each task that it has been told of, by its number. */
  readonly #modules: Array<ReadonlyArray<string>> = []
  readonly #recent: Array<Call | undefined> = new Array<Call | undefined>(512).fill(undefined)
  readonly #watches = new Watches((id, cause) => this.post([ToThread.ContextDone, id, cause]))
  /** Once it is ready. */
  number: number | undefined
  readonly #way = (message: ReadonlyArray<unknown>, transfer: ReadonlyArray<object>): void =>
    this.post([ToThread.Channel, ...message], transfer)
  #outbox: Array<unknown> = []
  /** Messages have been posted for which it may have to be woken. */
  #isToWake = false
  #last = 0
  #reported = 0
  /** How far it was when it was looked at last, and since when it has been that far with a task behind. */
  #seen = 0
  #seenSince = 0
  /** How far it was when it had been that far for too long; below 0 if it had not. */
  #stuckAt = -1
  #heard = 0
  #mustAnswer = false
  #millisPerTask = -1
  #posted = 0
  #isRef = false
  #isKeptUp = false

  constructor(
    index: number,
    name: string,
    platform: Platform,
    module: string,
    options: ThreadOptions,
    isExclusive: boolean,
    owner: ThreadOwner,
  ) {
    this.index = index
    this.label = String(index + 1)
    this.#owner = owner
    this.#isExclusive = isExclusive
    const boot = { module, control: this.#control, fates: fates(), name, parent: threadId() }
    this.#host = platform.startThread(boot, options, {
      message: (message) => this.#received(message as ReadonlyArray<unknown>),
      ended: (end) => {
        this.isEnded = true
        // Whoever waits for what this thread held, or made, goes on.
        if (this.number !== undefined) removeThread(this.number)
        owner.ended(this, end)
      },
    })
    // It is started because something waits for it.
    this.#setRef(true)
  }

  /** Tasks sent there that it has not taken up. */
  get queued(): number {
    return numbersBetween(this.#control === undefined ? this.#reported : lastConsumed(this.#control), this.#last)
  }

  /** Those of its tasks that it has not started: without what was taken back, and still stands in its queue. */
  get notStarted(): number {
    const control = this.#control
    if (this.live === 0) return 0
    if (control === undefined) return Math.min(this.queued, this.live)
    if (this.queued === 0) return 0
    let n = 0
    for (const call of this.calls) if (call !== undefined && isOffered(control, call.number)) n++
    return n
  }

  get isIdle(): boolean {
    if (this.live === 0) return true
    return this.#control !== undefined && this.queued === 0 && isThreadIdle(this.#control)
  }

  /** Whether it begins at once what is sent there: a goroutine that a task has left may keep one busy that is idle for its pool. */
  get comesAtOnce(): boolean {
    if (this.#control === undefined) return this.live === 0
    return this.queued === 0 && isThreadIdle(this.#control)
  }

  /** Whether what was sent there could go to another thread. */
  canTakeBack(call: Call): boolean {
    return this.#control !== undefined && !call.isMoved
  }

  /** Whether one of its tasks has ended. */
  get isPaceKnown(): boolean {
    return this.#millisPerTask >= 0
  }

  /** How many more tasks it should have. */
  get room(): number {
    if (!this.isReady || this.isClosing || this.isStalled) return 0
    if (this.#isExclusive) return this.live === 0 ? 1 : 0
    const most =
      this.#control === undefined
        ? queuedWithoutControl
        : !this.isPaceKnown
          ? queuedAtFirst
          : Math.max(1, Math.min(mostQueued, Math.ceil(queuedMillis / this.#millisPerTask)))
    return most - this.queued
  }

  // ---- to the thread

  send(call: Call): void {
    if (this.queued === 0) this.#seenSince = now()
    const slot = this.#free.pop() ?? this.calls.length
    const number = nextNumber(this.#last)
    this.#last = number
    this.calls[slot] = call
    this.#recent[number & 511] = call
    call.state = Sent
    call.thread = this
    call.slot = slot
    call.number = number
    call.attempts++
    if (this.#control !== undefined) offerTask(this.#control, number)
    if (++this.live === 1) this.#setRef(true)
    // From now on, and not from when the message goes: virtual time must not go on without it.
    if (this.asleepReport !== undefined) this.#wakes()
    const { along, args, flags, task } = call
    const known = this.#numbers.get(task.key) ?? this.#define(call)
    this.#watches.prepare(call)
    if ((flags & hasObjects) !== 0) return this.#sendAlone(call, known, along?.transfer ?? none)
    if (this.#outbox.length === 0) this.#outbox.push(ToThread.Run)
    this.#outbox.push(slot, known, flags, args.length)
    for (let i = 0; i < args.length; i++) this.#outbox.push(args[i])
    this.#owner.toFlush(this)
    this.#watches.start(call)
  }

  /** Objects go in a message of their own: structured clone keeps what values of one message share, and two tasks would have one array between them. */
  #sendAlone(call: Call, known: number, transfer: ReadonlyArray<object>): void {
    const { args, flags, slot } = call
    try {
      this.#post([ToThread.Run, slot, known, flags, args.length, ...args], transfer)
      this.#wakeSoon()
    } catch (error) {
      // What only the host can tell of: a stream that is locked, an object of its own that it does not clone. Nothing was sent, and the number is used.
      this.post([ToThread.Run, -1, 0, 0, 0])
      // Whoever is about to join it has to come to that.
      afterThis(() => this.#refuse(call, error))
    }
    this.#watches.start(call)
  }

  #refuse(call: Call, error: unknown): void {
    if (this.calls[call.slot] !== call) return
    this.#free.push(this.#drop(call))
    this.#owner.refused(call, error)
  }

  get isFull(): boolean {
    return this.#outbox.length > batch * 6
  }

  #define(call: Call): number {
    const number = this.#numbers.size
    const modules = modulesOf(call.task)
    this.#numbers.set(call.task.key, number)
    this.#modules.push(modules)
    this.post([ToThread.Define, number, call.task.key, call.task.taskName, ...modules])
    return number
  }

  flush(): void {
    const outbox = this.#outbox
    if (outbox.length > 0) {
      this.#outbox = []
      this.post(outbox)
    } else if (this.#isToWake) this.#wake()
  }

  /** Whatever was to be sent before goes before: that a channel was given to somebody, say. */
  post(message: ReadonlyArray<unknown>, transfer: ReadonlyArray<object> = none): void {
    this.#post(message, transfer)
    this.#wake()
  }

  #post(message: ReadonlyArray<unknown>, transfer: ReadonlyArray<object>): void {
    flushHub()
    if (this.#outbox.length > 0) this.flush()
    this.#host.post(message, transfer)
    this.#posted++
    if (this.asleepReport !== undefined) this.#wakes()
    if (this.#control !== undefined) countMessage(this.#control)
  }

  #wake(): void {
    this.#isToWake = false
    if (this.#control !== undefined) wakeThread(this.#control)
  }

  /** One that has nothing else to do, at once. A wake-up costs as much as some messages: for others it waits until the end of this turn. */
  #wakeSoon(): void {
    if (this.live === 1) return this.#wake()
    this.#isToWake = true
    this.#owner.toFlush(this)
  }

  /** Takes back a task that has not been started. */
  takeBack(call: Call): boolean {
    if (this.#control === undefined || !takeBackTask(this.#control, call.number)) return false
    this.#free.push(this.#drop(call))
    return true
  }

  /** How many tasks wait here for another thread to take them: for `thief`, or else for one that would have to be started. */
  stealableBy(thief?: Thread): number {
    if (this.queued === 0) return 0
    let n = 0
    for (const call of this.calls) if (call !== undefined && this.#isFor(call, thief)) n++
    if (n === 0 || this.isStalled || taskLoading(this.#control!) > 0) return n
    // The one that this is about to begin: a thief of whom only parked tasks are known is no sooner.
    return this.notStarted === this.live && thief?.isPaceKnown !== true ? n - 1 : n
  }

  #isFor(call: Call, thief: Thread | undefined): boolean {
    const control = this.#control
    if (control === undefined || call.options.on !== undefined || call.isMoved) return false
    if (!isOffered(control, call.number)) return false
    // A module that never has loaded would hold up one thread after the other: whoever has imported it may have the task.
    return !this.#loadsFor(call) || (thief !== undefined && thief.isPaceKnown && thief.#has(call))
  }

  /** Whether the module that it imports is where the task is: other tasks may be, too, and parts of loops. */
  #loadsFor({ task }: Call): boolean {
    const loading = taskLoading(this.#control!)
    if (loading === 0) return false
    const modules = this.#modules[loading - 1]!
    return modulesOf(task).some((module) => modules.includes(module))
  }

  #has(call: Call): boolean {
    return this.#numbers.has(call.task.key)
  }

  /** What waits for a thread will be done there at some time. */
  get comesToTasks(): boolean {
    return this.isReady && !this.isClosing && !this.isStalled
  }

  /** Nobody has come for what waits there, though it has been stalled for long. */
  get isForgotten(): boolean {
    return this.isStalled && now() - this.#seenSince >= forgottenMillis
  }

  /** It comes to none of the tasks that wait there. */
  get isStalled(): boolean {
    return this.#stuckAt >= 0 && this.#stuckAt === lastConsumed(this.#control!)
  }

  /** Looks whether it has been as far as it is for too long, though tasks wait. */
  looksStalled(at: number): boolean {
    const control = this.#control
    if (control === undefined) return false
    const consumed = lastConsumed(control)
    if (consumed !== this.#seen) this.#seenSince = at
    this.#seen = consumed
    const isBehind = this.live > this.notStarted && !isThreadIdle(control)
    const millis = isBehind ? behindMillis : nextMillis
    this.#stuckAt = consumed !== this.#last && at - this.#seenSince >= millis ? consumed : -1
    return this.isStalled
  }

  /** Takes back half of those that have not been started, the last ones. */
  takeBackHalf(thief: Thread): Array<Call> {
    return this.#takeBackLast(Math.ceil(this.stealableBy(thief) / 2), thief)
  }

  /** Takes back all that another thread may have. */
  takeBackAll(): Array<Call> {
    return this.#takeBackLast(this.stealableBy(), undefined)
  }

  /** In their order. */
  #takeBackLast(wanted: number, thief: Thread | undefined): Array<Call> {
    const taken: Array<Call> = []
    const { queued } = this
    for (let i = 0, number = this.#last; i < queued && taken.length < wanted; i++, number--) {
      if (number === 0) number = 0x3fffffff
      const call = this.#recent[number & 511]
      if (call === undefined || call.number !== number || call.thread !== this || !this.#isFor(call, thief)) continue
      if (this.takeBack(call)) taken.push(call)
    }
    return taken.reverse()
  }

  /** Takes back one of `run` that may run in the pool's own thread, if others wait there. */
  takeBackInline(run: RunOfCall): Call | undefined {
    for (let i = this.queued; i > 0; i--) {
      const call = this.#recent[(this.#last - i + 1) & 511]
      if (call?.thread === this && call.run === run && !call.isMoved && this.takeBack(call)) return call
    }
    return undefined
  }

  interrupt(call: Call): void {
    this.post([ToThread.Interrupt, call.slot, call.number])
  }

  ask(): void {
    this.post([ToThread.Ask])
  }

  /** It has to say anything within `millis`, and within a second where that is less, unless it runs a task: else it is stuck outside of all, and nobody would come to what is sent there. */
  answerWithin(millis: number, because: string): void {
    if (this.#mustAnswer) return
    this.#mustAnswer = true
    const heard = this.#heard
    this.ask()
    const end = (): void => {
      const isSilent = !this.isEnded && this.#heard === heard && this.live === this.notStarted
      // Whoever imports a module answers only between two of its parts.
      const left = isSilent && taskLoading(this.#control!) > 0 ? loadMillis - waited : 0
      if (left > 0) {
        waited = loadMillis
        return void afterGrace(end, left, false)
      }
      this.#mustAnswer = false
      if (isSilent) this.kill(because)
    }
    let waited = Math.max(millis, nextMillis)
    afterGrace(end, waited, false)
  }

  close(): void {
    this.isClosing = true
    this.post([ToThread.Close])
    this.#endSoon()
  }

  #endSoon(): void {
    const end = (): void => {
      if (this.isEnded) return
      if (this.live > 0) this.#endSoon()
      else this.#terminate()
    }
    afterGrace(end, closingMillis, false)
  }

  /** Whether it keeps the process up while it has no tasks, until it is asleep. */
  keepUpWithout(isNeeded: boolean): void {
    if (this.isReady && this.live === 0) this.#setRef(isNeeded && this.asleepReport === undefined)
  }

  /** Until it has ended. */
  keepUp(): void {
    this.#isKeptUp = true
    this.#setRef(true)
  }

  kill(because: string): void {
    this.killedBecause ??= because
    this.isClosing = true
    this.#terminate()
  }

  #terminate(): void {
    if (this.number !== undefined) endsSoon(this.number)
    this.#host.terminate()
  }

  /** Takes out all calls: those that have not been started first. The thread has ended. */
  takeAll(): { queued: Array<Call>; started: Array<Call> } {
    const all = this.calls.filter((call) => call !== undefined)
    for (const call of all) this.#watches.stop(call)
    this.calls.length = 0
    this.live = 0
    const queued = this.#control === undefined ? [] : all.filter((call) => takeBackTask(this.#control!, call.number))
    const taken = new Set(queued)
    return { queued: queued.sort((a, b) => a.number - b.number), started: all.filter((call) => !taken.has(call)) }
  }

  // ---- from the thread

  #received(message: ReadonlyArray<unknown>): void {
    this.#heard++
    switch (message[0]) {
      case FromThread.Results:
        return this.#results(message)
      case FromThread.Ready:
        this.isReady = true
        this.number = message[1] as number
        addThread(this.number, this.#way)
        // Before it is given anything, and before its pool decides whether it keeps the process up without.
        this.#setRef(false)
        return this.#owner.progressed(this)
      case FromThread.Hungry:
        this.#reported = message[1] as number
        return this.#owner.progressed(this)
      case FromThread.Asleep:
        // Something is on its way there: it will wake up.
        if (message[1] !== this.#posted) return
        this.asleepReport = message[2] as string
        this.#setRef(false)
        return this.#owner.sleepChanged(this)
      case FromThread.Here:
        if (message[1] === true) this.#owner.isFree(this)
        return
      case FromThread.Awake:
        return this.#wakes()
      case FromThread.Channel:
        return arrived(message, 1, this.#way)
      default:
        this.#owner.nested(this, message)
    }
  }

  #results(message: ReadonlyArray<unknown>): void {
    this.#reported = message[1] as number
    const count = (message.length - 3) / 3
    const millis = (message[2] as number) / count
    this.#millisPerTask = this.#millisPerTask < 0 ? millis : this.#millisPerTask * 0.75 + millis * 0.25
    for (let i = 3; i < message.length; i += 3) {
      const slot = message[i] as number
      const call = this.calls[slot]!
      this.#drop(call)
      this.#free.push(slot)
      this.#owner.result(this, call, message[i + 1] as number, message[i + 2])
    }
    this.#owner.progressed(this)
  }

  #drop(call: Call): number {
    const { slot } = call
    this.calls[slot] = undefined
    this.#recent[call.number & 511] = undefined
    call.thread = null
    if (--this.live === 0) this.#setRef(false)
    this.#watches.stop(call)
    return slot
  }

  #wakes(): void {
    if (this.asleepReport === undefined) return
    this.asleepReport = undefined
    this.#setRef(this.live > 0)
    this.#owner.sleepChanged(this)
  }

  #setRef(isWanted: boolean): void {
    const isRef = isWanted || this.#isKeptUp
    if (this.#isRef === isRef) return
    this.#isRef = isRef
    this.#host.setRef(isRef)
  }
}
