/**
 * ErrorGroup: goroutines that work on parts of one task, and the first error of any of them.
 *
 * Every member is joined from its start, so what it throws is the group's and no panic. Past the limit a member is started all the same, as a
 * goroutine that waits to be admitted: it belongs to the run of whoever called `go`, is cancelled with it, and stands in reports.
 *
 * One file because a member's start, admission and end read and write the same few words.
 *
 * Invariants, whenever no method of this file is running:
 *   1. running + queue.size is the number of members that have not ended.
 *   2. queue not empty implies running >= limit.
 *   3. waiters not empty implies that there is a member.
 *   4. Once failure is set, the context has ended, with it as its cause unless its parent ended before.
 */
import {
  accessed,
  type Body,
  type Cancel,
  context,
  type Context,
  type ErrorOf,
  generatorOf,
  go,
  type Goroutine,
  made,
  NotReady,
  Op,
  Panic,
  type Processor,
  Waiter,
  WaitList,
  type Yieldable,
} from "@weft/core"
import { InvalidAmount } from "./invalid-amount.ts"
import { shown } from "./shown.ts"

/**
 * Starts goroutines, waits for all of them, and passes on the first error.
 *
 * Laws
 * - The first error counts, thrown or failed with (Effect's `E`); later ones are dropped. Nobody is cancelled but by the group's `context`:
 *   that ends with the first error as its cause, and when `wait` returns. (`scope` cancels the others itself.)
 * - `wait` is ready while no member is running or queued, and fails if there has been an error.
 * - With a limit, members past it wait their turn in the order of the calls; `tryGo` does not overtake them.
 * - A member that was interrupted, or ended itself by `goexit`, has no error.
 * - A throw is no panic here, as the group joins from the start; in Go a panic ends the program. An error that nobody waits for is lost, as in
 *   Go.
 *
 * Members may fail with what the group's type names: `new ErrorGroup<HttpError>()`.
 *
 * Errors: {@link ErrorGroupActive}; `InvalidBody`, and then no member is started.
 *
 * @example
 * const group = new ErrorGroup()
 * group.setLimit(8)
 * for (const url of urls) {
 *   yield* group.go(function* () {
 *     yield* Op.fromPromise(() => fetch(url, { signal: group.context.signal }))
 *   })
 * }
 * yield* group.wait()
 *
 * @see Go: golang.org/x/sync/errgroup
 * @since 0.1.0
 */
export class ErrorGroup<E = never> {
  /** @internal */
  protected static readonly shown = /* @__PURE__ */ shown("ErrorGroup", this, (group) => statusOf(group.#state)) as true

  readonly #state: State

  /** Its context is a child of `parent`. */
  constructor(parent: Context = context.background) {
    this.#state = new State(parent)
  }

  /** Ends with the first error as its cause, and when `wait` returns. */
  get context(): Context {
    return this.#state.context
  }

  /**
   * Starts `body(...args)` as a goroutine, at once if there is room, else when there is: the call does it, committed or not. What it gives is
   * ready when the goroutine was admitted, so `yield* group.go(body)` waits for room as Go does.
   */
  go<A, Y extends Yieldable, Args extends ReadonlyArray<unknown>>(
    body: Body<A, Y, Args> & ([ErrorOf<Y>] extends [E] ? unknown : never),
    ...args: Args
  ): Op<void> {
    const state = this.#state
    accessed(state)
    return new Admitted(state, state.start("ErrorGroup.go", body, args))
  }

  /** Starts `body(...args)` if there is room, and says whether it did. */
  tryGo<A, Y extends Yieldable, Args extends ReadonlyArray<unknown>>(
    body: Body<A, Y, Args> & ([ErrorOf<Y>] extends [E] ? unknown : never),
    ...args: Args
  ): boolean {
    const state = this.#state
    accessed(state)
    if (!state.hasRoom) return false
    state.start("ErrorGroup.tryGo", body, args)
    return true
  }

  /** At most `limit` members run at once from here on; 0 admits none, a negative one is no limit. Not while any is running, but to lift it. */
  setLimit(limit: number): void {
    accessed(this.#state)
    this.#state.setLimit(limit)
  }

  /** Ready while no member is left; fails with the first error. Ends the context. */
  wait(): Op<void, E> {
    return new Wait(this.#state)
  }
}

class State {
  readonly context: Context
  readonly #cancel: Cancel
  running = 0
  readonly queue: Set<Member> = new Set()
  readonly waiters: WaitList = new WaitList()
  failure: { readonly error: unknown } | undefined = undefined
  #limit = Infinity

  constructor(parent: Context) {
    const [ctx, cancel] = context.withCancel(parent)
    this.context = ctx
    this.#cancel = cancel
    made(this)
  }

  get isEmpty(): boolean {
    return this.running === 0 && this.queue.size === 0
  }

  get hasRoom(): boolean {
    return this.running < this.#limit
  }

  start(caller: string, body: unknown, args: ReadonlyArray<unknown>): Member {
    const generator = generatorOf(caller, body, args) as Generator<Yieldable, unknown, never>
    const { name } = body as { readonly name?: string }
    const member = new Member(this)
    if (this.hasRoom) {
      this.#admit(member)
      member.joins(go.named(name ?? "", () => generator))
    } else {
      this.queue.add(member)
      member.joins(go.named(name ?? "", whenAdmitted, this, member, generator))
    }
    return member
  }

  setLimit(limit: number): void {
    if (limit < 0) this.#limit = Infinity
    else if (this.running > 0) throw new ErrorGroupActive(this.running)
    else this.#limit = checkedLimit(limit)
    this.#admitQueued()
  }

  /** A member has ended. Its error is known before its place is given to another, and the context's end before that. */
  ended(member: Member): void {
    accessed(this)
    try {
      if (member.failure !== undefined && this.failure === undefined) {
        this.failure = member.failure
        this.#cancel(member.failure.error)
      }
    } finally {
      if (member.isAdmitted) this.running--
      else {
        this.queue.delete(member)
        // Nobody will admit it: whoever waits for that need not.
        member.admit()
      }
      this.#admitQueued()
      if (this.isEmpty && !this.waiters.isEmpty) this.#release()
    }
  }

  /** The group's result, as a wait sees it. */
  finish(): void {
    this.#cancel(this.failure?.error)
    if (this.failure !== undefined) throw this.failure.error
  }

  #release(): void {
    try {
      this.#cancel(this.failure?.error)
    } finally {
      // Unless somebody who heard of the context's end has started another.
      if (this.isEmpty) this.#settle()
    }
  }

  #settle(): void {
    const { failure, waiters } = this
    if (failure === undefined) waiters.commitAll(undefined)
    else waiters.failAll(() => failure.error)
  }

  #admitQueued(): void {
    for (const member of this.queue) {
      if (!this.hasRoom) return
      this.queue.delete(member)
      this.#admit(member)
    }
  }

  #admit(member: Member): void {
    this.running++
    member.admit()
  }
}

