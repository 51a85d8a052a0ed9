/**
 * Select: commits exactly one of several ops and withdraws from the rest. It is an op itself.
 *
 * Invariants:
 *   1. A waiting select has one waiter enqueued with each of its ops; the first to be committed withdraws the others, so
 *      nothing is left behind; a case that another op still has when its select is over ignores what it is given.
 *   2. Polling goes in random order, and so does enqueueing: of several ready cases each is taken as likely, also of two on one channel.
 */
import {
  currentProcessor,
  NotReady,
  Op,
  type OpIterator,
  Panic,
  Phase,
  type Processor,
  scope,
  Waiter,
} from "@weft/core"

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
  // In the order of the last poll, in which they are enqueued too.
  declare readonly names: Array<string>
  declare readonly ops: Array<Op<unknown, unknown>>
  declare private readonly isOrdered: boolean

  constructor(caller: string, cases: Cases, isOrdered: boolean) {
    super()
    if (typeof cases !== "object" || (cases as unknown) === null || cases instanceof Op)
      throw new InvalidCase(caller, undefined, cases)
    const names = Object.keys(cases)
    // Not `cases[name]`: a load by a name that varies costs more than the rest of this.
    const ops = Object.values(cases)
    for (let i = 0; i < ops.length; i++) {
      if (!(ops[i] instanceof Op)) throw new InvalidCase(caller, names[i], ops[i])
    }
    this.names = names
    this.ops = ops
    this.isOrdered = isOrdered
  }

  get name(): string {
    return this.ops.length === 0 ? "select (no cases)" : "select"
  }
  override get detail(): string | undefined {
    if (this.ops.length === 0) return undefined
    const parts = this.ops.map(
      (op, i) => `${this.names[i]!}: ${op.name}${op.detail === undefined ? "" : ` of ${op.detail}`}`,
    )
    return parts.sort().join("; ")
  }

  override get startsWork(): boolean {
    return this.ops.some((op) => op.startsWork)
  }

  override get on(): object | undefined {
    const all: Array<object> = []
    for (const { on } of this.ops) {
      if (on === undefined) return undefined
      all.push(on)
    }
    return all.flat()
  }

  // Written out, as in send.ts.
  override [Symbol.iterator](): OpIterator<AnyHit, unknown> {
    const processor = currentProcessor()
    if (this.phase !== Phase.Idle || processor.current === null || --processor.ticks < 0)
      return super[Symbol.iterator]()
    const hit = this.poll()
    if (hit === NotReady) {
      this.phase = Phase.Polled
      this.done = false
      this.value = this
      processor.yielded = this
    } else {
      this.done = true
      this.value = hit
    }
    return this
  }

  override next(raw?: unknown): IteratorResult<Op<AnyHit, unknown>, AnyHit> {
    if (this.phase === Phase.Yielded) {
      this.phase = Phase.Idle
      this.done = true
      this.value = this.finish(raw)
    } else if (this.phase === Phase.Polled) this.phase = Phase.Yielded
    return this as unknown as IteratorResult<Op<AnyHit, unknown>, AnyHit>
  }

  poll(): unknown {
    const { names, ops } = this
    const last = ops.length - 1
    const scheduler = this.isOrdered ? undefined : currentProcessor().scheduler
    for (let i = 0; i <= last; i++) {
      // A Fisher-Yates step: each of the cases not yet polled is as likely to be the next.
      if (scheduler !== undefined && i < last) swap(names, ops, i, i + scheduler.choose(last - i + 1))
      const op = ops[i]!
      const raw = op.poll()
      if (raw !== NotReady) return { case: names[i]!, value: op.finish(raw) }
    }
    return NotReady
  }

  enqueue(waiter: Waiter): void {
    const parked = new Parked(this.names, this.ops, waiter)
    waiter.slot = parked
    parked.enqueue()
  }

  dequeue(waiter: Waiter): void | Op<unknown, unknown> {
    const parked = waiter.slot as Parked
    waiter.slot = undefined
    return parked.withdraw()
  }

  /** A hit from a poll is finished; one from a commit is still its case. */
  override finish(raw: unknown): AnyHit {
    return raw instanceof Case ? { case: raw.name, value: raw.op.finish(raw.slot) } : (raw as AnyHit)
  }
}

