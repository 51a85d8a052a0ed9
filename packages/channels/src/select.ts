/**
 * Select: commits exactly one of several ops and withdraws from the rest. It is an op itself.
 *
 * Invariants, beside those of its wait (select-wait.ts):
 *   1. The array of ops belongs to the select, or is lent to one wait.
 *   2. Polling goes in random order, and so does enqueueing: of several ready cases each is taken as likely, also of two on one channel.
 */
import {
  accessed,
  currentProcessor,
  isExploring,
  NotReady,
  Op,
  type OpIterator,
  Panic,
  Phase,
  type Scheduler,
  type Waiter,
} from "@weft/core"
import { Case, Wait } from "./select-wait.ts"

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
 * - It reads the record again for the name of the case it took: leave that as it is (Errors: {@link CasesChanged}).
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
  const ops = opsOf("trySelect", cases)
  if (isExploring()) for (const op of ops) accessed(op.on)
  const hit = pollInTurn(cases, ops, currentProcessor().scheduler)
  return (hit === NotReady ? undefined : hit) as Hit<C> | undefined
}

function fair<const C extends Cases>(cases: C): Op<Hit<C>, ErrorsOf<C>> {
  return new Select(cases, opsOf("select", cases), false) as unknown as Op<Hit<C>, ErrorsOf<C>>
}

function ordered<const C extends Cases>(cases: C): Op<Hit<C>, ErrorsOf<C>> {
  const made = new Select(cases, opsOf("select.ordered", cases), true)
  for (const name of Object.keys(cases)) if (/^(0|[1-9]\d*)$/.test(name)) throw new UnorderedCase(name)
  return made as unknown as Op<Hit<C>, ErrorsOf<C>>
}

interface AnyHit {
  readonly case: string
  readonly value: unknown
}

/**
 * The ops of the cases, in an array of the select's own.
 *
 * By for-in over the array that the keys came in: `Object.values` beside `Object.keys` is a second array, and a load by a name that varies
 * is slow but where for-in gives the name.
 */
function opsOf(caller: string, cases: Cases): Array<Op<unknown, unknown>> {
  if (typeof cases !== "object" || (cases as unknown) === null || cases instanceof Op)
    throw new InvalidCase(caller, undefined, cases)
  const ops = Object.keys(cases) as Array<unknown>
  const { length } = ops
  let n = 0
  for (const name in cases) {
    const op: unknown = cases[name]
    if (op instanceof Op) ops[n++] = op
    else if (Object.hasOwn(cases, name)) throw new InvalidCase(caller, name, op)
  }
  // More than there are keys: some are inherited.
  return (n === length ? ops : Object.values(cases)) as Array<Op<unknown, unknown>>
}

/** Polls in random order, and leaves `ops` in that order; in the order given where there is nobody to choose. */
function pollInTurn(
  cases: Cases,
  ops: Array<Op<unknown, unknown>>,
  scheduler: Scheduler | null,
): AnyHit | typeof NotReady {
  const last = ops.length - 1
  for (let i = 0; i <= last; i++) {
    // A Fisher-Yates step: each of the cases not yet polled is as likely to be the next.
    if (scheduler !== null && i < last) {
      const j = i + scheduler.choose(last - i + 1)
      const chosen = ops[j]!
      ops[j] = ops[i]!
      ops[i] = chosen
    }
    const op = ops[i]!
    const raw = op.poll()
    if (raw !== NotReady) return { case: nameOf(cases, op), value: op.finish(raw) }
  }
  return NotReady
}

/** An op that stands in two cases goes by the first of its names. Looked up for a hit alone: names cost more than a poll that misses. */
function nameOf(cases: Cases, op: Op<unknown, unknown>): string {
  for (const name in cases) if (cases[name] === op) return name
  throw new CasesChanged(Object.keys(cases))
}

