/**
 * ExploredProcessor: runs one schedule, asking a strategy at every choice point.
 *
 * A step is what a goroutine does from one op to the next: it polls the op at which it was put off, or takes what it was woken with,
 * and runs on until it comes to another op. Nothing can come between in a plain run either, so the points between steps are all there
 * are. There it is chosen
 *   - which goroutine runs: the one that came to an op may run on (and complete it eagerly, if it is ready) or be put off;
 *   - whether somebody is told of a promise or an effect that has come to its end, or later;
 *   - with a racing clock, whether the next timer is due already.
 * A select chooses inside a step which ready case it takes, and the clock which timer of one instant fires first.
 *
 * All goes on synchronously, but where something outside is waited for: then the host has its turn before every step.
 *
 * One file because every choice ends one step and begins another, and all that is here reads and writes who steps, and at what. Who must let
 * others go first, lest a loop never end, is in fairness.ts.
 *
 * Invariants:
 *   1. A choice of one is no choice: `decisions` has those among two and more, so that a replay meets the same ones.
 *   2. Whether a goroutine is suspended at an op before it runs on, or runs on at once, makes no difference to the choices.
 */
import { listenToAccesses } from "../accessed.ts"
import { Goroutine } from "../goroutine.ts"
import type { Op } from "../op.ts"
import { current, Processor, setCurrent } from "../processor.ts"
import type { Run } from "../run.ts"
import type { Scheduler } from "../scheduler.ts"
import type { TimerEntry } from "../timer-heap.ts"
import type { Waiter } from "../waiter.ts"
import { Fairness } from "./fairness.ts"
import { LeakedGoroutines } from "./leaked-goroutines.ts"
import { Livelock } from "./livelock.ts"
import { Clock, Outside, type Processes } from "./processes.ts"
import type { Recorder } from "./recorder.ts"
import { Abandon, type StepObserver, type Strategy } from "./strategy.ts"
import type { VectorClocks } from "./vector-clocks.ts"
import { VirtualClock } from "./virtual-clock.ts"

/** Why `drive` came back: what must come first, or that what was cancelled does not end. */
export type Rest = "settled" | "needs turn" | "needs arrival" | "stuck"

export interface Bounds {
  /** Most steps of a schedule: more are a livelock. */
  readonly steps: number
  readonly isClockRacing: boolean
  readonly areLeaksFailures: boolean
}

/** The error of a run whose schedule was abandoned. */
export const abandoned: unique symbol = Symbol("abandoned")

/** Something outside that has come to its end, and nobody has been told yet. */
class Arrival {
  readonly process: number
  readonly deliver: () => void
  readonly since: number

  constructor(process: number, deliver: () => void, since: number) {
    this.process = process
    this.deliver = deliver
    this.since = since
  }
}

type Target = Goroutine | Arrival | typeof Clock | typeof abandoned

export class ExploredProcessor extends Processor {
  readonly decisions: Array<number> = []
  /** How many of them put off a goroutine that could have run on. */
  preemptions = 0
  /** Made by the first access to a `shadow`. */
  clocks: VectorClocks | null = null
  recorder: Recorder | null = null
  steps = 0
  /** Who held then has nothing to do with the program. */
  readonly #holdsBefore = Processor.holds
  /** Something outside was waited for in vain. */
  isLeftAlone = false
  /** What the schedule was stopped with. */
  stoppedBy: unknown = undefined
  /** Called when somebody becomes runnable. */
  onArrival: (() => void) | null = null
  readonly #invariants: Array<() => void> = []
  readonly #strategy: Strategy
  readonly #observer: StepObserver | null
  readonly #bounds: Bounds
  readonly #processes: Processes
  readonly #virtual: VirtualClock
  readonly #runnable: Array<Goroutine> = []
  readonly #arrivals: Array<Arrival> = []
  readonly #targets: Array<Target> = []
  readonly #numbers: Array<number> = []
  readonly #listener = (on: object | undefined, isNew: boolean): void => this.#accessed(on, isNew)
  #run: Run | null = null
  #isUnwinding = false
  /** The goroutine that came to an op, and what was decided there. */
  #putOff: Goroutine | null = null
  #decided: Target | undefined = undefined
  readonly #fairness = new Fairness()
  /** Whether a step is under way, and the op that it polled first. */
  #isStepping = false
  #op: Op<unknown, unknown> | null = null

