/**
 * Exhaustive: depth-first through all choices.
 *
 * The program is run anew for each schedule: the choices of the last one are a stack of nodes, and the next schedule repeats all up to the
 * deepest node that has an alternative left. Without a bound, equivalent schedules are left out:
 *   - a race seen in a schedule adds to the node before its first step a process that reverses it (source sets);
 *   - a process whose step has been explored at a node sleeps in the node's other branches until a step that depends on it (sleep sets).
 * With a bound on preemptions every schedule within it is run: of two equivalent ones only one may be.
 *
 * Invariants:
 *   1. nodes[0 .. #depth) are the choices that the schedule under way has made, in order.
 *   2. #asleep are the processes whose next step, whatever follows it, has been explored from an equivalent point.
 */
import { Clock } from "../processes.ts"
import { Abandon, type Strategy } from "../strategy.ts"
import { areDependent, type Footprint, Steps, union } from "./steps.ts"

interface Node {
  /** null: a choice inside a step. */
  readonly processes: ReadonlyArray<number> | null
  readonly size: number
  /** Whether any alternative but 0 is a preemption. */
  readonly isPreemption: boolean
  /** Preemptions before it. */
  readonly preemptions: number
  /** The index of the step that it decides, or is in. */
  readonly step: number
  readonly wanted: Set<number>
  readonly done: Set<number>
  /** The processes that slept when it was reached first, and later those explored here. */
  readonly asleep: Map<number, Footprint>
  index: number
  /** What the step of `index` touches: in all schedules that took it. */
  footprint: Footprint
}

export class ExhaustiveStrategy implements Strategy {
  pruned = 0
  readonly isExhaustive = true
  readonly observer: Steps | null
  hasDiverged = false
  readonly #mostPreemptions: number
  readonly #nodes: Array<Node> = []
  #depth = 0
  #preemptions = 0
  #hasBegun = false
  #asleep = new Map<number, Footprint>()
  /** The last node between steps: who sleeps is known from there on. */
  #sleepsFrom = 0
  /** The step of the last node: the first that was not seen before. */
  #firstNew = 0