class Select extends Op<AnyHit, unknown> {
  declare private readonly cases: Cases
  /** In the order of the last poll, in which they are enqueued too. Null while they are lent to a wait. */
  declare ops: Array<Op<unknown, unknown>> | null
  declare private readonly isOrdered: boolean

  constructor(cases: Cases, ops: Array<Op<unknown, unknown>>, isOrdered: boolean) {
    super()
    this.cases = cases
    this.ops = ops
    this.isOrdered = isOrdered
  }

  get name(): string {
    return this.all.length === 0 ? "select (no cases)" : "select"
  }
  override get detail(): string | undefined {
    const parts = Object.entries(this.cases).map(
      ([name, op]) => `${name}: ${op.name}${op.detail === undefined ? "" : ` of ${op.detail}`}`,
    )
    return parts.length === 0 ? undefined : parts.sort().join("; ")
  }

  override get startsWork(): boolean {
    return this.all.some((op) => op.startsWork)
  }

  override get on(): object | undefined {
    const all: Array<object> = []
    for (const { on } of this.all) {
      if (on === undefined) return undefined
      all.push(on)
    }
    return all.flat()
  }

  override get wakers(): ReadonlyArray<number> | undefined {
    const all: Array<number> = []
    for (const { wakers } of this.all) {
      if (wakers === undefined) return undefined
      all.push(...wakers)
    }
    return all
  }

  private get all(): Array<Op<unknown, unknown>> {
    return (this.ops ??= Object.values(this.cases))
  }

  // Written out, as in send.ts.
  override [Symbol.iterator](): OpIterator<AnyHit, unknown> {
    const processor = currentProcessor()
    if (this.phase !== Phase.Idle || processor.current === null) return super[Symbol.iterator]()
    if (--processor.ticks < 0 && processor.putOff(this)) return this.yieldSelf()
    const hit = pollInTurn(this.cases, this.ops ?? this.all, this.isOrdered ? null : processor.scheduler)
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
    return pollInTurn(this.cases, this.all, this.isOrdered ? null : currentProcessor().scheduler)
  }

  enqueue(waiter: Waiter): void {
    const { all } = this
    this.ops = null
    const wait = Wait.of(all, waiter)
    waiter.slot = wait
    wait.enqueue(this.cases)
  }

  dequeue(waiter: Waiter): void | Op<unknown, unknown> {
    const wait = waiter.slot as Wait
    waiter.slot = undefined
    return wait.withdraw()
  }

  /** A hit from a poll is finished; one from a commit is still its case. */
  override finish(raw: unknown): AnyHit {
    if (!(raw instanceof Case)) return raw as AnyHit
    const { slot, wait } = raw
    const { ops } = wait
    const op = ops[raw.index]!
    this.ops = ops
    wait.giveBack(raw)
    return { case: nameOf(this.cases, op), value: op.finish(slot) }
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
    | { notACase?: unknown; then?: unknown; join?: unknown; receive?: unknown; "~effect/Effect"?: unknown }
    | null
    | undefined
  // What knows better why not: a Cond's wait.
  if (typeof candidate?.notACase === "string") return candidate.notACase
  if (typeof candidate?.then === "function") return "for a promise write Op.fromPromise((signal) => ...)"
  if (typeof candidate?.join === "function") return "for a goroutine write goroutine.join()"
  if (typeof candidate?.receive === "function") return "for a channel write ch.receive() or ch.send(value)"
  if (candidate?.["~effect/Effect"] !== undefined) return "for an Effect write Op.fromEffect(effect)"
  return "give an op, such as ch.receive(), mutex.lock() or sleep(50)"
}

/**
 * A select took an op that its record no longer has: somebody changed the record after the call.
 *
 * @since 0.1.0
 */
export class CasesChanged extends Panic<{ cases: ReadonlyArray<string> }> {
  override readonly name = "CasesChanged"

  constructor(cases: ReadonlyArray<string>) {
    super(
      `select: the op it took is none of its cases any more (${cases.join(", ")}); make a new select where the cases change`,
      { cases },
    )
  }
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
