/**
 * A pool's thread, from inside: it takes tasks out of messages, runs them as goroutines, and sends what they end with.
 *
 * Invariants:
 *   1. Every entry of a Run message is counted once: `consumed` is the number of the last one that was started, or found taken back.
 *   2. A claimed task answers exactly one result.
 *   3. No result stays here while the thread waits, or while a task runs that may be long.
 */
import {
  currentProcessor,
  go,
  type Goroutine,
  GoroutineInterrupted,
  goroutines,
  install,
  isFailure,
  type Processor,
  threadId,
  Waiter,
  type Yieldable,
} from "@weft/core"
import { arrived, flush as flushHub, setUp } from "./channels/hub.ts"
import { ContextsHere } from "./carry/context.ts"
import { type Carried, mark, Packer } from "./carry/carrier.ts"
import { type CarriedThrow, packError } from "./carry/error.ts"
import { withSpan } from "./carry/span.ts"
import { unpackValue } from "./carry/unpack.ts"
import { claimTask, nap, nextNumber, setConsumed, setIdle, wakes } from "./control.ts"
import { NestedExecutor } from "./nested.ts"
import { Deque } from "./deque.ts"
import { later } from "./host.ts"
import { callerOf } from "./caller.ts"
import { loadTask, type TaskPlace, whenLoaded } from "./load-task.ts"
import { platform, type ThreadSide } from "./platform/platform.ts"
import { type AnyTask, taskOf } from "./task.ts"
import { ThreadScheduler, type ThreadWork } from "./thread-scheduler.ts"
import { Ended, FromThread, hasCarried, hasSpan, ToThread, valueIsCarried } from "./wire.ts"

const fileOfThis = (): string => callerOf(fileOfThis) ?? import.meta.url

/** Where this package is, for threads to import: a bundler may have put it anywhere. */
export const threadModule: string = fileOfThis()

/** Not a moment of spinning before: that slows whom it waits for, where two processors share a core. */
const napMillis = 1
/** A result waits at most so long for others to go along with. */
const resultMillis = 0.1
const resultsAtOnce = 64 * 3
/** A task that takes longer on the average must not keep the results of others. */
const shortMillis = 0.05
/** A module that takes longer to load does not keep the tasks of others. */
const slowLoadMillis = 1000
/** So long all must have been asleep before it is said: pauses between messages are nobody's concern. */
const asleepMillis = 20

/** A task by its number, once it is here. */
interface Known {
  readonly place: TaskPlace
  task: AnyTask | undefined
  missing: string | undefined
  /** Entries that came while it was loading. */
  readonly waiting: Array<Entry>
  /** It has kept the queue for long enough: its tasks wait apart. */
  isSlow: boolean
  millis: number
}

interface Entry {
  readonly number: number
  readonly slot: number
  readonly known: Known
  readonly flags: number
  readonly args: ReadonlyArray<unknown>
  isInterrupted: boolean
}

interface Running {
  readonly goroutine: Goroutine<unknown, unknown>
  readonly number: number
}

class ThreadMain implements ThreadWork {
  /** Where tasks go that are spawned here. */
  readonly nested: NestedExecutor
  readonly #side: ThreadSide
  readonly #processor: Processor
  readonly #known: Array<Known> = []
  readonly #entries = new Deque<Entry>()
  readonly #running = new Map<number, Running>()
  readonly #contexts = new ContextsHere()
  #received = 0
  #lastEntry = 0
  #consumed = 0
  /** What was said of that last. */
  #told = 0
  #results: Array<unknown> = []
  #transfer: Array<object> = []
  /** Since when the oldest result waits, the thread is busy, and the task that runs has run. */
  #resultSince = 0
  #busySince = 0
  #taskSince = 0
  #taskRuns: Known | undefined
  /** The first task in the queue waits for its module. */
  #isStalled = false
  #isIdle = true
  #isClosing = false
  /** Modules that are being imported: the thread is not asleep for good meanwhile. */
  #loads = 0
  #isAsleepSaid = false
  #sleepTimer: (() => void) | undefined

