import type { Clock } from "./clock.ts"
import type { GoroutinePanic } from "./goroutine-panic.ts"
import { warn } from "./host.ts"
import { Panic } from "./panic.ts"
import type { Scheduler } from "./scheduler.ts"
import { hookPoints, type TraceHooks } from "./trace-hooks.ts"

/**
 * Extends a `run`, or by `install` the whole process: brings a scheduler, a clock or machines, listens, takes part in reports.
 *
 * @example
 * const counting: Plugin = { name: "counting", setup: (runtime) => { runtime.listen({ create: () => count++ }) } }
 * await run(main, { plugins: [counting] })
 *
 * @since 0.1.0
 */
export interface Plugin {
  readonly name: string
  /** Called before main starts. What it returns is called after the run has settled. */
  setup(runtime: PluginRuntime): void | (() => void)
}

/**
 * What a plugin may do, each point narrow and typed.
 *
 * @since 0.1.0
 */
export interface PluginRuntime {
  /** Replaces the scheduler. Exclusive. */
  setScheduler(scheduler: Scheduler): void
  /** Replaces the clock. Exclusive. */
  setClock(clock: Clock): void
  /** Listens to the hook points. */
  listen(hooks: TraceHooks): void
  /** Brings threads. */
  addMachine(machine: Machine): void
  /** Takes part when all goroutines seem asleep. */
  onDeadlock(witness: DeadlockWitness): void
  /** Hears of a panic before the run fails with it. */
  onPanic(listener: (panic: GoroutinePanic) => void): void
}

/**
 * A thread, or something like one, that runs goroutines elsewhere (Go's M).
 *
 * @since 0.1.0
 */
export interface Machine {
  readonly name: string
  /** Whether nothing runs or is under way on it: only then can all be asleep. */
  readonly isIdle: boolean
}

/** @since 0.1.0 */
export interface DeadlockWitness {
  /** Whether something that only the plugin knows of can still wake a goroutine. */
  canWake?(): boolean
  /** A paragraph for the report. */
  fact?(): string | undefined
}

/**
 * Two plugins want a point that only one can have.
 *
 * @since 0.1.0
 */
export class PluginConflict extends Panic<{ point: string; first: string; second: string }> {
  override readonly name = "PluginConflict"

  constructor(point: string, first: string, second: string) {
    super(`weft: plugins "${first}" and "${second}" both bring a ${point}; use one of them`, { point, first, second })
  }
}

interface Owned<T> {
  readonly plugin: Plugin
  readonly it: T
}

type Hook = (a: unknown, b: unknown, c: unknown) => void

/** A set of plugins and what they bring: those of one run, or the process's. */
export class Plugins {
  #scheduler: Owned<Scheduler> | undefined
  #clock: Owned<Clock> | undefined
  #machines: Array<Owned<Machine>> = []
  #listeners: Array<Owned<TraceHooks>> = []
  #witnesses: Array<Owned<DeadlockWitness>> = []
  #panicListeners: Array<Owned<(panic: GoroutinePanic) => void>> = []
  #disposals: Array<Owned<() => void>> = []
  readonly #unplugged = new Set<Plugin>()

  get scheduler(): Scheduler | undefined {
    return this.#scheduler?.it
  }

  get clock(): Clock | undefined {
    return this.#clock?.it
  }

  add(plugin: Plugin): void {
    const own = <T>(it: T): Owned<T> => ({ plugin, it })
    const exclusive = <T>(point: string, taken: Owned<T> | undefined, it: T): Owned<T> => {
      if (taken !== undefined) throw new PluginConflict(point, taken.plugin.name, plugin.name)
      return own(it)
    }
    const dispose = this.#guard(plugin, () =>
      plugin.setup({
        setScheduler: (it) => void (this.#scheduler = exclusive("scheduler", this.#scheduler, it)),
        setClock: (it) => void (this.#clock = exclusive("clock", this.#clock, it)),
        listen: (it) => void this.#listeners.push(own(it)),
        addMachine: (it) => void this.#machines.push(own(it)),
        onDeadlock: (it) => void this.#witnesses.push(own(it)),
        onPanic: (it) => void this.#panicListeners.push(own(it)),
      }),
    )
    if (typeof dispose === "function") this.#disposals.push(own(dispose))
  }

  remove(plugin: Plugin): void {
    for (const { it } of this.#disposals.filter((owned) => owned.plugin === plugin)) this.#guard(plugin, it)
    const others = <T>(all: Array<Owned<T>>) => all.filter((owned) => owned.plugin !== plugin)
    if (this.#scheduler?.plugin === plugin) this.#scheduler = undefined
    if (this.#clock?.plugin === plugin) this.#clock = undefined
    this.#machines = others(this.#machines)
    this.#listeners = others(this.#listeners)
    this.#witnesses = others(this.#witnesses)
    this.#panicListeners = others(this.#panicListeners)
    this.#disposals = others(this.#disposals)
  }

  get canWake(): boolean {
    if (this.#machines.some(({ it }) => !it.isIdle)) return true
    return this.#witnesses.some(({ plugin, it }) => this.#guard(plugin, () => it.canWake?.()) === true)
  }

  get deadlockFacts(): ReadonlyArray<string> {
    return this.#witnesses.flatMap(({ plugin, it }) => this.#guard(plugin, () => it.fact?.()) ?? [])
  }

  panicked(panic: GoroutinePanic): void {
    for (const { plugin, it } of this.#panicListeners) this.#guard(plugin, () => it(panic))
  }

  dispose(): void {
    for (const { plugin } of [...this.#disposals].reverse()) this.remove(plugin)
  }

  /** One object that tells every listener; null when there is none, so that a hook point stays one null check. */
  get hooks(): TraceHooks | null {
    if (this.#listeners.length === 0) return null
    return Object.fromEntries(
      hookPoints.map((point) => [point, this.#tell(point)] as const).filter(([, tell]) => tell !== undefined),
    )
  }

  #tell(point: keyof TraceHooks): Hook | undefined {
    const interested = this.#listeners.filter(({ it }) => it[point] !== undefined)
    if (interested.length === 0) return undefined
    return (a, b, c) => {
      for (const { plugin, it } of interested) this.#guard(plugin, () => (it[point] as Hook)(a, b, c))
    }
  }

  /** A plugin that throws is unplugged, and that is said once: it never takes the program down. */
  #guard<T>(plugin: Plugin, f: () => T): T | undefined {
    if (this.#unplugged.has(plugin)) return undefined
    try {
      return f()
    } catch (error) {
      if (error instanceof PluginConflict) {
        this.remove(plugin)
        throw error
      }
      this.#unplugged.add(plugin)
      const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
      warn(`weft: plugin "${plugin.name}" threw and was unplugged: ${what}`)
      return undefined
    }
  }
}