/** One goroutine of the group, and who waits for its admission. It is the goroutine's joiner. */
class Member extends Waiter {
  readonly admission: WaitList = new WaitList()
  isAdmitted = false
  failure: { readonly error: unknown } | undefined = undefined
  readonly #state: State
  #goroutine: Goroutine | undefined = undefined

  constructor(state: State) {
    super()
    this.#state = state
  }

  get processor(): Processor {
    return this.#goroutine!.processor
  }

  joins(goroutine: Goroutine): void {
    this.#goroutine = goroutine
    goroutine.join().enqueue(this)
    goroutine.onExit(() => this.#state.ended(this))
  }

  admit(): void {
    this.isAdmitted = true
    this.admission.commitAll(undefined)
  }

  commit(): void {}

  fail(error: unknown): void {
    if (!this.#goroutine!.wasInterrupted) this.failure = { error }
  }
}

function* whenAdmitted(
  state: State,
  member: Member,
  generator: Generator<Yieldable, unknown, never>,
): Generator<Yieldable, unknown, never> {
  yield* new Admitted(state, member)
  return yield* generator
}

class Admitted extends Op<void> {
  declare private readonly state: State
  declare private readonly member: Member

  constructor(state: State, member: Member) {
    super()
    this.state = state
    this.member = member
  }

  get name(): string {
    return "sync.ErrorGroup.Go"
  }
  override get detail(): string {
    return detailOf(this.state)
  }
  override get on(): object {
    return this.state
  }
  poll(): unknown {
    return this.member.isAdmitted ? undefined : NotReady
  }
  enqueue(waiter: Waiter): void {
    this.member.admission.push(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.member.admission.remove(waiter)
  }
}

class Wait extends Op<void> {
  declare private readonly state: State

  constructor(state: State) {
    super()
    this.state = state
  }

  get name(): string {
    return "sync.ErrorGroup.Wait"
  }
  override get detail(): string {
    return detailOf(this.state)
  }
  override get on(): object {
    return this.state
  }
  poll(): unknown {
    return this.state.isEmpty ? this.state.finish() : NotReady
  }
  enqueue(waiter: Waiter): void {
    this.state.waiters.push(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.state.waiters.remove(waiter)
  }
}

function checkedLimit(limit: number): number {
  if (Number.isInteger(limit)) return limit
  throw new InvalidAmount("errgroup: limit is no whole number", limit, "a whole number, or a negative one for no limit")
}

const detailOf = (state: State): string => `an ErrorGroup (${statusOf(state)})`
const statusOf = ({ queue, running }: State): string => `${running} running, ${queue.size} queued`

/**
 * The limit of an ErrorGroup was changed while members were running: a bug in the caller, so it panics.
 *
 * @see Go: "errgroup: modify limit while N goroutines in the group are still active"
 * @since 0.1.0
 */
export class ErrorGroupActive extends Panic<{ active: number }> {
  override readonly name = "ErrorGroupActive"

  constructor(active: number) {
    super(
      `errgroup: modify limit while ${active} goroutines in the group are still active; set it before the first \`go\`, or after \`wait\``,
      { active },
    )
  }
}
