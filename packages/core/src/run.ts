/**
 * Run: a main goroutine, those it started, and how they end together.
 *
 *   Running --main ended, or failed--> Ending (the rest is cancelled or waited for) --none left--> Settled
 *
 * One file because whatever ends it (main, a panic, a signal, a deadlock) meets in the same phase and the same list. What begins it is in
 * run-main.ts.
 *
 * Invariants:
 *   1. `newest` and its `older` links, and `apart` during a leak check, hold exactly the goroutines that have not ended; `live` counts them.
 *   2. A Run settles once, after the last `finally` block of the last goroutine, or when those that are left wait for what can't happen.
 */
import * as Context from "effect/Context"
import type { Apart } from "./apart.ts"
import { processorIsUnused, processorIsUsed, processors } from "./attach-point.ts"
import { allAsleep, DeadlockError, heldInVain, leakReport, mainGone } from "./deadlock.ts"
import { DeadlockWatch } from "./deadlock-watch.ts"
import { Goroutine, type Label } from "./goroutine.ts"
import { GoroutinePanic } from "./goroutine-panic.ts"
import { afterTurn, reportUncaught, warn } from "./host.ts"
import { installed } from "./install.ts"
import type { Plugins } from "./plugin.ts"
import { Processor } from "./processor.ts"
import type { RunOptions } from "./run-options.ts"
import { RunOfFiber } from "./run-of-fiber.ts"
import { type GoroutineSnapshot, snapshotOf } from "./snapshot.ts"

const Running = 0
const Ending = 1
const Settled = 2

function areAllAsleep(): boolean {
  for (const processor of processors) if (!processor.isAsleep) return false
  return true
}

/** What a run settles with. */
export type Outcome =
  | { readonly kind: "returned"; readonly value: unknown }
  | { readonly kind: "failed" | "aborted"; readonly error: unknown }

export class Run {
  readonly processor: Processor
  main: Goroutine | null = null
  live = 0
  /** Called once it is over: what would start a goroutine in it, and keeps the process up until then. */
  readonly atEnd: Set<() => void> = new Set()
  /** @internal From here the `older` links lead to all that have not ended. */
  newest: Goroutine | null = null
  /** @internal */
  apart: Apart | null = null
  #phase: number = Running
  /** The newest goroutine when all were cancelled. Later ones clean up, and are cancelled once only they are left. */
  #newestCancelled = 0
  /** How many of those cancelled have not ended. */
  #unwinding = 0
  #outcome: Outcome | undefined
  #unjoined: Set<Goroutine> | undefined
  #reasons: WeakMap<Goroutine, unknown> | undefined
  #asleepAsked = false
  #services: Context.Context<unknown> | undefined
  readonly #options: RunOptions
  readonly #plugins: Plugins | undefined
  readonly #settle: (outcome: Outcome) => void
  readonly #watch: DeadlockWatch | undefined
  #unlisten: (() => void) | undefined

  constructor(
    processor: Processor,
    options: RunOptions,
    plugins: Plugins | undefined,
    settle: (outcome: Outcome) => void,
  ) {
    this.processor = processor
    this.#options = options
    this.#plugins = plugins
    this.#settle = settle
    processor.runs.add(this)
    if (processor.runs.size === 1) processorIsUsed(processor)
    if (options.debug === true) processor.startSites.isUnlimited = true
    this.#watch = options.deadlock !== "ignore" && plugins !== undefined ? new DeadlockWatch(this) : undefined
    if (options.signal !== undefined) this.#listen(options.signal)
  }

