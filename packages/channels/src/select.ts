/**
 * Select: commits exactly one of several ops and withdraws from the rest. It is an op itself.
 *
 * Invariants:
 *   1. A waiting select has one waiter enqueued with each of its ops; the first to be committed withdraws all the others before
 *      its own commit returns, so no op ever meets a case whose select is over, and nothing is left behind.
 *   2. Polling goes in random order, and so does enqueueing: of several ready cases each is taken as likely, also of two on one channel.
 */
import { currentProcessor, NotReady, Op, Panic, type Processor, scope, Waiter } from "@weft/core"

/** Named ops. @since 0.1.0 */
export type Cases = Readonly<Record<string, Op<unknown, unknown>>>

/** Which case was taken, and its result: a discriminated union over `case`. @since 0.1.0 */
export type Hit<C extends Cases> = {
  [K in keyof C & string]: { readonly case: K; readonly value: C[K] extends Op<infer A, infer _E> ? A : never }
}[keyof C & string]

/** What a select of these cases can fail with. @since 0.1.0 */
export type ErrorsOf<C extends Cases> = C[keyof C & string] extends infer O ? (O extends Op<infer _A, infer E> ? E : never) : never

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
  return raw === NotReady ? undefined : (raw as Hit<C>)
}

function fair<const C extends Cases>(cases: C): Op<Hit<C>, ErrorsOf<C>> {
  return new Select("select", cases, false) as unknown as Op<Hit<C>, ErrorsOf<C>>
}

function ordered<const C extends Cases>(cases: C): Op<Hit<C>, ErrorsOf<C>> {
  for (const name of Object.keys(cases)) if (/^(0|[1-9]\d*)$/.test(name)) throw new UnorderedCase(name)
  return new Select("select.ordered", cases, true) as unknown as Op<Hit<C>, ErrorsOf<C>>
}

interface AnyHit {
  readonly case: string
  readonly value: unknown
}

class Select extends Op<AnyHit, unknown> {
  declare readonly names: ReadonlyArray<string>
  declare readonly ops: ReadonlyArray<Op<unknown, unknown>>
  declare private readonly isOrdered: boolean
  /** The order of the last poll, in which it is enqueued too. */
  declare order: Array<number>

  constructor(caller: string, cases: Cases, isOrdered: boolean) {
    super()
    const names = Object.keys(cases)
    const ops: Array<Op<unknown, unknown>> = []
    const order: Array<number> = []
    for (let i = 0; i < names.length; i++) {
      const op = cases[names[i]!]
      if (!(op instanceof Op)) throw new InvalidCase(caller, names[i]!, op)
      ops.push(op)
      order.push(i)
    }
    this.names = names
    this.ops = ops
    this.isOrdered = isOrdered
    this.order = order
  }

  get name(): string {
    return this.ops.length === 0 ? "select (no cases)" : "select"
  }
  override get detail(): string {
    return this.ops.map((op, i) => `${this.names[i]!}: ${op.name}${op.detail === undefined ? "" : ` of ${op.detail}`}`).join("; ")
  }

  poll(): unknown {
    const { order, ops } = this
    const last = order.length - 1
    const scheduler = currentProcessor().scheduler
    for (let i = 0; i <= last; i++) {
      if (!this.isOrdered && i < last) {
        const j = i + scheduler.choose(last - i + 1)
        const at = order[j]!
        order[j] = order[i]!
        order[i] = at
      }
      const at = order[i]!
      const raw = ops[at]!.poll()
      if (raw !== NotReady) return { case: this.names[at]!, value: ops[at]!.finish(raw) }
    }
    return NotReady
  }

  enqueue(waiter: Waiter): void {
    waiter.slot = new Parked(this, waiter).enqueue()
  }

  dequeue(waiter: Waiter): void | Op<unknown, unknown> {
    const parked = waiter.slot as Parked
    waiter.slot = undefined
    return parked.withdraw()
  }

  /** A hit from a poll is finished; one from a commit is still its case's waiter. */
  override finish(raw: unknown): AnyHit {
    if (!(raw instanceof Case)) return raw as AnyHit
    return { case: this.names[raw.index]!, value: this.ops[raw.index]!.finish(raw.slot) }
  }
}

/** One wait of a select: its cases' waiters until one is taken. */
class Parked {
  readonly select: Select
  readonly waiter: Waiter
  readonly cases: Array<Case> = []
  isOver = false

  constructor(select: Select, waiter: Waiter) {
    this.select = select
    this.waiter = waiter
  }

  enqueue(): this {
    const { order, ops } = this.select
    for (let i = 0; i < order.length && !this.isOver; i++) {
      const at = order[i]!
      const waiter = new Case(this, at)
      this.cases.push(waiter)
      ops[at]!.enqueue(waiter)
    }
    return this
  }

  commit(taken: Case, raw: unknown): void {
    this.end(taken)
    taken.slot = raw
    this.waiter.slot = undefined
    this.waiter.commit(taken)
  }

  fail(taken: Case, error: unknown): void {
    this.end(taken)
    this.waiter.slot = undefined
    this.waiter.fail(error)
  }

  withdraw(): void | Op<unknown, unknown> {
    const endings = this.end(null)
    if (endings === undefined || endings.length === 1) return endings?.[0]
    return scope(function* () {
      for (const ending of endings) yield* ending as Op<unknown>
    })
  }

  private end(taken: Case | null): Array<Op<unknown, unknown>> | undefined {
    this.isOver = true
    let endings: Array<Op<unknown, unknown>> | undefined
    const { cases, select } = this
    for (let i = 0; i < cases.length; i++) {
      const waiter = cases[i]!
      if (waiter === taken) continue
      const ending = select.ops[waiter.index]!.dequeue(waiter)
      if (ending !== undefined) (endings ??= []).push(ending)
    }
    return endings
  }
}

class Case extends Waiter {
  declare private readonly parked: Parked
  declare readonly index: number

  constructor(parked: Parked, index: number) {
    super()
    this.parked = parked
    this.index = index
  }

  get processor(): Processor {
    return this.parked.waiter.processor
  }
  commit(raw: unknown): void {
    this.parked.commit(this, raw)
  }
  fail(error: unknown): void {
    this.parked.fail(this, error)
  }
}

/**
 * A case of a select that is no op.
 *
 * @since 0.1.0
 */
export class InvalidCase extends Panic<{ case: string; given: unknown }> {
  override readonly name = "InvalidCase"

  constructor(caller: string, name: string, given: unknown) {
    super(`${caller}: case "${name}" is no op; ${adviceFor(given)}`, { case: name, given })
  }
}

function adviceFor(given: unknown): string {
  const candidate = given as { then?: unknown; join?: unknown; receive?: unknown; "~effect/Effect"?: unknown } | null | undefined
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
    super(`select.ordered: case "${name}" would come first, as JavaScript lists integer-like names in ascending order; name it otherwise`, {
      case: name,
    })
  }
}
