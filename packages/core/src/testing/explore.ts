import type * as Context from "effect/Context"
import type { Body, Yieldable } from "../body.ts"
import { realNow } from "../host.ts"
import { describe, Panic } from "../panic.ts"
import { formatInterleaving } from "./interleaving.ts"
import { Recorder } from "./recorder.ts"
import { encodeSchedule } from "./schedule.ts"
import { type Schedule, Schedules, turn } from "./schedules.ts"
import { shrink } from "./shrink.ts"
import { ExhaustiveStrategy } from "./strategy/exhaustive.ts"
import { PctStrategy } from "./strategy/pct.ts"
import { RandomStrategy } from "./strategy/random.ts"
import { ReplayStrategy } from "./strategy/replay.ts"
import type { Strategy } from "./strategy.ts"

/** How to search, and what to take for a failure. @since 0.1.0 */
export interface ExploreOptions {
  /**
   * - `"exhaustive"` (default): every schedule, leaving out those that are equivalent to one that was run.
   * - `"random"`: each choice as likely as the others.
   * - `"pct"`: random priorities with `depth - 1` changes, which finds bugs that need few steps in a certain order far more often.
   */
  readonly strategy?: "exhaustive" | "random" | "pct"
  /** Runs this schedule and no other: the `seed` of a failure. */
  readonly replay?: string
  /** Most schedules to run: 100,000 if exhaustive, else 1,000. */
  readonly schedules?: number
  /** Exhaustive: only schedules with at most so many preemptions, all of them. Left out, there is no bound, and equivalent ones are left out. */
  readonly preemptions?: number
  /** PCT: how many steps the bug needs in a certain order. 3 if left out. */
  readonly depth?: number
  /** Random and PCT: another seed, other schedules. 1 if left out. */
  readonly seed?: number
  /** Most steps of a schedule; more are a {@link Livelock}. 10,000 if left out. */
  readonly steps?: number
  /**
   * What goroutines share. `"anything"` (default): plain variables too. `"ops"`: nothing but what ops wait on and `shadow` variables, which
   * leaves far fewer schedules to run; a race through a plain variable may then be missed.
   */
  readonly shares?: "anything" | "ops"
  /**
   * `"jumps"` (default): time stands still while a goroutine can run. `"races"`: a timer may be due at any moment, as if goroutines were slow.
   */
  readonly clock?: "jumps" | "races"
  /** Whether goroutines that main leaves waiting are a failure ({@link LeakedGoroutines}, the default), or are cancelled as `run` does. */
  readonly leaks?: "fail" | "cancel"
  /** Services for the Effects that goroutines yield. */
  readonly services?: Context.Context<never>
}

/** What an exploration has found. @since 0.1.0 */
export interface Exploration {
  /** Schedules run. */
  readonly schedules: number
  /** Choices left out: equivalent to one that was taken, or beyond the bound on preemptions. */
  readonly pruned: number
  /** Whether every schedule (within the bound on preemptions) has been run or is equivalent to one that was. */
  readonly complete: boolean
  /** The first failure, if any. */
  readonly failure?: ExploreFailure
  /** Replaying: the program did not come to the choices of this schedule, so it was another that ran. The program was changed since. */
  readonly isStale?: true
}

/** @since 0.1.0 */
export interface ExploreFailure {
  readonly error: unknown
  /** Replays it: `explore({ replay: seed }, program)`. */
  readonly seed: string
  /** The interleaving, a line a step and a column a goroutine. */
  readonly trace: string
}

const defaultSchedules = { exhaustive: 100_000, random: 1000, pct: 1000 }

/**
 * Runs `program`, a goroutine body, under many schedules: each time anew, in virtual time, with every choice that the runtime makes taken in
 * another way. Resolves with what it found; {@link explore.check} throws on a failure.
 *
 * A failure is what fails a `run` (a panic, a failure that nobody joined, a deadlock), and {@link Livelock}, {@link LeakedGoroutines},
 * {@link DataRace}, {@link InvariantBroken}. The search stops at the first, replays it with ever fewer deviations from the default order
 * while it stays the same failure, and tells the shortest.
 *
 * Laws
 * - Every schedule is one that a plain `run` may take too.
 * - The same options and program give the same schedules. The program must not decide anything by real time or `Math.random`.
 * - Promises: their order within one turn of the host is explored; which turn they come in is up to the host.
 *
 * @example
 * const { failure } = await explore({}, function* () {
 *   const ch = chan<number>()
 *   const sender = go(function* () { yield* ch.send(1) })
 *   const hit = yield* select({ value: ch.receive(), late: sleep(10) })
 *   if (hit.case === "late") throw new Error("nobody sent")
 *   yield* sender
 * })
 * if (failure !== undefined) console.log(failure.trace)
 *
 * @see loom, shuttle, CHESS
 * @since 0.1.0
 */
