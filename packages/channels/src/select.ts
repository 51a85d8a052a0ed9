/**
 * Select: commits exactly one of several ops and withdraws from the rest. It is an op itself.
 *
 * Invariants:
 *   1. A waiting select has one waiter enqueued with each of its ops; the first to be committed withdraws all the others before
 *      whoever waits for the select is committed, so no op ever meets a case whose select is over, and nothing is left behind.
 *   2. Polling goes in random order, and so does enqueueing: of several ready cases each is taken as likely, also of two on one channel.
 */
import { currentProcessor, NotReady, Op, Panic, type Processor, scope, Waiter } from "@weft/core"

/** Named ops. @since 0.1.0 */
export type Cases = Readonly<Record<string, Op<unknown, unknown>>>

/** Which case was taken, and its result: a discriminated union over `case`. @since 0.1.0 */
export type Hit<C extends Cases> = {
  [K in Name<C>]: { readonly case: `${K}`; readonly value: C[K] extends Op<infer A, infer _E> ? A : never }
}[Name<C>]

/** `{ 1: op }` has a number for a key, and "1" for a name. */
type Name<C extends Cases> = keyof C & (string | number)

/** What a select of these cases can fail with. @since 0.1.0 */
export type ErrorsOf<C extends Cases> = C[Name<C>] extends infer O
  ? O extends Op<infer _A, infer E>
    ? E
    : never
  : never

/**
 * Waits until one of several ops can happen, and makes exactly that one happen.
 *
 * Laws
 * - Of several that are ready one is taken at random, each as likely.
 * - The others have taken nothing and wait no more.
 * - With no cases it waits for ever.
 *
 * `select.ordered` takes the first ready one in the order written.
 *
 * @example
 * const hit = yield* select({ message: inbox.receive(), quit: ctx.done, late: sleep("1 second") })
 * if (hit.case === "message") console.log(hit.value)
 *
 * @see Go: the select statement; CML: choose
 * @since 0.1.0
 */
export const select: {
  <const C extends Cases>(cases: C): Op<Hit<C>, ErrorsOf<C>>
  readonly ordered: <const C extends Cases>(cases: C) => Op<Hit<C>, ErrorsOf<C>>
} = /* @__PURE__ */ Object.assign(fair, { ordered })

/**
 * Select with a default: takes a case that is ready now, or answers `undefined` at once.
 *
 * @see Go: select with default
 * @since 0.1.0
 */
export function trySelect<const C extends Cases>(cases: C): Hit<C> | undefined {
  const raw = new Select("trySelect", cases, false).poll()
  return (raw === NotReady ? undefined : raw) as Hit<C> | undefined
}

function fair<const C extends Cases>(cases: C): Op<Hit<C>, ErrorsOf<C>> {
  return new Select("select", cases, false) as unknown as Op<Hit<C>, ErrorsOf<C>>
}

function ordered<const C extends Cases>(cases: C): Op<Hit<C>, ErrorsOf<C>> {
  const made = new Select("select.ordered", cases, true)
  for (const name of Object.keys(cases)) if (/^(0|[1-9]\d*)$/.test(name)) throw new UnorderedCase(name)
  return made as unknown as Op<Hit<C>, ErrorsOf<C>>
}

interface AnyHit {
  readonly case: string
  readonly value: unknown
}

class Select extends Op<AnyHit, unknown> {
  declare private readonly isOrdered: boolean
  /** In the order of the last poll, in which they are enqueued too. */
  declare private readonly cases: Array<Case>
  /** Who waits for this select; null if nobody does. */
  declare private waiter: Waiter | null
  /** The processor of the last wait: its cases count there what they wait for outside. */
  declare processor: Processor | null
  /** A case was committed and holds its raw value until `finish`: the cases aren't free yet. */
  declare private isHolding: boolean

  constructor(caller: string, cases: Cases, isOrdered: boolean) {
    super()
    this.isOrdered = isOrdered
    this.cases = []
    this.waiter = null
    this.processor = null
    this.isHolding = false
    if (typeof cases !== "object" || (cases as unknown) === null || cases instanceof Op)
      throw new InvalidCase(caller, undefined, cases)
    for (const name of Object.keys(cases)) {
      const op = cases[name]
      if (!(op instanceof Op)) throw new InvalidCase(caller, name, op)
      this.cases.push(new Case(this, name, op))
    }
  }

  get name(): string {
    return this.cases.length === 0 ? "select (no cases)" : "select"
  }
  override get detail(): string {
    const parts = this.cases.map(
      ({ name, op }) => `${name}: ${op.name}${op.detail === undefined ? "" : ` of ${op.detail}`}`,
    )
    return parts.sort().join("; ")
  }

  poll(): unknown {
    const { cases } = this
    const last = cases.length - 1
    for (let i = 0; i <= last; i++) {
      if (i < last && !this.isOrdered) this.drawCase(i, last)
      const polled = cases[i]!
      const raw = polled.op.poll()
      if (raw !== NotReady) return { case: polled.name, value: polled.op.finish(raw) }
    }
    return NotReady
  }

