/**
 * Processor: runs the goroutines of one thread, one at a time (Go's P).
 *
 * A slice lasts until nothing is runnable or 4 ms are over; then the host's event loop gets its turn. Inside a slice a goroutine
 * runs until it parks or, as long as its ops are ready, until the slice ends or its budget does. One counter, `ticks`, counts both
 * eager ops and switches; the clock is read when it runs out.
 *
 * Invariants:
 *   1. A goroutine is runnable exactly when it is in the scheduler once; parked exactly when one op has it enqueued.
 *   2. If something is runnable, a slice is running or the host has been asked for one.
 *   3. outside counts the waits that something outside Weft will end, exactly: up at enqueue, down at commit or withdrawal.
 */
import { accessed } from "./accessed.ts"
import { processors } from "./attach-point.ts"
import { type Clock, HostClock } from "./clock.ts"
import type { Goroutine } from "./goroutine.ts"
import { afterThis, afterTurn } from "./host.ts"
import type { Op } from "./op.ts"
import type { Run } from "./run.ts"
import { RunQueue } from "./run-queue.ts"
import type { Scheduler } from "./scheduler.ts"
import { StartSites } from "./start-site.ts"
import { type TimerEntry, TimerHeap } from "./timer-heap.ts"
import type { TraceHooks } from "./trace-hooks.ts"
import { WaitList } from "./wait-list.ts"

/** Less than Go's 10, as nothing but Weft runs meanwhile: a quarter of a page's frame. See docs/decisions/0008. */
const sliceMillis = 4
/** Eager ops and switches between two looks at the clock, while they are quick. */
const ticksPerLook = 64
/** Looks are as far apart as half a millisecond to one lets them be: a step may take longer than a slice. */
const soonMillis = 0.5
/** In a new slice. */
const firstTicksPerLook = 16
const lateMillis = 1
/** The same once that many of them take a millisecond or more. */
const slowTicksPerLook = 2
/** Looks (of `ticksPerLook` each) that one goroutine may stay while others wait: 1,024 eager ops. */
const looksPerTurn = 16

const ids = { last: 0 }

/** Processors with idle timers, also those whose last run is over. */
const withIdleTimers = new Set<Processor>()

/** Whether any goroutine has not ended: what it waits for may be a promise that only an idle timer brings to its end. */
function isAnyoneAlive(): boolean {
  for (const processor of processors) for (const run of processor.runs) if (run.live > 0) return true
  return false
}

export class Processor {
  /** How many times `hold` is held: a host callback knows no processor. */
  static holds = 0
  /** The goroutine of this step; null outside a slice. */
  declare current: Goroutine<unknown, unknown> | null
  /** Eager ops and switches left until the next look at the clock. */
  declare ticks: number
  /** The op just yielded was put off, not polled. */
  declare isPutOff: boolean
  /** The op that yielded itself last: a goroutine that finds it as its generator's result need not look into that. */
  declare yielded: object | null
  /** Those of plugins and of tracers, joined; null while nobody listens. */
  declare hooks: TraceHooks | null
  /** Those of its plugins alone. */
  declare pluginHooks: TraceHooks | null
  declare outside: number
  declare scheduler: Scheduler
  declare clock: Clock
  declare readonly timers: TimerHeap
  declare readonly startSites: StartSites
  /** Who waits for every other goroutine to be parked: `waitIdle`. */
  declare readonly idle: WaitList
  /** The last goroutine's number. Processors share it, but where each run has to be as the one before (the testing kit). */
  declare ids: { last: number }
  /** Runs that have not settled, oldest first. */
  declare readonly runs: Set<Run>
  declare private slicing: boolean
  declare private isFiring: boolean
  declare private asked: boolean
  declare private looks: number
  declare private idleTimers: number
  /** Ticks between two looks, at present. */
  declare private perLook: number
  /** Where every op is watched, `ticks` is always spent, and this counts in its place; -1 where none is. */
  declare private watchedTicks: number
  declare private time: number
  declare private sliceStart: number
  declare private sliceEnd: number
  declare private turnStart: number
  declare private readonly slice: () => void
  declare private readonly sliceOfTurn: () => void

  constructor(scheduler: Scheduler, clock: Clock) {
    this.current = null
    this.ticks = ticksPerLook
    this.isPutOff = false
    this.yielded = null
    this.hooks = null
    this.pluginHooks = null
    this.outside = 0
    this.scheduler = scheduler
    this.clock = clock
    this.timers = new TimerHeap()
    this.startSites = new StartSites()
    this.idle = new WaitList()
    this.ids = ids
    this.runs = new Set()
    this.slicing = false
    this.isFiring = false
    this.asked = false
    this.looks = 0
    this.idleTimers = 0
    this.perLook = slowTicksPerLook
    this.watchedTicks = -1
    this.time = clock.now()
    this.sliceStart = 0
    this.sliceEnd = 0
    this.turnStart = 0
    this.slice = () => this.runSlice(false)
    this.sliceOfTurn = () => this.runSlice(true)
  }