export const explore: {
  <Y extends Yieldable>(options: ExploreOptions, program: Body<unknown, Y>): Promise<Exploration>
  /** Like `explore`, but throws {@link ScheduleFailed} on a failure, and where `"exhaustive"` was asked for and is not complete. */
  readonly check: <Y extends Yieldable>(options: ExploreOptions, program: Body<unknown, Y>) => Promise<Exploration>
} = /* @__PURE__ */ Object.assign(search, { check })

async function check(options: ExploreOptions, program: Body<unknown>): Promise<Exploration> {
  const exploration = await search(options, program)
  if (exploration.failure !== undefined) throw new ScheduleFailed(exploration, exploration.failure, options)
  if (exploration.isStale === true) throw new StaleSchedule(options.replay!)
  const isExhaustive = (options.strategy ?? "exhaustive") === "exhaustive" && options.replay === undefined
  if (isExhaustive && !exploration.complete && options.schedules === undefined)
    throw new IncompleteExploration(exploration)
  return exploration
}

async function search(options: ExploreOptions, program: Body<unknown>): Promise<Exploration> {
  validate(options)
  const bounds = {
    steps: options.steps ?? 10_000,
    isClockRacing: options.clock === "races",
    areLeaksFailures: options.leaks !== "cancel",
  }
  const schedules = new Schedules("explore", program, bounds, options.services)
  const strategy = strategyFor(options)
  const most = options.schedules ?? defaultSchedules[options.strategy ?? "exhaustive"]
  let run = 0
  let lastTurn = realNow()
  while (run < most && strategy.begin()) {
    const running = schedules.run(strategy)
    const schedule = running instanceof Promise ? await running : running
    strategy.end()
    if (strategy.hasDiverged) throw new NondeterministicProgram()
    if (schedule.isAbandoned) continue
    run++
    if (schedule.hasFailed) {
      const isShrunk = options.replay === undefined && !schedule.isLeftAlone
      const failure = await explain(schedules, isShrunk ? await shrink(schedules, schedule) : schedule)
      return { schedules: run, pruned: strategy.pruned, complete: false, failure }
    }
    if (run % schedulesPerLook === 0 && realNow() - lastTurn > sliceMillis) {
      await turn()
      lastTurn = realNow()
    }
  }
  const isStale = strategy instanceof ReplayStrategy && !strategy.isFaithful
  const complete = strategy.isExhaustive && !strategy.begin()
  return { schedules: run, pruned: strategy.pruned, complete, ...(isStale ? { isStale } : {}) }
}

/** The host's event loop has its turn as often as in a plain run: a test runner wants to hear from its tests. */
const sliceMillis = 10
const schedulesPerLook = 32

function strategyFor(options: ExploreOptions): Strategy {
  if (options.replay !== undefined) return new ReplayStrategy(options.replay)
  const seed = options.seed ?? 1
  switch (options.strategy ?? "exhaustive") {
    case "random":
      return new RandomStrategy(seed)
    case "pct":
      return new PctStrategy(options.depth ?? 3, seed)
    case "exhaustive":
      return new ExhaustiveStrategy({
        preemptions: options.preemptions,
        isMemoryShared: options.shares !== "ops",
        isClockRacing: options.clock === "races",
      })
  }
}

/** Runs a failed schedule once more, slowly. */
async function explain(schedules: Schedules, failed: Schedule): Promise<ExploreFailure> {
  const recorder = new Recorder()
  const strategy = new ReplayStrategy(failed.decisions)
  strategy.begin()
  const again = await schedules.run(strategy, recorder)
  if (!again.hasFailed) throw new NondeterministicProgram(failed.error)
  const trace = formatInterleaving(recorder)
  // Only this one knows where goroutines were started.
  return { error: again.error, seed: encodeSchedule(failed.decisions), trace }
}

const knownOptions: ReadonlyArray<string> = [
  "strategy",
  "replay",
  "schedules",
  "preemptions",
  "depth",
  "seed",
  "steps",
  "shares",
  "clock",
  "leaks",
  "services",
] satisfies ReadonlyArray<keyof ExploreOptions>

/** The program's own frames of what failed in it. */
function framesOf(error: unknown): ReadonlyArray<string> {
  const stack = error instanceof Error ? (error.stack ?? "") : ""
  return stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line) && !/@weft[\\/]core|packages[\\/]core[\\/]src/.test(line))
}

/** What a schedule means depends on these too. */
const boundingOptions = ["clock", "leaks", "steps"] as const