function swap(names: Array<string>, ops: Array<Op<unknown, unknown>>, i: number, j: number): void {
  if (i === j) return
  const name = names[i]!
  const op = ops[i]!
  names[i] = names[j]!
  ops[i] = ops[j]!
  names[j] = name
  ops[j] = op
}

/**
 * One wait of a select: its cases, until one is taken.
 *
 * Cases whose `enqueue` runs code of the user's stand last. They are enqueued when all the others are, so that nothing that code does is
 * missed, and withdrawn when the waiter has been committed, so that nothing it does can take the commit back.
 */
class Parked {
  declare readonly waiter: Waiter
  declare private readonly cases: Array<Case>
  declare private readonly passive: number
  declare private enqueued: number
  declare isOver: boolean

  constructor(names: ReadonlyArray<string>, ops: ReadonlyArray<Op<unknown, unknown>>, waiter: Waiter) {
    const cases = new Array<Case>(ops.length)
    let passive = 0
    let last = ops.length
    for (let i = 0; i < ops.length; i++) {
      const waiting = new Case(this, names[i]!, ops[i]!)
      if (waiting.op.startsWork) cases[--last] = waiting
      else cases[passive++] = waiting
    }
    this.waiter = waiter
    this.cases = cases
    this.passive = passive
    this.enqueued = 0
    this.isOver = false
  }

  enqueue(): void {
    const { cases } = this
    try {
      // An op may commit at once.
      while (this.enqueued < cases.length && !this.isOver) {
        const waiting = cases[this.enqueued++]!
        waiting.op.enqueue(waiting)
      }
    } catch (error) {
      // Not the one that threw: it is not enqueued.
      void this.withdraw(cases[this.enqueued - 1])
      throw error
    }
  }

  commit(taken: Case, raw: unknown): void {
    const { waiter } = this
    this.isOver = true
    void this.dequeue(0, this.passive, taken)
    taken.slot = raw
    waiter.slot = undefined
    waiter.commit(taken)
    void this.dequeue(this.passive, this.enqueued, taken)
  }

  fail(taken: Case, error: unknown): void {
    const { waiter } = this
    this.isOver = true
    void this.dequeue(0, this.passive, taken)
    waiter.slot = undefined
    waiter.fail(error)
    void this.dequeue(this.passive, this.enqueued, taken)
  }

  withdraw(but?: Case): void | Op<unknown, unknown> {
    if (this.isOver) return undefined
    this.isOver = true
    const endings = this.dequeue(0, this.cases.length, but)
    return endings === undefined ? undefined : allOf(endings)
  }

  private dequeue(from: number, to: number, but: Case | undefined): Array<Op<unknown, unknown>> | undefined {
    const { cases } = this
    const end = Math.min(to, this.enqueued)
    let endings: Array<Op<unknown, unknown>> | undefined
    for (let i = from; i < end; i++) {
      const losing = cases[i]!
      if (losing === but) continue
      const ending = losing.op.dequeue(losing)
      if (ending !== undefined) (endings ??= []).push(ending)
    }
    return endings
  }
}

function allOf(endings: ReadonlyArray<Op<unknown, unknown>>): Op<unknown, unknown> {
  if (endings.length === 1) return endings[0]!
  return scope(function* () {
    for (const ending of endings) yield* ending as Op<unknown>
  })
}

/** A case that waits: the waiter that its op has enqueued. */
class Case extends Waiter {
  declare private readonly parked: Parked
  declare readonly name: string
  declare readonly op: Op<unknown, unknown>

  constructor(parked: Parked, name: string, op: Op<unknown, unknown>) {
    super()
    this.parked = parked
    this.name = name
    this.op = op
  }

  get processor(): Processor {
    return this.parked.waiter.processor
  }
  commit(raw: unknown): void {
    // Withdrawn by another case of its select, which the same close or cancel committed before.
    if (!this.parked.isOver) this.parked.commit(this, raw)
  }
  fail(error: unknown): void {
    if (!this.parked.isOver) this.parked.fail(this, error)
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
