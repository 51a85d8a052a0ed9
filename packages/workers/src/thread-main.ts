/**
 * A pool's thread, from inside: it takes tasks out of messages, runs them as goroutines, and sends what they end with.
 *
 * Invariants:
 *   1. Every entry of a Run message is counted once: `consumed` is the number of the last one that was started, or found taken back.
 *   2. A claimed task answers exactly one result.
 *   3. No result stays here while the thread waits, or while a task runs that is likely to be long.
 *   4. Before the thread waits the pool knows `consumed`: else it could think for ever that its queue is full.
 */
import {
  currentProcessor,
  type Goroutine,
  install,
  isFailure,
  numGoroutine,
  onHostEnd,
  type Processor,
  startArrival,
  threadId,
  Waiter,
} from "@weft/core"
import { callerOf } from "./caller.ts"
import { type Carried, mark } from "./carry/carrier.ts"
import { ContextsHere } from "./carry/context.ts"
import { type CarriedThrow, packError } from "./carry/error.ts"
import { withSpan } from "./carry/span.ts"
import { unpackValue } from "./carry/unpack.ts"
import { inheritFates } from "./channels/fates.ts"
import { arrived, flush as flushHub, setUp } from "./channels/hub.ts"
import { claimTask, nap, setConsumed, setIdle, setLoading, wakes } from "./control.ts"
import { afterThis, later } from "./host.ts"
import { importError, loadTask, whenLoaded } from "./load-task.ts"
import { NestedExecutor } from "./nested.ts"
import { messageOf, notMade } from "./not-cloneable.ts"
import { platform, type ThreadSide } from "./platform/platform.ts"
import { ResultsOut } from "./results-out.ts"
import { SleepWatch } from "./sleep-watch.ts"
import { type AnyTask, modulesOf } from "./task.ts"
import { type Entry, type Known, TaskInbox } from "./task-inbox.ts"
import { ThreadScheduler, type ThreadWork } from "./thread-scheduler.ts"
import * as Ended from "./task-ended.ts"
import * as FromThread from "./from-thread.ts"
import * as ToThread from "./to-thread.ts"
import { hasCarried, hasSpan } from "./wire.ts"

const fileOfThis = (): string => callerOf(fileOfThis) ?? import.meta.url

/** Where this package is, for threads to import: a bundler may have put it anywhere. */
export const threadModule: string = fileOfThis()

/** Not a moment of spinning before: that slows whom it waits for, where two processors share a core. */
const napMillis = 1
/** A result waits at most so long for others to go along with, while tasks follow: for each message the other thread leaves what it does. */
const resultMillis = 3
/** A task that takes longer on the average must not keep the results of others. */
const shortMillis = 2
/** A module that takes longer to load does not keep the tasks of others. */
const slowLoadMillis = 1000

interface Running {
  readonly goroutine: Goroutine<unknown, unknown>
  readonly number: number
}

class ThreadMain implements ThreadWork {
  /** Where tasks go that are spawned here. */
  readonly nested: NestedExecutor
  readonly results: ResultsOut
  readonly #side: ThreadSide
  readonly #processor: Processor
  readonly #inbox = new TaskInbox()
  readonly #running = new Map<number, Running>()
  readonly #contexts = new ContextsHere()
  readonly #sleep: SleepWatch
  /** How many messages have come, as WAKE counts those posted. */
  #taken = 0
  #consumed = 0
  /** What was said of that last. */
  #told = 0
  /** Since when the oldest result waits, the thread is busy, and the task that runs has run. */
  #resultSince = 0
  #busySince = 0
  #taskSince = 0
  #taskRuns: Known | undefined
  /** The task that the queue waits for, while its module is imported. */
  #awaited: Known | undefined
  #isFlushAsked = false
  /** The pool wants to know when no goroutine is left. */
  #isAsked = false
  isIdle = false
  #isClosing = false