  constructor(options: {
    readonly preemptions: number | undefined
    readonly isMemoryShared: boolean
    readonly isClockRacing: boolean
  }) {
    this.#mostPreemptions = options.preemptions ?? Infinity
    this.observer =
      options.preemptions === undefined
        ? new Steps(options.isMemoryShared, options.isClockRacing, (step, races) => this.#stepped(step, races))
        : null
  }

  begin(): boolean {
    if (this.#hasBegun && !this.#advance()) return false
    this.#hasBegun = true
    this.#depth = 0
    this.#preemptions = 0
    this.#asleep = new Map()
    this.#sleepsFrom = this.#nodes.findLastIndex((node) => node.processes !== null)
    this.#firstNew = this.#nodes.at(-1)?.step ?? 0
    this.observer?.restart()
    return true
  }

  schedule(processes: ReadonlyArray<number>, isPreemption: boolean): number {
    if (processes.length === 1) return this.#isNew && this.#asleep.has(processes[0]!) ? this.#abandon() : 0
    const node = this.#isNew ? this.#reach(processes, processes.length, isPreemption) : this.#nodes[this.#depth++]!
    if (node === undefined) return this.#abandon()
    if (node.processes === null || !areSame(node.processes, processes)) return this.#diverge()
    if (this.#depth > this.#sleepsFrom) this.#asleep = new Map(node.asleep)
    if (isPreemption && node.index !== 0) this.#preemptions++
    return node.index
  }

  choose(n: number): number {
    if (this.#isNew) return this.#reach(null, n, false)!.index
    const node = this.#nodes[this.#depth++]!
    if (node.processes === null && node.size === n) return node.index
    this.#diverge()
    return 0
  }

  end(): void {
    // A schedule that was given up has no more choices than it came to.
    this.#nodes.length = this.#depth
  }

  get #isNew(): boolean {
    return this.#depth === this.#nodes.length
  }

  #abandon(): typeof Abandon {
    this.pruned++
    return Abandon
  }

  #diverge(): typeof Abandon {
    this.hasDiverged = true
    return Abandon
  }

  /** A choice point for the first time; undefined if all that could run sleep. */
  #reach(processes: ReadonlyArray<number> | null, size: number, isPreemption: boolean): Node | undefined {
    const index = processes === null ? 0 : processes.findIndex((process) => !this.#asleep.has(process))
    if (index < 0) return undefined
    const wanted = new Set<number>([index])
    const isReduced = this.observer !== null && processes !== null
    const isLast = isPreemption && this.#preemptions >= this.#mostPreemptions
    if (!isReduced && !isLast) for (let i = 0; i < size; i++) wanted.add(i)
    // Whoever runs may stop the timer that would have fired: then no step of the clock's is there to race with.
    const clock = processes?.indexOf(Clock) ?? -1
    if (clock >= 0) wanted.add(clock)
    const node: Node = {
      processes: processes === null ? null : [...processes],
      size,
      isPreemption,
      preemptions: this.#preemptions,
      step: this.#stepOf(processes),
      wanted,
      done: new Set(),
      asleep: processes === null ? noneAsleep : new Map(this.#asleep),
      index,
      footprint: [],
    }
    this.#nodes.push(node)
    this.#depth++
    return node
  }

  /** A choice inside a step belongs to the last step, one between steps to the next. */
  #stepOf(processes: ReadonlyArray<number> | null): number {
    const { length } = this.observer?.steps ?? []
    return processes === null ? length - 1 : length
  }

  /** To the next alternative of the deepest node that has one; false: there is none. */
  #advance(): boolean {
    for (let node = this.#nodes.at(-1); node !== undefined; node = this.#nodes.at(-1)) {
      this.#finish(node)
      for (const index of node.wanted) {
        if (node.done.has(index) || this.#sleeps(node, index)) continue
        node.index = index
        node.footprint = []
        return true
      }
      this.pruned += node.size - node.done.size
      this.#nodes.pop()
    }
    return false
  }

  #sleeps(node: Node, index: number): boolean {
    return node.processes !== null && node.asleep.has(node.processes[index]!)
  }

  /** The branch of `index` has been explored. */
  #finish(node: Node): void {
    node.done.add(node.index)
    const steps = this.observer?.steps
    if (steps === undefined) return
    if (node.processes !== null) {
      node.asleep.set(node.processes[node.index]!, union(node.footprint, steps[node.step]?.footprint ?? null))
      return
    }
    // The step goes on in another way: what it touched in this one counts for it too.
    const owner = this.#nodes.find((other) => other.processes !== null && other.step === node.step)
    if (owner !== undefined) owner.footprint = union(owner.footprint, steps[node.step]?.footprint ?? null)
  }

  #stepped(at: number, races: ReadonlyArray<number>): void {
    const { footprint, process } = this.observer!.steps[at]!
    this.#asleep.delete(process)
    for (const [other, itsFootprint] of this.#asleep)
      if (areDependent(itsFootprint, footprint)) this.#asleep.delete(other)
    // Up to the node that was advanced all is as it was.
    if (at >= this.#firstNew) for (const earlier of races) this.#reverse(earlier, at)
  }

  /** Sees to it that some schedule has `at` before `earlier`. */
  #reverse(earlier: number, at: number): void {
    const node = this.#nodes.find((other) => other.processes !== null && other.step === earlier)
    if (node?.processes == null) return
    const { processes, wanted } = node
    const reversing = this.observer!.reversing(earlier, at)
    if (reversing.some((process) => node.asleep.has(process) || wanted.has(processes.indexOf(process)))) return
    const index = reversing.map((process) => processes.indexOf(process)).find((index) => index >= 0)
    if (index !== undefined) wanted.add(index)
    else for (let i = 0; i < node.size; i++) wanted.add(i)
  }
}

const noneAsleep: Map<number, Footprint> = new Map()

function areSame(a: ReadonlyArray<number>, b: ReadonlyArray<number>): boolean {
  return a.length === b.length && a.every((process, i) => process === b[i])
}