function replayOf(seed: string, options: ExploreOptions): string {
  const bounds = boundingOptions.flatMap((name) =>
    options[name] === undefined ? [] : [`${name}: ${JSON.stringify(options[name])}`],
  )
  return `explore({ ${[`replay: ${JSON.stringify(seed)}`, ...bounds].join(", ")} }, program)`
}

function validate(options: ExploreOptions): void {
  if (typeof options !== "object" || (options as unknown) === null)
    throw new InvalidExploreOption("options", options, "an object; {} will do")
  for (const name of Object.keys(options))
    if (!knownOptions.includes(name))
      throw new InvalidExploreOption(
        name,
        options[name as keyof ExploreOptions],
        `left out: there are ${knownOptions.join(", ")}`,
      )
  const oneOf = (name: keyof ExploreOptions, ...values: ReadonlyArray<string>): void => {
    const given = options[name]
    if (given !== undefined && !values.includes(given as string))
      throw new InvalidExploreOption(name, given, `one of ${values.map((value) => JSON.stringify(value)).join(", ")}`)
  }
  const atLeast = (name: keyof ExploreOptions, least: number): void => {
    const given = options[name]
    if (given !== undefined && !(Number.isSafeInteger(given) && (given as number) >= least))
      throw new InvalidExploreOption(name, given, `a whole number from ${least} on`)
  }
  oneOf("strategy", "exhaustive", "random", "pct")
  oneOf("shares", "anything", "ops")
  oneOf("clock", "jumps", "races")
  oneOf("leaks", "fail", "cancel")
  atLeast("schedules", 1)
  atLeast("preemptions", 0)
  atLeast("depth", 1)
  atLeast("seed", 0)
  atLeast("steps", 1)
  for (const [name, strategy] of [
    ["preemptions", "exhaustive"],
    ["depth", "pct"],
  ] as const)
    if (options[name] !== undefined && (options.strategy ?? "exhaustive") !== strategy)
      throw new InvalidExploreOption(name, options[name], `left out: only strategy "${strategy}" has it`)
}

/**
 * What {@link explore.check} throws: the failure is its `cause`.
 *
 * @since 0.1.0
 */
export class ScheduleFailed extends Error {
  override readonly name = "ScheduleFailed"
  declare readonly seed: string
  declare readonly trace: string

  constructor(exploration: Exploration, { error, seed, trace }: ExploreFailure, options: ExploreOptions) {
    const n = exploration.schedules
    super(
      [
        `schedule ${n} fails: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
        trace,
        `Replay it with ${replayOf(seed, options)}`,
      ].join("\n\n"),
      { cause: error },
    )
    this.seed = seed
    this.trace = trace
    // Where the program failed, for a runner that shows the place: not where the search threw this.
    this.stack = [`${this.name}: ${this.message}`, ...framesOf(error)].join("\n")
  }
}

/**
 * An exhaustive {@link explore.check} ended before it had seen every schedule: that nothing failed proves nothing.
 *
 * @since 0.1.0
 */
export class IncompleteExploration extends Error {
  override readonly name = "IncompleteExploration"

  constructor({ schedules }: Exploration) {
    super(
      `explore: ${schedules} schedules were run, and there are more; make the program smaller, say { shares: "ops" } if goroutines share no plain variables, bound { preemptions: 2 }, or give { schedules } to settle for so many`,
    )
  }
}

/**
 * The program came to other choices than before, though every choice up to there was the same.
 *
 * @since 0.1.0
 */
export class NondeterministicProgram extends Error {
  override readonly name = "NondeterministicProgram"

  /** With the failure, as its `cause`, that did not come again. */
  constructor(failure?: unknown) {
    super(
      "explore: given the same choices the program did something else; it must make everything anew each time, and decide nothing by Math.random, real time, or what an earlier run left behind",
      failure === undefined ? undefined : { cause: failure },
    )
  }
}

/**
 * {@link explore.check} was given a schedule to replay that the program doesn't have, or no longer, and nothing failed: that says nothing about
 * the failure which the schedule was kept for.
 *
 * @since 0.2.0
 */
export class StaleSchedule extends Error {
  override readonly name = "StaleSchedule"
  declare readonly schedule: string

  constructor(schedule: string) {
    super(
      `explore: the program does not come to the choices of schedule ${JSON.stringify(schedule)}; it was changed since that failed, so search anew`,
    )
    this.schedule = schedule
  }
}

/** @since 0.1.0 */
export class InvalidExploreOption extends Panic<{ option: string; given: unknown }> {
  override readonly name = "InvalidExploreOption"

  constructor(option: string, given: unknown, wanted: string) {
    super(`explore: option ${option} is ${describe(given)}; it must be ${wanted}`, { option, given })
  }
}
