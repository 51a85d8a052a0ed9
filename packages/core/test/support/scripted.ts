/**
 * Programs as a search sees them: what processes do step by step, with nothing of goroutines and ops. Thousands of schedules take milliseconds.
 */
import { Clock } from "../../src/testing/processes.ts"
import { Abandon, type Strategy } from "../../src/testing/strategy.ts"

/** What one step does. `choose`: touches thing 0 or thing 1. `stop`: the timer. */
export type Act =
  | { readonly act: "touch"; readonly things: ReadonlyArray<number> }
  | { readonly act: "put" | "take"; readonly box: number }
  | { readonly act: "touch anything" }
  | { readonly act: "choose" }
  | { readonly act: "stop" }

/** What each process does, and whether there is a timer, which stops where all wait, or may fire at any moment. */
export interface Script {
  readonly processes: ReadonlyArray<ReadonlyArray<Act>>
  readonly timer?: boolean
  readonly races?: boolean
  readonly memory?: boolean
  /** How many steps in a row a process may take while others could. */
  readonly inARow?: number
}

interface Taken {
  readonly process: number
  readonly label: string
  /** undefined: anything. */
  readonly things: ReadonlyArray<object> | undefined
  readonly isParked: boolean
  readonly wokenBy: number | undefined
}

/** One schedule as it was: its steps, in order. */
export class Schedule {
  readonly steps: Array<Taken> = []
  preemptions = 0
  readonly #isMemoryShared: boolean

  constructor(isMemoryShared: boolean) {
    this.#isMemoryShared = isMemoryShared
  }

  get text(): string {
    return this.steps.map(({ label }) => label).join(" ")
  }

  /** The same for all that differ only by swaps of neighbours that are independent. */
  get canonical(): string {
    const left = this.steps.map((_, i) => i)
    const labels: Array<string> = []
    while (left.length > 0) {
      const first = left.filter((i) => !left.some((k) => k < i && this.#areOrdered(k, i)))
      const next = first.reduce((a, b) => (this.steps[a]!.process <= this.steps[b]!.process ? a : b))
      labels.push(this.steps[next]!.label)
      left.splice(left.indexOf(next), 1)
    }
    return labels.join(" ")
  }

  #areOrdered(earlier: number, later: number): boolean {
    const [a, b] = [this.steps[earlier]!, this.steps[later]!]
    if (a.process === b.process || b.wokenBy === earlier) return true
    if (a.things === undefined || b.things === undefined) return true
    if (this.#isMemoryShared && !a.isParked && !b.isParked) return true
    return a.things.some((thing) => b.things!.includes(thing))
  }
}

/** Runs one schedule; undefined if the strategy gave it up. */
function runOne(strategy: Strategy, script: Script): Schedule | undefined {
  const { inARow = Infinity, memory = false, processes, races = false, timer = false } = script
  const schedule = new Schedule(memory)
  const { observer } = strategy
  const things = [{}, {}, {}]
  const theTimer = {}
  const boxes = [0, 1].map(() => ({ values: 0, waiting: [] as Array<number> }))
  for (const thing of [...things, theTimer, ...boxes]) observer?.made(thing)
  const at = processes.map(() => 0)
  const state = processes.map((): "runnable" | "parked" | "woken" => "runnable")
  const wokenBy = processes.map((): number | undefined => undefined)
  const numberOf = (i: number): number => i + 2
  let [isSet, last, row] = [timer, -1, 0]

  const step = (process: number, body: (touch: (thing?: object) => void) => string | undefined, woken?: number) => {
    let touched: Array<object> | undefined = []
    observer?.begin(process)
    const label = body((thing) => {
      observer?.touched(thing)
      if (thing === undefined) touched = undefined
      else touched?.push(thing)
    })
    observer?.end(label === undefined)
    const isParked = label === undefined
    schedule.steps.push({ process, label: label ?? `${process} parks`, things: touched, isParked, wokenBy: woken })
  }
  const fire = () => {
    isSet = false
    step(Clock, (touch) => {
      touch()
      return "clock"
    })
  }
  const perform = (i: number, act: Act, touch: (thing?: object) => void): string | undefined => {
    const label = `${numberOf(i)}.${at[i]!}`
    if (act.act === "touch") for (const thing of act.things) touch(things[thing])
    else if (act.act === "touch anything") touch()
    else if (act.act === "choose") {
      const choice = strategy.choose(2)
      touch(things[choice])
      return `${label}:${choice}`
    } else if (act.act === "stop") {
      touch(theTimer)
      const wasSet = isSet
      isSet = false
      return `${label}:${wasSet}`
    } else {
      const box = boxes[act.box]!
      touch(box)
      if (act.act === "take" && box.values-- < 1) {
        box.values = 0
        box.waiting.push(i)
        state[i] = "parked"
        return undefined
      }
      const waiter = act.act === "put" ? box.waiting.shift() : undefined
      if (waiter !== undefined) {
        state[waiter] = "woken"
        wokenBy[waiter] = schedule.steps.length
        observer?.wakes(numberOf(waiter))
      } else if (act.act === "put") box.values++
    }
    return label
  }

  for (;;) {
    const runnable = processes.flatMap((acts, i) => (at[i]! < acts.length && state[i] !== "parked" ? [i] : []))
    const others = runnable.filter((i) => i !== last)
    const mayRunOn = others.length < runnable.length && (row < inARow || others.length === 0)
    const order = mayRunOn ? [last, ...others] : others
    if (order.length === 0) {
      if (!isSet) return schedule
      fire()
      continue
    }
    const numbers = order.map(numberOf)
    if (races && isSet) numbers.push(Clock)
    const index = strategy.schedule(numbers, mayRunOn)
    if (index === Abandon) return undefined
    if (mayRunOn && index !== 0) schedule.preemptions++
    const i = order[index]
    if (i === undefined) {
      fire()
      continue
    }
    row = i === last ? row + 1 : 1
    last = i
    if (state[i] === "woken") {
      state[i] = "runnable"
      step(numberOf(i), () => `${numberOf(i)}.${at[i]!} woken`, wokenBy[i])
      at[i]!++
      continue
    }
    step(numberOf(i), (touch) => perform(i, processes[i]![at[i]!]!, touch))
    if (state[i] === "runnable") at[i]!++
  }
}

/** All schedules of a strategy, and how many it has given up. */
export function search(strategy: Strategy, script: Script) {
  const schedules: Array<Schedule> = []
  let givenUp = 0
  while (strategy.begin()) {
    const schedule = runOne(strategy, script)
    strategy.end()
    if (schedule === undefined) givenUp++
    else schedules.push(schedule)
  }
  return { schedules, givenUp }
}

/** Every schedule that there is: what a search is judged by. */
export class EverySchedule implements Strategy {
  readonly pruned = 0
  readonly isExhaustive = true
  readonly hasDiverged = false
  readonly observer = null
  #choices: Array<{ index: number; readonly size: number }> | undefined
  #depth = 0

  begin(): boolean {
    this.#depth = 0
    if (this.#choices === undefined) {
      this.#choices = []
      return true
    }
    while (this.#choices.length > 0 && ++this.#choices.at(-1)!.index === this.#choices.at(-1)!.size) this.#choices.pop()
    return this.#choices.length > 0
  }

  schedule(processes: ReadonlyArray<number>): number {
    return this.choose(processes.length)
  }

  choose(size: number): number {
    const choice = (this.#choices![this.#depth++] ??= { index: 0, size })
    return choice.index
  }

  end(): void {}
}
