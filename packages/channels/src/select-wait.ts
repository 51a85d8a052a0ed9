/**
 * SelectWait: one wait of a select, from its first case enqueued to the one that is taken.
 *
 * Invariants:
 *   1. A waiting select has one waiter enqueued with each of its ops; the first to be committed withdraws the others, so nothing is left behind;
 *      a case that another op still has when its select is over ignores what it is given.
 *   2. The array of ops is lent to the wait: nobody changes its order while cases are enqueued.
 *   3. At most one case may happen by what another thread does (`Waiter.happensElsewhere`). Whoever is about to commit another one takes it back
 *      first; if it has happened by then, that is what the select has committed, and the other one is refused.
 */
import { type Elsewhere, NotReady, type Op, type Processor, scope, Waiter } from "@weft/core"
import { SeveralOffers } from "./shared/several-offers.ts"

/**
 * Waits that goroutines have done with, by their number of cases: making them anew is a third of what a select over 8 costs
 * (bench/select-8). They hold nothing.
 */
const done: Array<Array<Wait> | undefined> = []
const mostCasesKept = 64
const mostWaitsKept = 16
const noOps: Array<Op<unknown, unknown>> = []

/**
 * One wait of a select: its cases, until one is taken.
 *
 * Cases whose `enqueue` runs code of the user's stand last. They are enqueued when all the others are, so that nothing that code does is
 * missed, and withdrawn when the waiter has been committed, so that nothing it does can take the commit back.
 */
export class Wait {
  declare waiter: Waiter | null
  declare isOver: boolean
  declare ops: Array<Op<unknown, unknown>>
  declare private readonly cases: Array<Case>
  declare private passive: number
  declare private enqueued: number
  declare private isReusable: boolean
  /** Of the outermost select of those nested. */
  declare offered: { readonly case: Case; readonly offer: Elsewhere } | null

  static of(ops: Array<Op<unknown, unknown>>, waiter: Waiter): Wait {
    const n = ops.length
    const kept = n <= mostCasesKept ? done[n]?.pop() : undefined
    const wait = kept?.isFree === true ? kept : new Wait(n)
    wait.waiter = waiter
    wait.isOver = false
    wait.ops = ops
    wait.passive = n
    wait.enqueued = 0
    wait.offered = null
    // A fiber runs on inside its commit: a loop that commits many may still come to another case of the wait that is over.
    wait.isReusable = waiter === waiter.processor.current
    return wait
  }

  private constructor(n: number) {
    this.waiter = null
    this.isOver = true
    this.ops = noOps
    this.cases = new Array<Case>(n)
    for (let i = 0; i < n; i++) this.cases[i] = new Case(this, i)
    this.passive = 0
    this.enqueued = 0
    this.isReusable = false
    this.offered = null
  }

  /**
   * Whether its cases stand in no list. An op of somebody's that leaves a waiter in its list when it is withdrawn breaks the law for its own select; used
   * again, that waiter would link its list to another one, and other selects would be given what is not theirs.
   */
  private get isFree(): boolean {
    const { cases } = this
    for (let i = 0; i < cases.length; i++) {
      const { next, prev } = cases[i]!
      if (next !== null || prev !== null) return false
    }
    return true
  }

  giveBack(taken: Case): void {
    if (!this.isReusable) return
    this.isReusable = false
    this.waiter = null
    this.offered = null
    this.ops = noOps
    taken.slot = undefined
    const { cases } = this
    const n = cases.length
    if (n > mostCasesKept) return
    for (let i = 0; i < n; i++) cases[i]!.isForgotten = false
    const kept = (done[n] ??= [])
    if (kept.length < mostWaitsKept) kept.push(this)
  }

  /** Over, or a case of a select that is. */
  get isDecided(): boolean {
    return this.isOver || (this.waiter instanceof Case && this.waiter.wait.isDecided)
  }

  get root(): Wait {
    return this.waiter instanceof Case ? this.waiter.wait.root : this
  }

  /** Whether another case than this one has happened, on another thread: then it is committed. Otherwise it can't any more. */
  hasHappened(but: Case): boolean {
    const { offered } = this
    if (offered === null) return false
    const { offer } = offered
    if (offer.comesLater === true ? offer.settles!(but) : offered.case === but) this.offered = null
    else if (!offer.takeBack()) {
      if (offer.comesLater === true) {
        // Its op forgets it, and the select waits on for what is on its way.
        but.isForgotten = true
        return true
      }
      this.offered = null
      offered.case.wait.commit(offered.case, undefined)
      return true
    }
    return false
  }