  /** Whole milliseconds of this processor's clock as last read: for ages in reports, not for timers. */
  get lastMillis(): number {
    return this.time | 0
  }

  /** A goroutine was started or gives way. */
  ready(goroutine: Goroutine<unknown, unknown>): void {
    this.scheduler.push(goroutine)
    if (!this.slicing) this.ask()
  }

  /** A parked goroutine was woken. */
  readyWoken(goroutine: Goroutine<unknown, unknown>): void {
    // Whom a timer wakes comes after those that could run before, and after whom an earlier timer has woken.
    if (this.isFiring) this.scheduler.push(goroutine)
    else this.scheduler.pushWoken(goroutine)
    if (!this.slicing) this.ask()
  }

  /** Fires `entry` once `millis` have passed; at the next slice if none. */
  startTimer(entry: TimerEntry, millis: number): void {
    this.timers.add(entry, this.clock.now() + Math.max(0, millis))
    if (!this.slicing) this.armTimer()
  }

  stopTimer(entry: TimerEntry): void {
    this.timers.remove(entry)
    if (this.slicing) return
    this.armTimer()
    this.lookForSleep()
  }

  /** So many more or less of its timers are idle: while no goroutine lives, no process stays up for those alone. */
  countIdle(by: number): void {
    this.idleTimers += by
    if (this.idleTimers === 0) withIdleTimers.delete(this)
    else withIdleTimers.add(this)
    if (!this.slicing) this.armTimer()
  }

  /** Something that could have woken a goroutine is gone: the end of a slice tells whether it was the last. */
  lookForSleep(): void {
    if (!this.slicing && this.isAsleep) this.ask()
  }

  /** Nothing is runnable, and neither a timer nor anything outside that Weft knows of can change that. */
  get isAsleep(): boolean {
    if (Processor.holds > 0) return false
    return !this.slicing && this.outside === 0 && this.scheduler.length === 0 && this.timers.size === 0
  }

  /**
   * Called by an eager op when `ticks` ran out: whether it must be yielded unpolled. The budget sits here and not in each
   * primitive, so that a third party's op can't defeat it.
   */
  putOff(op: Op<unknown, unknown>): boolean {
    const goroutine = this.current
    if (goroutine === null) {
      // A fiber: Effect's own run loop counts what it is given.
      this.ticks = ticksPerLook
      return true
    }
    if (!goroutine.isCancelRequested) {
      if (this.watchedTicks >= 0) {
        this.hooks?.op?.(goroutine, op)
        this.ticks = 0
        if (--this.watchedTicks > 0) return false
      }
      this.look()
      if (this.time < this.sliceEnd && (++this.looks < looksPerTurn || this.scheduler.length === 0)) return false
    }
    this.isPutOff = true
    // So that the run loop looks at once whether the slice is over.
    this.ticks = 0
    return true
  }

  private look(): void {
    const time = this.clock.now()
    const since = time - this.time
    if (since >= lateMillis) this.perLook = slowTicksPerLook
    else if (since < soonMillis && this.perLook < ticksPerLook) this.perLook *= 2
    this.refillTicks()
    this.time = time
    if (time >= this.timers.next) this.fireTimers()
  }

  private refillTicks(): void {
    if (this.watchedTicks < 0) this.ticks = this.perLook
    else {
      this.watchedTicks = this.perLook
      this.ticks = 0
    }
  }

  /** Something outside (a promise, an effect) has come to its end: `deliver` tells who waits for it, unless he was withdrawn. */
  arrived(deliver: () => void): void {
    deliver()
  }

  /**
   * For a scheduler that has waited in its `next`: the slice is counted from now, as nobody has run meanwhile. False: it has lasted for a slice
   * already, and the host's event loop goes first; answer no goroutine then.
   */
  prolongSlice(): boolean {
    this.look()
    if (this.time - this.sliceStart >= sliceMillis) return false
    this.sliceEnd = this.time + sliceMillis
    return true
  }

  /** Has every op come to `putOff`, which tells the hooks: without a check on the way of an op while none is watched. */
  watchOps(isWatched: boolean): void {
    if (isWatched === this.watchedTicks >= 0) return
    this.watchedTicks = isWatched ? ticksPerLook : -1
    this.ticks = isWatched ? 0 : ticksPerLook
  }

  private fireTimers(): void {
    // Whom a timer wakes is not woken by the goroutine whose op has looked at the clock.
    const { current: goroutine } = this
    this.current = null
    this.isFiring = true
    try {
      for (let entry = this.timers.takeDue(this.time); entry !== undefined; entry = this.timers.takeDue(this.time))
        entry.fire()
    } finally {
      this.isFiring = false
      this.current = goroutine
    }
  }