  constructor(side: ThreadSide) {
    this.#side = side
    this.nested = new NestedExecutor(side)
    this.results = new ResultsOut(side)
    const processor = (this.#processor = currentProcessor())
    this.#sleep = new SleepWatch(side, processor, this.nested)
    const scheduler = new ThreadScheduler(processor.scheduler, this)
    install({ name: "@weft/workers", setup: (runtime) => runtime.setScheduler(scheduler) })
    side.onMessage((message) => {
      this.#take(message as ReadonlyArray<unknown>)
      this.#begin()
    })
    // Of tasks that have ended: those would be told that they had not, because one that follows ends the thread.
    onHostEnd(() => this.#flush())
    inheritFates(side.boot.fates)
    setUp((message, transfer) => side.post([FromThread.Channel, ...message], transfer))
    this.#rest()
    void whenLoaded(side.loading).then(() => {
      side.post([FromThread.Ready, threadId()], [])
      this.#goToSleep()
    })
  }

  // ---- for the scheduler

  get queued(): number {
    return this.#awaited === undefined ? this.#inbox.length : 0
  }

  startNext(): void {
    const first = this.#inbox.peek()!
    // Not claimed while its module loads: it can be taken back, and is not lost with this thread.
    if (first.known.task === undefined && first.known.missing === undefined && !first.known.isSlow)
      return this.#loadFirst(first)
    const entry = this.#inbox.shift()!
    const now = this.#now()
    this.#measure(now)
    const { known, number } = entry
    this.#consumed = number
    const { control } = this.#side.boot
    const isMine = control === undefined || claimTask(control, number)
    if (control !== undefined) setConsumed(control, number)
    if (!isMine || entry.slot < 0) return
    if (known.missing !== undefined) return this.#notFound(entry)
    if (known.task === undefined) return void known.waiting.push(entry)
    const mayWait = known.millis >= 0 && known.millis < shortMillis && now - this.#resultSince < resultMillis
    if (!this.results.isEmpty && !mayWait) this.#flush()
    this.#taskSince = now
    this.#taskRuns = known
    this.#start(entry, known.task)
  }

  idle(): boolean {
    const { boot, canTake } = this.#side
    // Still the goroutine of the step before, while nobody runs: what a message brings must not throw as if that had called it.
    this.#processor.current = null
    this.#measure(this.#now())
    this.#rest()
    this.#flush()
    this.#tellHowFar()
    // Here, as no microtask runs while the thread naps.
    flushHub()
    const { control } = boot
    // What its goroutines wait for may come by the event loop alone.
    const mayNap =
      canTake && control !== undefined && this.#processor.outside === 0 && this.#processor.timers.size === 0
    if (mayNap) {
      const seen = wakes(control)
      if (this.#takeAll(seen)) return this.#processor.prolongSlice()
      nap(control, seen, napMillis)
      if (this.#takeAll(wakes(control))) return this.#processor.prolongSlice()
    }
    this.#goToSleep()
    return false
  }

  // ---- messages

  /** As many as were posted: asking for one more, which is not there, costs as much as taking one. */
  #takeAll(posted: number): boolean {
    const before = this.#taken
    while (((posted - this.#taken) | 0) > 0) {
      const message = this.#side.take()
      if (message === undefined) break
      this.#take(message as ReadonlyArray<unknown>)
    }
    if (this.#taken === before) return false
    this.wakeUp()
    return this.#processor.scheduler.length > 0
  }

  #take(message: ReadonlyArray<unknown>): void {
    this.#taken = (this.#taken + 1) | 0
    this.#sleep.received()
    switch (message[0]) {
      case ToThread.Run:
        return this.#inbox.run(message)
      case ToThread.Define:
        return this.#inbox.define(message)
      case ToThread.Interrupt:
        return this.#interrupt(message[1] as number, message[2] as number)
      case ToThread.ContextDone:
        return this.#contexts.done(message[1] as number, message[2] as CarriedThrow)
      case ToThread.Channel:
        return arrived(message, 1)
      case ToThread.Settle:
        return this.nested.settle(message)
      case ToThread.Ask:
        return this.#answer()
      case ToThread.Close:
        this.#isClosing = true
        return this.#closeIfDone()
    }
  }

  #interrupt(slot: number, number: number): void {
    const running = this.#running.get(slot)
    if (running !== undefined && running.number === number) return running.goroutine.interrupt()
    if (this.#inbox.takeWaiting(number) !== undefined) this.#result(slot, Ended.Interrupted, undefined)
    // Otherwise it is in the queue here, or has ended, and its result is on its way.
    else this.#inbox.interrupt(number)
  }

  // ---- tasks

  /** Runs what a message has brought. */
  #begin(): void {
    this.wakeUp()
    // A goroutine asks for the slice in which the others start.
    while (this.queued > 0 && this.#processor.scheduler.length === this.queued) this.startNext()
    if (this.queued > 0 || this.#processor.scheduler.length > 0) return
    this.#rest()
    this.#flush()
    this.#tellHowFar()
    this.#goToSleep()
  }

  #start({ args, flags, isInterrupted, number, slot }: Entry, task: AnyTask): void {
    if (isInterrupted) return this.#result(slot, Ended.Interrupted, undefined)
    const contexts: Array<number> = []
    let given = args
    try {
      if ((flags & hasCarried) !== 0) given = unpackValue(args, this.#made(contexts)) as ReadonlyArray<unknown>
    } catch (error) {
      for (const id of contexts) this.#contexts.forget(id)
      return this.#result(slot, Ended.Panicked, packError(notMade(task.taskName, "its arguments", messageOf(error))))
    }
    try {
      const goroutine = startTask(task, given as ReadonlyArray<never>, flags)
      this.#running.set(slot, { goroutine, number })
      goroutine.join().enqueue(new TaskEnd(this, this.#processor, slot, task, contexts))
    } catch (error) {
      this.#result(slot, Ended.Panicked, packError(error))
    }
  }

  #made(contexts: Array<number>): (carried: Carried) => unknown {
    return (carried) => {
      const { id } = carried.what as { readonly id: number }
      contexts.push(id)
      return carried[mark] === "signal"
        ? this.#contexts.makeSignal(carried.what)
        : this.#contexts.make(carried.what, (value) => unpackValue(value, this.#made(contexts)))
    }
  }

  /** Imports the module of the first task; the queue waits for that. */
  #loadFirst({ known }: Entry): void {
    const { control } = this.#side.boot
    this.#awaited = known
    // It may never have loaded: other threads leave the tasks of that module alone.
    if (control !== undefined) setLoading(control, known.index + 1)
    const goOn = () => {
      // Of a slow one whose end has come the queue may wait for another by now.
      if (this.#awaited === known) {
        this.#awaited = undefined
        if (control !== undefined) setLoading(control, 0)
        // What importing takes says nothing of what its tasks will.
        this.#busySince = this.#now()
      }
      this.#begin()
    }
    const tooSlow = later(() => {
      known.isSlow = true
      goOn()
    }, slowLoadMillis)
    this.#sleep.hold()
    void loadTask(known.place).then((found) => {
      this.#sleep.release()
      this.wakeUp()
      if (typeof found === "string") known.missing = found
      else known.task = found
      tooSlow()
      for (const waiting of known.waiting.splice(0))
        if (known.task === undefined) this.#notFound(waiting)
        else this.#start(waiting, known.task)
      goOn()
    })
  }

  #notFound({ known, slot }: Entry): void {
    const { modules } = known.place
    const error = importError(modules)
    this.#result(slot, Ended.NotFound, [modules, known.missing, error && packError(error)])
  }

  #result(slot: number, code: number, value: unknown): void {
    if (this.results.isEmpty) this.#firstResult()
    this.results.add(slot, code, value)
    this.hasResult()
  }

  /** A task's goroutine has ended, and is about to add its result. */
  ended(slot: number, contexts: ReadonlyArray<number>): void {
    this.#running.delete(slot)
    for (const id of contexts) this.#contexts.forget(id)
    if (this.results.isEmpty) this.#firstResult()
  }

  /** It is sent at the end of this slice at the latest: goroutines that never park must not keep it. */
  #firstResult(): void {
    this.#resultSince = this.#now()
    if (this.#isFlushAsked) return
    this.#isFlushAsked = true
    afterThis(() => {
      this.#isFlushAsked = false
      this.#flush()
    })
  }

  hasResult(): void {
    if (!this.results.isFull) return
    // Whoever hears of the last one knows that the next task would be begun at once.
    if (this.#processor.scheduler.length === 0) this.#rest()
    this.#flush()
  }

  #flush(): void {
    if (!this.results.isEmpty) {
      const now = this.#now()
      const busyMillis = now - this.#busySince
      this.#busySince = now
      this.#told = this.#consumed
      this.results.flush(this.#consumed, busyMillis)
    }
    this.#closeIfDone()
  }

  /** Tasks that have begun and parked make room, as those do that were taken back, and have no results that would tell so. */
  #tellHowFar(): void {
    if (this.#told !== this.#consumed) this.#side.post([FromThread.Hungry, (this.#told = this.#consumed)], [])
  }

  // ---- time and sleep

  #now(): number {
    return this.#processor.clock.now()
  }

  /** How long the last task took, or what it took until it parked. */
  #measure(now: number): void {
    const known = this.#taskRuns
    if (known === undefined) return
    this.#taskRuns = undefined
    const millis = now - this.#taskSince
    known.millis = known.millis < 0 ? millis : known.millis * 0.9 + millis * 0.1
  }

  wakeUp(): void {
    if (!this.isIdle) return
    this.isIdle = false
    this.#busySince = this.#now()
    const { control } = this.#side.boot
    if (control !== undefined) setIdle(control, false)
    this.#sleep.wakes()
  }

  #rest(): void {
    if (this.isIdle) return
    this.isIdle = true
    const { control } = this.#side.boot
    if (control !== undefined) setIdle(control, true)
  }

  #goToSleep(): void {
    this.#rest()
    if (this.#isAsked && numGoroutine() === 0) this.#answer()
    if (this.#inbox.length === 0 && !this.#inbox.hasWaiting) this.#contexts.noneWaits()
    this.#sleep.idles()
  }

  #answer(): void {
    const isFree = numGoroutine() === 0
    this.#isAsked = !isFree
    this.#side.post([FromThread.Here, isFree], [])
  }

  #closeIfDone(): void {
    if (this.#isClosing && this.#running.size === 0 && this.#inbox.length === 0) this.#side.close()
  }
}

function startTask(task: AnyTask, args: ReadonlyArray<never>, flags: number): Goroutine<unknown, unknown> {
  if ((flags & hasSpan) === 0) return startArrival(task, task, args)
  const [span, ...rest] = args
  return startArrival(task, withSpan, [span, task, rest])
}

/** Joins a task's goroutine, so that what it throws is a result and no panic of this thread. */
class TaskEnd extends Waiter {
  readonly processor: Processor
  readonly #main: ThreadMain
  readonly #slot: number
  readonly #task: AnyTask
  readonly #contexts: ReadonlyArray<number>

  constructor(main: ThreadMain, processor: Processor, slot: number, task: AnyTask, contexts: ReadonlyArray<number>) {
    super()
    this.processor = processor
    this.#main = main
    this.#slot = slot
    this.#task = task
    this.#contexts = contexts
  }

  commit(value: unknown): void {
    this.#main.ended(this.#slot, this.#contexts)
    this.#main.results.returned(this.#slot, this.#task.taskName, value)
    this.#main.hasResult()
  }

  fail(error: unknown): void {
    this.#main.ended(this.#slot, this.#contexts)
    this.#explain(error)
    this.#main.results.threw(this.#slot, error)
    this.#main.hasResult()
  }

  /** Where the module is not whole here, that is why: `Cannot access 'db' before initialization` says nothing of the file that was not there. */
  #explain(error: unknown): void {
    // What the rest of a module would have set throws one of these; any other error has reasons of its own.
    if (!(error instanceof ReferenceError || error instanceof TypeError) || isFailure(error)) return
    const missing = importError(modulesOf(this.#task))
    if (missing !== undefined && error.cause === undefined && Object.isExtensible(error)) error.cause = missing
  }
}

let main: ThreadMain | undefined

/** Once, in a thread that a pool has started. */
export function begin(side: ThreadSide): void {
  main = new ThreadMain(side)
}

const side = platform?.side()
if (side !== undefined) begin(side)

/** In a pool's thread: the executor of the tasks it spawns. */
export const nestedExecutor = (): NestedExecutor | undefined => main?.nested