  #listen(signal: AbortSignal): void {
    const abort = () => this.#fail({ kind: "aborted", error: signal.reason })
    signal.addEventListener("abort", abort)
    this.#unlisten = () => signal.removeEventListener("abort", abort)
  }

  /** Starts main; its start site is the stack above the function `above`. */
  startMain(generator: Generator<unknown, unknown, unknown>, name: string, above: unknown): void {
    this.main = this.start(generator, name, above)
    if (this.#options.signal?.aborted === true) this.#fail({ kind: "aborted", error: this.#options.signal.reason })
  }

  /** Starts a goroutine; its start site is the stack above the function `above`, if there is one. */
  start(generator: Generator<unknown, unknown, unknown>, label: Label, above: unknown): Goroutine {
    const { processor } = this
    const startedAt = above === undefined ? undefined : processor.startSites.capture(above)
    const goroutine = new Goroutine(this, generator, label, startedAt)
    this.link(goroutine)
    this.live++
    if (processor.hooks !== null) processor.hooks.create?.(goroutine, processor.current)
    processor.ready(goroutine)
    return goroutine
  }

  /** What the Effects of its goroutines find: the caller's services, and the run itself. */
  get services(): Context.Context<unknown> {
    const { services = Context.empty() } = this.#options
    return (this.#services ??= Context.add(services as Context.Context<unknown>, RunOfFiber, this))
  }

  /** The goroutines that have not ended, oldest first. */
  goroutines(): Array<Goroutine> {
    const all: Array<Goroutine> = []
    for (let goroutine = this.newest; goroutine !== null; goroutine = goroutine.older) all.push(goroutine)
    return all.reverse()
  }

  snapshots(): Array<GoroutineSnapshot> {
    return this.goroutines().map(snapshotOf)
  }

  /** @internal */
  link(goroutine: Goroutine): void {
    const { newest } = this
    if (newest !== null) newest.newer = goroutine
    goroutine.older = newest
    goroutine.newer = null
    this.newest = goroutine
  }

  // ---- told by goroutines

  ended(goroutine: Goroutine): void {
    if (this.apart?.delete(goroutine.id) !== true) this.unlink(goroutine)
    this.live--
    if (goroutine.id <= this.#newestCancelled) this.#unwinding--
    if (goroutine === this.main) this.#mainEnded(goroutine)
    this.fewer(0)
  }

  /** @internal So many are gone without having ended: nobody could have woken them. */
  fewer(gone: number): void {
    this.live -= gone
    if (this.#phase === Ending) this.#advance()
    else if (this.live === 0 && this.main !== null && this.#phase === Running) this.#mainIsGone()
  }

  /** @internal */
  unlink(goroutine: Goroutine): void {
    const { older, newer } = goroutine
    if (newer === null) this.newest = older
    else newer.older = older
    if (older !== null) older.newer = newer
    goroutine.older = null
    goroutine.newer = null
  }

  panicked(goroutine: Goroutine, error: unknown): void {
    // Main's own error is what the run rejects with, once it has ended.
    if (goroutine === this.main && Object.is(goroutine.thrown, error)) return
    this.#panic(new GoroutinePanic(goroutine.id, goroutine.name, goroutine.startedAt, error))
  }

  failedUnjoined(goroutine: Goroutine): void {
    if (goroutine === this.main) return
    const { arrival } = goroutine
    if (this.#plugins === undefined && arrival?.isOver === false)
      return void (arrival.unjoined ??= new Set()).add(goroutine)
    const unjoined = (this.#unjoined ??= new Set())
    unjoined.add(goroutine)
    if (this.#plugins !== undefined) return
    // A run that never ends: as with a rejected promise, somebody has this turn to join.
    afterTurn(() => {
      if (unjoined.delete(goroutine)) reportUncaught(goroutine.thrown)
    })
  }

  joined(goroutine: Goroutine): void {
    this.#unjoined?.delete(goroutine)
    goroutine.arrival?.unjoined?.delete(goroutine)
  }

  setInterruptReason(goroutine: Goroutine, reason: unknown): void {
    ;(this.#reasons ??= new WeakMap()).set(goroutine, reason)
  }

  interruptReason(goroutine: Goroutine): unknown {
    return this.#reasons?.get(goroutine)
  }

  // ---- told by the processor and the host

  /** Weft knows of nothing that can wake these goroutines. */
  reportAsleep(): void {
    if (this.main === null || this.#phase === Settled) return
    if (this.#options.deadlock === "fail") this.#askAsleep()
    else this.#watch?.mayBeAsleep()
  }

  /** Fails the run with a deadlock; ends it where all were cancelled before, and unwind, waiting in their `finally` blocks for what can't happen. */
  failDeadlocked(): void {
    this.apart?.putBack()
    const error = this.deadlockError(...(Processor.holds > 0 ? [heldInVain] : []))
    this.processor.hooks?.deadlock?.(error)
    const { isStuck } = this
    const outcome = this.#outcome
    this.failWith(error)
    if (!isStuck) return
    this.#over()
    // It fails with something else: nobody would hear of those.
    if (outcome !== undefined && outcome.kind !== "returned" && !(outcome.error instanceof DeadlockError))
      this.#tell(error, "")
  }

  /** All that are left were cancelled, and wait in their `finally` blocks. */
  get isStuck(): boolean {
    return this.#phase === Ending && this.#newestCancelled >= (this.newest?.id ?? Infinity)
  }

  /** Fails the run, whatever main would have returned, and cancels its goroutines. */
  failWith(error: unknown): void {
    this.#fail({ kind: "failed", error })
  }

  /** Says so once where it is not certain. */
  reportDeadlock(): void {
    const error = this.deadlockError()
    this.processor.hooks?.deadlock?.(error)
    this.#tell(error, "\n\n(The host still has something to do, so the program runs on; this is said once.)")
  }

  #tell(error: DeadlockError, remark: string): void {
    if (this.#options.onDeadlock !== undefined) this.#options.onDeadlock(error)
    else warn(`weft: ${error.message}${remark}`)
  }

  /** It has settled: nothing may be started in it any more. */
  get isOver(): boolean {
    return this.#phase === Settled
  }

  /** Main has not ended, and nothing has failed. */
  get isRunning(): boolean {
    return this.#phase === Running
  }

  get hasFailed(): boolean {
    return this.#outcome !== undefined && this.#outcome.kind !== "returned"
  }

  get hasMainReturned(): boolean {
    return this.#outcome?.kind === "returned"
  }

  get isAsleep(): boolean {
    if (this.#phase === Settled || !this.processor.isAsleep) return false
    return !(this.#plugins?.canWake ?? false) && !installed.canWake
  }

  deadlockError(...facts: ReadonlyArray<string>): DeadlockError {
    return new DeadlockError(allAsleep, this.snapshots(), [
      ...facts,
      ...(this.#plugins?.deadlockFacts ?? []),
      ...installed.deadlockFacts,
    ])
  }

  // ---- private, in the order of the phases

  /** Not before the host's turn is over: a promise may be about to call back. */
  #askAsleep(): void {
    if (this.#asleepAsked) return
    this.#asleepAsked = true
    afterTurn(() => {
      this.#asleepAsked = false
      // What one that is stuck waits for, a run of another processor may bring.
      if (this.isAsleep && (!this.isStuck || areAllAsleep())) this.failDeadlocked()
    })
  }

  #mainEnded(main: Goroutine): void {
    const exit = main.exit!
    if (this.#phase !== Running) return
    if (exit._tag === "Success") this.#end({ kind: "returned", value: exit.value })
    else if (main.wasInterrupted) {
      // goexit: the others run on.
      if (this.live === 0) this.#mainIsGone()
    } else this.#end({ kind: "failed", error: main.thrown })
  }

  #mainIsGone(): void {
    this.#end({ kind: "failed", error: new DeadlockError(mainGone, [], this.#plugins?.deadlockFacts ?? []) })
    this.#advance()
  }

  #panic(error: GoroutinePanic): void {
    this.#plugins?.panicked(error)
    this.processor.hooks?.panic?.(error)
    if (this.#plugins === undefined || this.#phase === Settled) reportUncaught(error)
    else this.#fail({ kind: "failed", error })
  }

  /** Ends with an error, whatever main would have returned. The first one counts. */
  #fail(outcome: Outcome): void {
    if (this.#phase === Running) {
      this.#end(outcome, "cancel")
      this.#advance()
    } else if (this.#phase === Ending) {
      if (this.#outcome?.kind === "returned") this.#outcome = outcome
      this.#cancelAll()
      this.#advance()
    }
  }

  #end(outcome: Outcome, remaining = this.#options.remaining): void {
    this.#phase = Ending
    this.#outcome = outcome
    if (outcome.kind === "returned" && this.live > 0 && remaining !== "wait") {
      try {
        this.#reportLeaks()
      } catch (error) {
        // A test's onLeak throws: that fails the run, which still cancels what is left.
        this.#outcome = { kind: "failed", error }
      }
    }
    if (remaining !== "wait" || outcome.kind !== "returned") this.#cancelAll()
  }

  #reportLeaks(): void {
    const { onLeak, remaining } = this.#options
    if (onLeak === undefined && remaining !== "report") return
    const report = leakReport(this.snapshots())
    if (onLeak === undefined) warn(`weft: ${report.message}`)
    else onLeak(report)
  }

  #cancelAll(): void {
    this.apart?.putBack()
    this.#newestCancelled = this.newest?.id ?? 0
    this.#unwinding = this.live
    for (const goroutine of this.goroutines()) goroutine.interrupt()
  }

  #advance(): void {
    if (this.#phase !== Ending) return
    if (this.live > 0) {
      if (this.#newestCancelled > 0 && this.#unwinding === 0) this.#cancelAll()
      return
    }
    this.#over()
  }

  #over(): void {
    this.#phase = Settled
    this.processor.runs.delete(this)
    if (this.processor.runs.size === 0) processorIsUnused(this.processor)
    this.#watch?.close()
    this.#unlisten?.()
    for (const stop of this.atEnd) stop()
    this.#plugins?.dispose()
    let outcome = this.#outcome!
    const [unjoined] = this.#unjoined ?? []
    if (outcome.kind === "returned" && unjoined !== undefined) outcome = { kind: "failed", error: unjoined.thrown }
    this.#settle(outcome)
  }
}