  /** `names` are those of its select's cases, for errors. */
  enqueue(names: Readonly<Record<string, Op<unknown, unknown>>>): void {
    const { cases, ops } = this
    const n = ops.length
    let active = 0
    for (let i = 0; i < n; i++) if (ops[i]!.startsWork) active++
    if (active > 0) {
      this.passive = n - active
      this.ops.sort((a, b) => Number(a.startsWork) - Number(b.startsWork))
    }
    let trying: Case | undefined
    try {
      // An op may commit at once.
      while (this.enqueued < n && !this.isOver) {
        const i = this.enqueued
        const op = ops[i]!
        const isActive = i > this.passive
        if (isActive && this.root.hasHappened(cases[i]!)) return
        this.enqueued++
        trying = cases[i]
        // One that itself waits for several: the code of those before it may have made one of them ready.
        const raw = isActive ? op.poll() : NotReady
        if (raw !== NotReady) return this.commit(cases[i]!, raw)
        op.enqueue(cases[i]!)
        trying = undefined
        if (isActive && !this.isDecided) this.root.offered?.offer.offerAgain()
      }
    } catch (error) {
      // Before the withdrawal, which may end what was offered.
      const explained = error instanceof SeveralOffers ? this.named(error, trying!, names) : error
      // Not the one that threw: it is not enqueued.
      void this.withdraw(trying)
      throw explained
    }
  }

  /** The same error with the names of both cases, unless a select in one of them has said those of its own. */
  private named(
    error: SeveralOffers,
    second: Case,
    names: Readonly<Record<string, Op<unknown, unknown>>>,
  ): SeveralOffers {
    let first = this.root.offered?.case
    while (first !== undefined && first.wait !== this)
      first = first.wait.waiter instanceof Case ? first.wait.waiter : undefined
    if (first === undefined || first === second) return error
    const both = [this.ops[first.index], this.ops[second.index]]
    return new SeveralOffers(
      error.fields.channel,
      Object.keys(names).filter((name) => both.includes(names[name])),
    )
  }

  commit(taken: Case, raw: unknown): void {
    const waiter = this.waiter!
    this.isOver = true
    void this.dequeue(0, this.passive, taken)
    taken.slot = raw
    waiter.slot = undefined
    waiter.commit(taken)
    void this.dequeue(this.passive, this.enqueued, taken)
  }

  fail(taken: Case, error: unknown): void {
    const waiter = this.waiter!
    this.isOver = true
    void this.dequeue(0, this.passive, taken)
    waiter.slot = undefined
    waiter.fail(error)
    void this.dequeue(this.passive, this.enqueued, taken)
  }

  withdraw(but?: Case): void | Op<unknown, unknown> {
    if (this.isOver) return undefined
    this.isOver = true
    const endings = this.dequeue(0, this.ops.length, but)
    return endings === undefined ? undefined : allOf(endings)
  }

  private dequeue(from: number, to: number, but: Case | undefined): Array<Op<unknown, unknown>> | undefined {
    const { cases, ops } = this
    const end = Math.min(to, this.enqueued)
    let endings: Array<Op<unknown, unknown>> | undefined
    for (let i = from; i < end; i++) {
      const losing = cases[i]!
      if (losing === but || losing === refused || losing.isForgotten) continue
      const ending = ops[i]!.dequeue(losing)
      losing.slot = undefined
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

/** Whom the op that commits or fails it has forgotten: it is not to be dequeued, whatever else is committed in its place. */
let refused: Case | null = null

/** A case that waits: the waiter that its op has enqueued. */
export class Case extends Waiter {
  declare readonly wait: Wait
  declare readonly index: number
  /** Refused while another case was already decided elsewhere: its op has it no more. */
  declare isForgotten: boolean

  constructor(wait: Wait, index: number) {
    super()
    this.wait = wait
    this.index = index
    this.isForgotten = false
  }

  get processor(): Processor {
    return this.wait.waiter!.processor
  }
  commit(raw: unknown): boolean {
    // Withdrawn by another case of its select: committed before by the same close or cancel, or about to be dequeued.
    if (this.isRefused()) return false
    this.wait.commit(this, raw)
    return true
  }
  fail(error: unknown): void {
    if (!this.isRefused()) this.wait.fail(this, error)
  }
  private isRefused(): boolean {
    if (this.wait.isDecided) return true
    const { root } = this.wait
    if (root.offered === null) return false
    const outer = refused
    refused = this
    try {
      return root.hasHappened(this)
    } finally {
      refused = outer
    }
  }
  override mayCommit(): boolean {
    return !this.wait.isDecided && !this.wait.root.hasHappened(this)
  }
  override waitsOn(): void {
    this.wait.root.offered?.offer.offerAgain()
  }
  override get offer(): Elsewhere | null {
    return this.wait.root.offered?.offer ?? null
  }
  override happensElsewhere(elsewhere: Elsewhere): boolean {
    const { root } = this.wait
    if (root.offered !== null) return false
    root.offered = { case: this, offer: elsewhere }
    return true
  }
}
