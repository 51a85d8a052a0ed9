/**
 * Schedules: runs one program again and again, each time anew, each time as a strategy decides.
 */
import type * as Context from "effect/Context"
import { type Body, generatorOf } from "../body.ts"
import { afterTurn, hostLoad, onHostEmpty, onHostIdle } from "../host.ts"
import { Plugins } from "../plugin.ts"
import { type Outcome, Run } from "../run.ts"
import { abandoned, type Bounds, ExploredProcessor, type Rest } from "./explored-processor.ts"
import { Processes } from "./processes.ts"
import type { Recorder } from "./recorder.ts"
import type { Strategy } from "./strategy.ts"

/** One schedule, from its first step to its last. */
export interface Schedule {
  readonly decisions: ReadonlyArray<number>
  readonly preemptions: number
  readonly isAbandoned: boolean
  /** It waited in vain for something outside, so running it takes long. */
  readonly isLeftAlone: boolean
  /** What the run resolved or failed with; undefined where it did not end. */
  readonly outcome: Outcome | undefined
  readonly hasFailed: boolean
  readonly error: unknown
}

export class Schedules {
  readonly #caller: string
  readonly #program: Body<unknown>
  readonly #bounds: Bounds
  readonly #services: Context.Context<never> | undefined
  readonly #processes = new Processes()

  constructor(caller: string, program: Body<unknown>, bounds: Bounds, services: Context.Context<never> | undefined) {
    this.#caller = caller
    this.#program = program
    this.#bounds = bounds
    this.#services = services
  }

  /** Runs a schedule: synchronously, unless it waits for something outside. */
  run(strategy: Strategy, recorder: Recorder | null = null): Schedule | Promise<Schedule> {
    this.#processes.restart()
    const processor = new ExploredProcessor(strategy, this.#bounds, this.#processes)
    if (recorder !== null) {
      processor.recorder = recorder
      processor.startSites.isOff = false
      processor.startSites.isUnlimited = true
    }
    let outcome: Outcome | undefined
    const remaining = this.#bounds.areLeaksFailures ? ({ remaining: "wait" } as const) : {}
    const services = this.#services === undefined ? {} : { services: this.#services }
    const run = new Run(processor, { deadlock: "ignore", ...remaining, ...services }, noPlugins, (it) => {
      outcome = it
    })
    const generator = processor.asCurrent(() => generatorOf(this.#caller, this.#program, []))
    // No start site, as this class is nowhere on the stack: no line of the program starts main.
    run.startMain(generator, this.#program.name || "main", Schedules)
    const result = (): Schedule => {
      const isAbandoned = processor.stoppedBy === abandoned
      // Where what was cancelled goes on for ever, the run has no outcome; where its last step broke an invariant, it has returned.
      const isSound = outcome?.kind === "returned" && processor.stoppedBy === undefined
      const hasFailed = !isAbandoned && !isSound
      const error = outcome !== undefined && outcome.kind !== "returned" ? outcome.error : processor.stoppedBy
      const { decisions, isLeftAlone, preemptions } = processor
      return { decisions, preemptions, isAbandoned, isLeftAlone, outcome, hasFailed, error }
    }
    const rest = processor.drive(run)
    return rest === "settled" || rest === "stuck" ? result() : goOn(processor, run, rest).then(result)
  }
}

const noPlugins = new Plugins()

async function goOn(processor: ExploredProcessor, run: Run, first: Rest): Promise<void> {
  for (let rest = first; rest !== "settled" && rest !== "stuck"; rest = processor.drive(run)) {
    if (rest === "needs arrival") await arrival(processor, run)
    // Also after an arrival: what ends in the same turn of the host is there together, whatever its order in it.
    await turn()
  }
  // Fibers that still clean up do that before the next schedule begins, whose fibers share a queue with them.
  await turn()
}

/** Nothing can run but what something outside wakes. Should the host have nothing left to do that could, it never comes. */
function arrival(processor: ExploredProcessor, run: Run): Promise<void> {
  return new Promise((resolve) => {
    const comes = () => {
      processor.onArrival = null
      stopWatching()
      stopListening()
      resolve()
    }
    const neverComes = (...facts: ReadonlyArray<string>) => {
      processor.outside = 0
      processor.isLeftAlone = true
      processor.stop(run.deadlockError(...facts))
      comes()
    }
    const stopListening = onHostEmpty(() => neverComes())
    const stopWatching = processor.isHeld ? () => undefined : onHostIdle(loadAtImport, () => neverComes(nothingOutside))
    processor.onArrival = comes
  })
}

/** A test runner's own. What a test has opened since may be what answers. */
const loadAtImport = /* @__PURE__ */ hostLoad()

const nothingOutside =
  "What is waited for outside never comes: for a second the host has had no timer and nothing else to do that it had not before."

/** Lets the host's event loop have its turn. */
export const turn = (): Promise<void> => new Promise((resolve) => afterTurn(resolve))