  private ask(): void {
    if (this.asked) return
    this.asked = true
    const time = this.clock.now()
    // Microtasks go before all I/O: a chain of them that lasts longer than a slice has to make room. Only a turn of the host's tells
    // that it has: time passed may have been spent in other microtasks.
    if (time - this.turnStart < sliceMillis) afterThis(this.slice)
    else afterTurn(this.sliceOfTurn)
  }

  private runSlice(isNewTurn: boolean): void {
    this.asked = false
    if (this.slicing) return
    this.slicing = true
    const outer = current
    setCurrent(this)
    try {
      this.look()
      // Nobody knows yet how long the steps of these goroutines are.
      this.perLook = firstTicksPerLook
      this.refillTicks()
      if (isNewTurn) this.turnStart = this.time
      this.sliceStart = this.time
      this.sliceEnd = this.time + sliceMillis
      this.startSites.refill(this.time)
      this.runGoroutines()
    } finally {
      this.current = null
      this.slicing = false
      setCurrent(outer)
      // Here, so that not even a bug in a plugin's scheduler leaves runnable goroutines without a slice.
      this.endSlice()
    }
  }

  private endSlice(): void {
    const isMoreRunnable = this.scheduler.length > 0
    if (this.hooks !== null) this.hooks.idle?.(isMoreRunnable)
    if (isMoreRunnable) {
      this.asked = true
      afterTurn(this.sliceOfTurn)
      return
    }
    this.armTimer()
    // The last goroutine may have ended here, or the first begun: idle timers go by that, wherever they are.
    for (const each of withIdleTimers) each.armTimer()
    if (this.isAsleep) for (const run of this.runs) run.reportAsleep()
  }

  private runGoroutines(): void {
    const scheduler = this.scheduler
    do {
      for (let goroutine = scheduler.next(); goroutine !== undefined; goroutine = scheduler.next()) {
        this.current = goroutine
        this.looks = 0
        goroutine.step()
        if (--this.ticks < 0 && (this.watchedTicks < 0 || --this.watchedTicks <= 0)) {
          this.look()
          // With nothing runnable the slice is over anyway, unless virtual time can go on.
          if (this.time >= this.sliceEnd && scheduler.length > 0) return
        }
      }
      this.current = null
    } while (this.outside === 0 && (this.tellIdle() || this.jump()))
  }

  /** Wakes who waits for all others to be parked, if any does. */
  private tellIdle(): boolean {
    const waiter = this.idle.shift()
    waiter?.commit(undefined)
    return waiter !== null
  }

  /** Virtual time goes on once all are parked. */
  private jump(): boolean {
    const when = this.timers.next
    if (when === Infinity || !this.clock.jump(when)) return false
    this.look()
    return true
  }

  private armTimer(): void {
    const isIdle = this.idleTimers > 0 && this.timers.size <= this.idleTimers && !isAnyoneAlive()
    this.clock.wakeAt(this.timers.next, this.sliceOfTurn, isIdle)
  }
}

/** The thread's processor: all goroutines run on it but those of a `run` with a scheduler or clock of its own. */
export const defaultProcessor: Processor = new Processor(new RunQueue(), new HostClock())

/** The processor whose slice is running; outside any slice the default one. */
export let current: Processor = defaultProcessor

/**
 * The processor of the goroutine that runs; outside any, the thread's default one. For those who write ops that need the clock.
 *
 * @since 0.1.0
 */
export const currentProcessor = (): Processor => current

/** Runs a fiber's code inside a goroutine's step: what it commits and starts is not that goroutine's. */
export function asNobody<A>(f: () => A): A {
  // An exploration does not see the ops that a fiber commits: it may touch anything.
  accessed(f)
  const processor = current
  const { current: goroutine, ticks } = processor
  processor.current = null
  try {
    return f()
  } finally {
    processor.current = goroutine
    // An interruption asked for meanwhile has set it to zero.
    processor.ticks = goroutine?.isCancelRequested === true ? 0 : ticks
  }
}

/**
 * Binds a function to the goroutine that runs now: what it starts, whenever it is called, is of that one's run.
 *
 * @since 0.3.0
 */
export function boundHere<A>(f: () => A): () => A {
  const processor = current
  const { current: goroutine } = processor
  return () => {
    const outer = current
    const inner = processor.current
    current = processor
    processor.current = goroutine
    try {
      return f()
    } finally {
      processor.current = inner
      current = outer
    }
  }
}

/** For those who run goroutines: makes `processor` the one whose slice is running. */
export function setCurrent(processor: Processor): void {
  current = processor
}