  constructor(strategy: Strategy, bounds: Bounds, processes: Processes) {
    const virtual = new VirtualClock()
    super(noScheduler, virtual)
    this.scheduler = { ...noScheduler, choose: (n) => this.#choose(n) }
    this.#virtual = virtual
    this.#strategy = strategy
    this.#observer = strategy.observer
    this.#bounds = bounds
    this.#processes = processes
    this.startSites.isOff = true
    this.ids = { last: 0 }
    this.#observer?.made(this.idle)
    this.hooks = this.pluginHooks = {
      create: (goroutine, parent) => this.#created(goroutine, parent),
      end: (goroutine) => this.#ended(goroutine),
    }
  }

  // ---- what goroutines and ops call

  /** Here every op comes to `putOff` anyway. */
  override watchOps(): void {}

  override ready(goroutine: Goroutine): void {
    this.#addRunnable(goroutine)
    this.onArrival?.()
  }

  override readyWoken(goroutine: Goroutine): void {
    this.#addRunnable(goroutine)
    if (this.#isStepping && this.#observer !== null) {
      // Whoever wakes it also withdraws it: a select from all its cases.
      this.#touchAll(this.#observer, goroutine.suspendedAt?.on)
      this.#observer.wakes(this.#processes.of(goroutine))
    }
    if (this.current !== null) this.clocks?.order(this.current, goroutine)
    // By a fiber, a promise or time: what it waited for may be the work of anybody.
    else if (goroutine.suspendedAt?.on === undefined) this.clocks?.touch(goroutine, undefined)
    this.onArrival?.()
  }

  override startTimer(entry: TimerEntry, millis: number): void {
    this.timers.add(entry, this.clock.now() + Math.max(0, millis))
  }

  override stopTimer(entry: TimerEntry): void {
    this.timers.remove(entry)
  }

  override lookForSleep(): void {}

  override get lastMillis(): number {
    return this.clock.now() | 0
  }

  override arrived(deliver: () => void): void {
    // An effect that a step brings to its end, by what it commits: nothing comes between in a plain run.
    if (this.#isStepping) return deliver()
    this.#arrivals.push(new Arrival(this.#processes.begin(Outside), deliver, this.#fairness.now()))
    this.onArrival?.()
  }

  override putOff(op: Op<unknown, unknown>): boolean {
    const goroutine = this.current
    this.ticks = 0
    // A fiber: Effect's own run loop counts what it is given.
    if (goroutine === null) return false
    if (!goroutine.isCancelRequested) {
      if (this.#isUnwinding) {
        if (++this.steps < 2 * this.#bounds.steps) return false
      } else if (this.#runsOn(goroutine, op)) return false
    }
    this.isPutOff = true
    return true
  }

  /** Whether the goroutine runs on with `op` at once. */
  #runsOn(goroutine: Goroutine, op: Op<unknown, unknown>): boolean {
    this.#endStep(false)
    if (this.#isUnwinding) return false
    this.#putOff = goroutine
    if (this.recorder !== null || this.#isHostAwaited) return false
    const decided = this.#decide()
    if (decided !== goroutine) {
      this.#decided = decided
      return false
    }
    this.#putOff = null
    this.#beginStep(goroutine, op)
    return true
  }

  #created(goroutine: Goroutine, parent: Goroutine | null): void {
    this.#processes.start(goroutine, parent)
    if (this.#isStepping && this.#observer !== null) {
      this.#observer.made(goroutine)
      this.#observer.wakes(this.#processes.of(goroutine))
    }
    // By time, or a fiber: what it comes after may be the work of anybody.
    if (parent === null) this.clocks?.touch(goroutine, undefined)
    else this.clocks?.order(parent, goroutine)
    this.recorder?.created(goroutine)
  }

  #ended(goroutine: Goroutine): void {
    if (this.#isStepping) this.#observer?.touched(goroutine.isMain ? undefined : goroutine)
    this.clocks?.touch(goroutine, goroutine)
  }

  #accessed(on: object | undefined, isNew: boolean): void {
    if (this.#observer !== null) {
      // Also before the first step: where the program is called.
      if (isNew) this.#observer.made(on!)
      // One that is interrupted, or asked for its status: that concerns whatever it does next.
      else if (this.#isStepping) this.#touchAll(this.#observer, on instanceof Goroutine ? undefined : on)
    }
    if (this.current !== null && this.clocks !== null) this.#order(this.clocks, this.current, on)
  }

  addInvariant(check: () => void): void {
    this.#invariants.push(check)
  }

  // ---- one schedule

  /** Calls what belongs to the run, though to none of its steps. */
  asCurrent<A>(f: () => A): A {
    const outer = current
    const outerListener = listenToAccesses(this.#listener)
    setCurrent(this)
    try {
      return f()
    } finally {
      this.current = null
      setCurrent(outer)
      listenToAccesses(outerListener)
    }
  }

  /** Runs until all have ended, or the host must have its turn. */
  drive(run: Run): Rest {
    this.#run = run
    return this.asCurrent(() => {
      while (!run.isOver) {
        const target = this.#next()
        if (target !== undefined) this.#take(target)
        const rest = target === undefined ? this.#rest(run) : this.#isHostAwaited ? "needs turn" : undefined
        if (rest !== undefined) return rest
      }
      this.#tellTheRest()
      return "settled"
    })
  }

  /** Of what nobody was told by the end of the run somebody could have been told before: the search learns of it by the step. */
  #tellTheRest(): void {
    for (const { deliver, process } of this.#arrivals.splice(0)) this.#stepOfNobody(process, deliver)
  }

  /** Ends the schedule: everybody is cancelled, in the default order, and nothing is chosen any more. */
  stop(error: unknown): void {
    if (this.#isUnwinding) return
    this.recorder?.stopped(error)
    this.#unwind()
    this.stoppedBy = error
    this.#run!.failWith(error)
  }

  #unwind(): void {
    this.#isUnwinding = true
    this.recorder = null
    this.#isStepping = false
    this.#putOff = null
    this.#decided = undefined
    this.steps = 0
  }

  #next(): Target | undefined {
    if (this.#isUnwinding) return this.#runnable[0] ?? this.#arrivals[0]
    const decided = this.#decided ?? this.#decide()
    this.#decided = undefined
    this.#putOff = null
    return decided
  }

  /** Asks the strategy; undefined when nothing can run. */
  #decide(): Target | undefined {
    const putOff = this.#putOff
    this.#targets.length = 0
    this.#numbers.length = 0
    const mayRunOn = putOff !== null && !this.#isTired(putOff)
    if (mayRunOn) this.#offer(putOff, this.#processes.of(putOff))
    for (const goroutine of this.#runnable)
      if (goroutine !== putOff && !this.#isTired(goroutine)) this.#offer(goroutine, this.#processes.of(goroutine))
    for (const arrival of this.#arrivals) this.#offer(arrival, arrival.process)
    const isAlone = this.#targets.length === 0
    if (isAlone) {
      const only = putOff ?? this.#runnable[0]
      if (only === undefined) return undefined
      this.#offer(only, this.#processes.of(only))
    } else if (this.#bounds.isClockRacing && this.timers.size > 0) this.#offer(Clock, Clock)
    const index = this.#strategy.schedule(this.#numbers, mayRunOn)
    if (index === Abandon) return abandoned
    if (this.#targets.length > 1) this.decisions.push(index)
    if (mayRunOn && index !== 0) this.preemptions++
    return this.#targets[index]
  }

  /** The one that came to an op has its turn: whether it is among the runnable yet makes no difference (invariant 2). */
  #isTired(goroutine: Goroutine): boolean {
    return this.#fairness.isTired(goroutine, this.#runnable, this.#putOff, this.#arrivals[0]?.since)
  }

  #addRunnable(goroutine: Goroutine): void {
    this.#runnable.push(goroutine)
    this.#fairness.canRun(goroutine)
  }

  #offer(target: Target, process: number): void {
    this.#targets.push(target)
    this.#numbers.push(process)
  }

  #choose(n: number): number {
    if (n < 2 || this.#isUnwinding) return 0
    const index = this.#strategy.choose(n)
    this.decisions.push(index)
    return index
  }

  #take(target: Target): void {
    if (target instanceof Goroutine) {
      this.#runnable.splice(this.#runnable.indexOf(target), 1)
      this.#runGoroutine(target)
    } else if (target === Clock) this.#fireTimers()
    else if (target === abandoned) this.stop(abandoned)
    else {
      this.#arrivals.splice(this.#arrivals.indexOf(target), 1)
      this.recorder?.arrived()
      this.#stepOfNobody(target.process, target.deliver)
    }
  }

  #runGoroutine(goroutine: Goroutine): void {
    const op = goroutine.isPutOff ? goroutine.suspendedAt : null
    this.recorder?.begin(goroutine)
    if (!this.#isUnwinding) this.#beginStep(goroutine, op)
    this.current = goroutine
    this.ticks = 0
    goroutine.step()
    this.current = null
    this.recorder?.end(goroutine)
    if (this.#isStepping) {
      if (goroutine.isPutOff) this.#fairness.givesWay(goroutine)
      this.#endStep(goroutine.isParked && goroutine.suspendedAt === this.#op)
    }
    if (this.#run!.hasFailed && !this.#isUnwinding) this.#unwind()
  }

  #beginStep(goroutine: Goroutine, op: Op<unknown, unknown> | null): void {
    this.#fairness.runs(goroutine)
    this.#isStepping = true
    this.#op = op
    if (this.#observer !== null) {
      this.#observer.begin(this.#processes.of(goroutine))
      if (op !== null) this.#touchAll(this.#observer, op.on)
    }
    if (this.clocks !== null) this.#orderStep(this.clocks, goroutine, op)
  }

  #endStep(isParked: boolean): void {
    if (!this.#isStepping) return
    this.#isStepping = false
    this.#observer?.end(isParked)
    if (this.#invariants.length > 0) this.#checkInvariants()
    if (++this.steps > this.#bounds.steps) this.stop(new Livelock(this.#bounds.steps, this.#run!.snapshots()))
  }

  /** In nobody's name: what an invariant reads, a `shadow` variable say, no goroutine has read. */
  #checkInvariants(): void {
    const { current } = this
    this.current = null
    try {
      for (const check of this.#invariants) check()
    } catch (error) {
      this.stop(error)
    } finally {
      this.current = current
    }
  }

  /** A step of the clock, or of something outside: it may disturb any other. */
  #stepOfNobody(process: number, step: () => void): void {
    this.#isStepping = !this.#isUnwinding
    this.#op = null
    if (this.#isStepping) {
      this.#observer?.begin(process)
      this.#observer?.touched(undefined)
    }
    step()
    this.#endStep(false)
  }

  #touchAll(observer: StepObserver, on: object | undefined): void {
    if (Array.isArray(on)) for (const thing of on as ReadonlyArray<object>) observer.touched(thing)
    else observer.touched(on)
  }

  /** After what was done with what it polls, or has waited on. */
  #orderStep(clocks: VectorClocks, goroutine: Goroutine, op: Op<unknown, unknown> | null): void {
    if (op !== null) this.#order(clocks, goroutine, op.on)
    else if (goroutine.suspendedAt?.on !== undefined) this.#order(clocks, goroutine, goroutine.suspendedAt.on)
  }

  #order(clocks: VectorClocks, goroutine: Goroutine, on: object | undefined): void {
    if (Array.isArray(on)) for (const thing of on as ReadonlyArray<object>) clocks.touch(goroutine, thing)
    else clocks.touch(goroutine, on)
  }

  // ---- when nothing can run

  /** Whether a callback of the host's may come at any moment. */
  get #isHostAwaited(): boolean {
    return this.outside > 0 || this.isHeld
  }

  /** Somebody in the program says so by `hold`, and main runs. */
  get isHeld(): boolean {
    return Processor.holds > this.#holdsBefore && this.#run!.isRunning
  }

  #rest(run: Run): Rest | undefined {
    if (this.outside > 0) return "needs arrival"
    // What is due at this very instant comes first: a clock that races has left it for later.
    const idle = this.timers.next <= this.#virtual.now() ? null : this.idle.shift()
    if (idle !== null) this.#stepOfNobody(Clock, () => this.#tellOne(idle))
    else if (run.hasMainReturned && this.#bounds.areLeaksFailures && !this.#isUnwinding)
      this.stop(new LeakedGoroutines(run.snapshots()))
    else if (this.timers.size > 0) {
      if (++this.steps > 2 * this.#bounds.steps) return "stuck"
      this.#fireTimers()
    } else if (this.#isUnwinding) return "stuck"
    else if (this.#isHostAwaited) return "needs arrival"
    else this.stop(run.deadlockError())
    return undefined
  }

  /** What everybody has done is before what he does next. */
  #tellOne(idle: Waiter): void {
    if (idle instanceof Goroutine) this.clocks?.touch(idle, undefined)
    idle.commit(undefined)
  }

  /** Goes on to the next timers, and fires those of that instant; one by one where the clock races, for who is woken may go first. */
  #fireTimers(): void {
    this.#virtual.jump(this.timers.next)
    this.recorder?.timePassed(this.#virtual.now())
    do this.#stepOfNobody(Clock, () => this.#takeDue().fire())
    while (!this.#bounds.isClockRacing && this.timers.next <= this.#virtual.now())
  }

  /** Any timer of this instant. The others stay in the heap: what it calls may stop them, or start them again. */
  #takeDue(): TimerEntry {
    const due: Array<TimerEntry> = []
    const now = this.#virtual.now()
    for (let entry = this.timers.takeDue(now); entry !== undefined; entry = this.timers.takeDue(now)) due.push(entry)
    const [taken] = due.splice(this.#choose(due.length), 1)
    for (const entry of due) this.timers.add(entry, entry.when)
    return taken!
  }
}

/** A plain processor's queue: this one has none. */
const noScheduler: Scheduler = {
  length: 0,
  push: () => undefined,
  pushWoken: () => undefined,
  next: () => undefined,
  choose: () => 0,
}