  enqueue(waiter: Waiter): void {
    // Somebody waits for this very select already: the other wait has cases of its own.
    if (this.waiter !== null || this.isHolding) return this.again().enqueue(waiter)
    this.waiter = waiter
    this.processor = waiter.processor
    waiter.slot = this
    const { cases } = this
    for (let i = 0; i < cases.length; i++) {
      const waiting = cases[i]!
      waiting.isEnqueued = true
      waiting.op.enqueue(waiting)
      // An op may commit at once.
      if (this.isTaken()) return
    }
  }

  dequeue(waiter: Waiter): void | Op<unknown, unknown> {
    const waiting = waiter.slot as Select
    waiter.slot = undefined
    waiting.waiter = null
    return waiting.withdraw()
  }

  /** A hit from a poll is finished; one from a commit is still its case. */
  override finish(raw: unknown): AnyHit {
    if (!(raw instanceof Case)) return raw as AnyHit
    return raw.finish()
  }

  /** Called by the case that was committed or failed: all the others withdraw before the waiter hears of it. */
  take(isHolding: boolean): Waiter {
    const waiter = this.waiter!
    this.waiter = null
    this.isHolding = isHolding
    waiter.slot = undefined
    void this.withdraw()
    return waiter
  }

  release(): void {
    this.isHolding = false
  }

  private isTaken(): boolean {
    return this.waiter === null
  }

  private withdraw(): void | Op<unknown, unknown> {
    let endings: Array<Op<unknown, unknown>> | undefined
    const { cases } = this
    for (let i = 0; i < cases.length; i++) {
      const losing = cases[i]!
      if (!losing.isEnqueued) continue
      losing.isEnqueued = false
      const ending = losing.op.dequeue(losing)
      if (ending !== undefined) (endings ??= []).push(ending)
    }
    return endings === undefined ? undefined : allOf(endings)
  }

  /** A Fisher-Yates step: each of the cases not yet polled is as likely to be the next. */
  private drawCase(i: number, last: number): void {
    const j = i + currentProcessor().scheduler.choose(last - i + 1)
    if (j === i) return
    const { cases } = this
    const drawn = cases[j]!
    cases[j] = cases[i]!
    cases[i] = drawn
  }

  private again(): Select {
    return new Select("select", Object.fromEntries(this.cases.map(({ name, op }) => [name, op])), this.isOrdered)
  }
}

function allOf(endings: ReadonlyArray<Op<unknown, unknown>>): Op<unknown, unknown> {
  if (endings.length === 1) return endings[0]!
  return scope(function* () {
    for (const ending of endings) yield* ending as Op<unknown>
  })
}

/** A case, and its waiter: the one that its op has enqueued while the select waits. */
class Case extends Waiter {
  declare private readonly select: Select
  declare readonly name: string
  declare readonly op: Op<unknown, unknown>
  declare isEnqueued: boolean

  constructor(select: Select, name: string, op: Op<unknown, unknown>) {
    super()
    this.select = select
    this.name = name
    this.op = op
    this.isEnqueued = false
  }

  get processor(): Processor {
    return this.select.processor!
  }
  commit(raw: unknown): void {
    // Withdrawn by another case of its select, which the same close or cancel committed before.
    if (!this.isEnqueued) return
    this.isEnqueued = false
    const waiter = this.select.take(true)
    this.slot = raw
    waiter.commit(this)
  }
  fail(error: unknown): void {
    if (!this.isEnqueued) return
    this.isEnqueued = false
    this.select.take(false).fail(error)
  }

  /** The hit of the committed case, once whoever waited runs. */
  finish(): AnyHit {
    const raw = this.slot
    this.slot = undefined
    this.select.release()
    return { case: this.name, value: this.op.finish(raw) }
  }
}

/**
 * A case of a select that is no op, or no cases at all.
 *
 * @since 0.1.0
 */
export class InvalidCase extends Panic<{ case: string | undefined; given: unknown }> {
  override readonly name = "InvalidCase"

  constructor(caller: string, name: string | undefined, given: unknown) {
    const what = name === undefined ? "what it was given is no object of cases" : `case "${name}" is no op`
    super(`${caller}: ${what}; ${name === undefined ? "write select({ name: op, ... })" : adviceFor(given)}`, {
      case: name,
      given,
    })
  }
}

function adviceFor(given: unknown): string {
  const candidate = given as
    { then?: unknown; join?: unknown; receive?: unknown; "~effect/Effect"?: unknown } | null | undefined
  if (typeof candidate?.then === "function") return "for a promise write Op.fromPromise((signal) => ...)"
  if (typeof candidate?.join === "function") return "for a goroutine write goroutine.join()"
  if (typeof candidate?.receive === "function") return "for a channel write ch.receive() or ch.send(value)"
  if (candidate?.["~effect/Effect"] !== undefined) return "for an Effect write Op.fromEffect(effect)"
  return "give an op, such as ch.receive(), mutex.lock() or sleep(50)"
}

/**
 * `select.ordered` with a case whose place JavaScript would change.
 *
 * @since 0.1.0
 */
export class UnorderedCase extends Panic<{ case: string }> {
  override readonly name = "UnorderedCase"

  constructor(name: string) {
    super(
      `select.ordered: case "${name}" would come first, as JavaScript lists integer-like names in ascending order; name it otherwise`,
      {
        case: name,
      },
    )
  }
}