  constructor(side: ThreadSide) {
    this.#side = side
    this.nested = new NestedExecutor(side)
    const processor = (this.#processor = currentProcessor())
    const scheduler = new ThreadScheduler(processor.scheduler, this)
    install({ name: "@weft/workers", setup: (runtime) => runtime.setScheduler(scheduler) })
    side.onMessage((message) => {
      this.#take(message as ReadonlyArray<unknown>)
      this.#begin()
    })
    setUp((message, transfer) => side.post([FromThread.Channel, ...message], transfer))
    void whenLoaded(side.loading).then(() => {
      side.post([FromThread.Ready, threadId()], [])
      this.#goToSleep()
    })
  }

  // ---- for the scheduler

  get queued(): number {
    return this.#isStalled ? 0 : this.#entries.length
  }

  startNext(): void {
    const first = this.#entries.peek()!
    // Not claimed while its module loads: it can be taken back, and is not lost with this thread.
    if (first.known.task === undefined && first.known.missing === undefined && !first.known.isSlow)
      return this.#loadFirst(first.known)
    const entry = this.#entries.shift()!
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
    if (this.#results.length > 0 && !mayWait) this.#flush()
    this.#taskSince = now
    this.#taskRuns = known
    this.#start(entry, known.task)
  }

  idle(): boolean {
    const { boot, canTake } = this.#side
    this.#measure(this.#now())
    this.#flush()
    // Tasks that have begun and parked make room, and have no results that would tell so.
    if (this.#told !== this.#consumed) this.#side.post([FromThread.Hungry, (this.#told = this.#consumed)], [])
    // Here, as no microtask runs while the thread naps.
    flushHub()
    const { control } = boot
    // What its goroutines wait for may come by the event loop alone.
    const mayNap =
      canTake && control !== undefined && this.#processor.outside === 0 && this.#processor.timers.size === 0
    if (!mayNap) {
      this.#goToSleep()
      return false
    }
    setIdle(control, true)
    this.#isIdle = true
    const seen = wakes(control)
    if (this.#takeAll()) return this.#processor.prolongSlice()
    nap(control, seen, napMillis)
    if (this.#takeAll()) return this.#processor.prolongSlice()
    this.#goToSleep()
    return false
  }

  // ---- messages

  #takeAll(): boolean {
    let isAny = false
    for (let message = this.#side.take(); message !== undefined; message = this.#side.take()) {
      this.#take(message as ReadonlyArray<unknown>)
      isAny = true
    }
    if (isAny) this.#wakeUp()
    return isAny && this.#processor.scheduler.length > 0
  }

  #take(message: ReadonlyArray<unknown>): void {
    this.#received++
    switch (message[0]) {
      case ToThread.Run:
        return this.#queue(message)
      case ToThread.Define: {
        const [, , key, name, ...modules] = message as [number, number, string, string, ...Array<string>]
        const place = { key, name, modules }
        this.#known.push({ place, task: taskOf(key), missing: undefined, waiting: [], isSlow: false, millis: -1 })
        return
      }
      case ToThread.Interrupt:
        return this.#interrupt(message[1] as number, message[2] as number)
      case ToThread.ContextDone:
        return this.#contexts.done(message[1] as number, message[2] as CarriedThrow)
      case ToThread.Channel:
        return arrived(message, 1, undefined)
      case ToThread.Settle:
        return this.nested.settle(message)
      case ToThread.Close:
        this.#isClosing = true
        return this.#closeIfDone()
    }
  }

  #queue(message: ReadonlyArray<unknown>): void {
    for (let i = 1; i < message.length;) {
      const count = message[i + 3] as number
      const args = count === 0 ? none : message.slice(i + 4, i + 4 + count)
      this.#entries.push({
        number: (this.#lastEntry = nextNumber(this.#lastEntry)),
        slot: message[i] as number,
        known: this.#known[message[i + 1] as number]!,
        flags: message[i + 2] as number,
        args,
        isInterrupted: false,
      })
      i += 4 + count
    }
  }

  #interrupt(slot: number, number: number): void {
    const running = this.#running.get(slot)
    if (running !== undefined && running.number === number) return running.goroutine.interrupt()
    // Still loading.
    for (const { waiting } of this.#known) {
      const at = waiting.findIndex((entry) => entry.number === number)
      if (at < 0) continue
      waiting.splice(at, 1)
      return this.#result(slot, Ended.Interrupted, undefined)
    }
    // In the queue here, where nothing can be taken back. Otherwise it has ended, and its result is on its way.
    this.#entries.forEach((entry) => {
      if (entry.number === number) entry.isInterrupted = true
    })
  }

  // ---- tasks

  /** Runs what a message has brought. */
  #begin(): void {
    this.#wakeUp()
    // A goroutine asks for the slice in which the others start.
    while (this.queued > 0 && this.#processor.scheduler.length === this.queued) this.startNext()
    if (this.queued === 0) this.#flushSoon()
  }

  #flushSoon(): void {
    if (this.#processor.scheduler.length === 0) {
      this.#flush()
      this.#goToSleep()
    }
  }

  #start({ args, flags, isInterrupted, number, slot }: Entry, task: AnyTask): void {
    if (isInterrupted) return this.#result(slot, Ended.Interrupted, undefined)
    const contexts: Array<number> = []
    try {
      const given =
        (flags & hasCarried) === 0 ? args : (unpackValue(args, this.#made(contexts)) as ReadonlyArray<unknown>)
      const goroutine = startTask(task, given as ReadonlyArray<never>, flags)
      this.#running.set(slot, { goroutine, number })
      goroutine.join().enqueue(new TaskEnd(this, this.#processor, slot, task.taskName, contexts))
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
  #loadFirst(known: Known): void {
    this.#isStalled = true
    const goOn = () => {
      this.#isStalled = false
      // What importing takes says nothing of what its tasks will.
      this.#busySince = this.#now()
      this.#begin()
    }
    const tooSlow = later(() => {
      known.isSlow = true
      goOn()
    }, slowLoadMillis)
    this.#loads++
    void loadTask(known.place).then((found) => {
      this.#loads--
      this.#wakeUp()
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
    this.#result(slot, Ended.NotFound, [known.place.modules, known.missing])
  }

  ended(slot: number, contexts: ReadonlyArray<number>): void {
    this.#running.delete(slot)
    for (const id of contexts) this.#contexts.forget(id)
  }

  returned(slot: number, taskName: string, value: unknown): void {
    const type = typeof value
    if (value === undefined || type === "number" || type === "string" || type === "boolean")
      return this.#result(slot, Ended.Returned, value)
    try {
      const packer = new Packer(taskName)
      const packed = packer.pack(value, "its result")
      if (packer.transfer.length > 0) this.#transfer.push(...packer.transfer)
      this.#result(slot, packed.isCarried ? Ended.Returned | valueIsCarried : Ended.Returned, packed.value)
    } catch (error) {
      this.#result(slot, Ended.Panicked, packError(error))
    }
  }

  threw(slot: number, error: unknown): void {
    if (error instanceof GoroutineInterrupted) return this.#result(slot, Ended.Interrupted, undefined)
    this.#result(slot, isFailure(error) ? Ended.Failed : Ended.Panicked, packError(error))
  }

  // ---- results

  #result(slot: number, code: number, value: unknown): void {
    if (this.#results.length === 0) this.#resultSince = this.#now()
    this.#results.push(slot, code, value)
    if (this.#results.length >= resultsAtOnce) this.#flush()
  }

  #flush(): void {
    const results = this.#results
    if (results.length === 0) return this.#closeIfDone()
    // What tasks have said before they ended comes before their end, or those who wait for it seem to wait for nobody.
    flushHub()
    const transfer = this.#transfer
    this.#results = []
    this.#transfer = []
    const now = this.#now()
    const busy = now - this.#busySince
    this.#busySince = now
    this.#told = this.#consumed
    try {
      this.#side.post([FromThread.Results, this.#consumed, busy, ...results], transfer)
    } catch {
      this.#flushApart(results, busy)
    }
    this.#closeIfDone()
  }

  /** A result that the host can't clone must not take the others with it. */
  #flushApart(results: ReadonlyArray<unknown>, busy: number): void {
    for (let i = 0; i < results.length; i += 3) {
      const head = [FromThread.Results, this.#consumed, busy / (results.length / 3)]
      try {
        this.#side.post([...head, ...results.slice(i, i + 3)], [])
      } catch (error) {
        this.#side.post([...head, results[i], Ended.Panicked, packError(error)], [])
      }
    }
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

  #wakeUp(): void {
    if (!this.#isIdle) return
    this.#isIdle = false
    this.#busySince = this.#now()
    const { control } = this.#side.boot
    if (control !== undefined) setIdle(control, false)
    if (this.#isAsleepSaid) this.#side.post([FromThread.Awake], [])
    this.#isAsleepSaid = false
  }

  #goToSleep(): void {
    const { control } = this.#side.boot
    if (control !== undefined) setIdle(control, true)
    this.#isIdle = true
    if (!this.#known.some(({ waiting }) => waiting.length > 0)) this.#contexts.noneWaits()
    if (this.#sleepTimer !== undefined) return
    this.#sleepTimer = later(() => {
      this.#sleepTimer = undefined
      this.#sayAsleep()
    }, asleepMillis)
  }

  #sayAsleep(): void {
    if (!this.#isIdle || this.#isAsleepSaid || this.#loads > 0 || !this.#processor.isAsleep) return
    this.#isAsleepSaid = true
    this.#side.post([FromThread.Asleep, this.#received, reportOf()], [])
  }

  #closeIfDone(): void {
    if (this.#isClosing && this.#running.size === 0 && this.#entries.length === 0) this.#side.close()
  }
}

const none: ReadonlyArray<unknown> = []

function startTask(task: AnyTask, args: ReadonlyArray<never>, flags: number): Goroutine<unknown, unknown> {
  if ((flags & hasSpan) === 0) return go<unknown, Yieldable, ReadonlyArray<never>>(task, ...args)
  const [span, ...rest] = args
  return go.named(task.taskName, withSpan, span, task, rest)
}

/** Joins a task's goroutine, so that what it throws is a result and no panic of this thread. */
class TaskEnd extends Waiter {
  readonly processor: Processor
  readonly #main: ThreadMain
  readonly #slot: number
  readonly #task: string
  readonly #contexts: ReadonlyArray<number>

  constructor(main: ThreadMain, processor: Processor, slot: number, task: string, contexts: ReadonlyArray<number>) {
    super()
    this.processor = processor
    this.#main = main
    this.#slot = slot
    this.#task = task
    this.#contexts = contexts
  }

  commit(value: unknown): void {
    this.#main.ended(this.#slot, this.#contexts)
    this.#main.returned(this.#slot, this.#task, value)
  }

  fail(error: unknown): void {
    this.#main.ended(this.#slot, this.#contexts)
    this.#main.threw(this.#slot, error)
  }
}

function reportOf(): string {
  return goroutines()
    .slice(0, 100)
    .map(
      ({ id, name, startedAt, status, waitReason, waitsAt }) =>
        `goroutine ${id} [${waitReason ?? status}]: ${name}` +
        waitsAt.map((frame) => `\n    at ${frame}`).join("") +
        (startedAt === undefined ? "" : `\n  started at ${startedAt}`),
    )
    .join("\n\n")
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
