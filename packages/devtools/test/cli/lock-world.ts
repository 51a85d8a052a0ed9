/**
 * A program of goroutines that take locks, release them and wait for each other, run one step at a time by a seed: to be dumped while it runs.
 *
 * Locks are taken in any order, so some worlds deadlock in part. A goroutine holds at most as many as there are.
 */
import type { GoroutineDump, ObjectDump } from "../../src/format/dump.ts"
import { goroutine, lock, locking, waiting } from "./dumps.ts"

interface Actor {
  readonly id: number
  readonly holds: Array<number>
  /** The lock that it waits for. */
  wants: number | undefined
  /** Whom it waits for to end. */
  joins: number | undefined
  waitsSince: number
  hasEnded: boolean
}

export class LockWorld {
  readonly actors: ReadonlyArray<Actor>
  /** Holder of each lock; 0 for none. */
  readonly #holders: Array<number>
  readonly #random: (below: number) => number
  /** A step takes a millisecond. */
  now = 0

  constructor(seed: number) {
    this.#random = generator(seed)
    this.actors = Array.from({ length: 2 + this.#random(5) }, (_, i) => ({
      id: i + 1,
      holds: [],
      wants: undefined,
      joins: undefined,
      waitsSince: 0,
      hasEnded: false,
    }))
    this.#holders = Array.from({ length: 1 + this.#random(4) }, () => 0)
  }

  /** One of those that can does something. Answers who. */
  step(): number | undefined {
    this.now++
    const able = this.actors.filter((actor) => this.#canAct(actor))
    const actor = able[this.#random(able.length)]
    if (actor === undefined) return undefined
    this.#act(actor)
    return actor.id
  }

  get locks(): ReadonlyArray<ObjectDump> {
    return this.#holders.map((holder, i) => (holder === 0 ? { id: i + 1, kind: "sync.Mutex" } : lock(i + 1, holder)))
  }

  dumpOf({ hasEnded, id, joins, waitsSince, wants }: Actor): GoroutineDump | undefined {
    if (hasEnded) return undefined
    const since = { waitMillis: this.now - waitsSince }
    if (joins !== undefined) return waiting(id, "join", [joins], since)
    if (wants === undefined) return goroutine(id, { status: "runnable" })
    const holder = this.#holders[wants - 1]!
    // It has been released: whoever waits is about to be woken.
    return holder === 0 ? goroutine(id, { status: "runnable" }) : locking(id, wants, holder, since)
  }

  /** Whether the way from one to whom it waits for, and on, comes to somebody for the second time. */
  isInRing(actor: Actor): boolean {
    const seen = new Set<Actor>()
    for (let at: Actor | undefined = actor; at !== undefined; at = this.#waitsFor(at)) {
      if (seen.has(at)) return true
      seen.add(at)
    }
    return false
  }

  #waitsFor({ hasEnded, joins, wants }: Actor): Actor | undefined {
    const id = joins ?? (wants === undefined ? undefined : this.#holders[wants - 1])
    const other = hasEnded || id === undefined ? undefined : this.actors[id - 1]
    return other?.hasEnded === true ? undefined : other
  }

  #canAct({ hasEnded, joins, wants }: Actor): boolean {
    if (hasEnded) return false
    if (joins !== undefined) return this.actors[joins - 1]!.hasEnded
    return wants === undefined || this.#holders[wants - 1] === 0
  }

  #act(actor: Actor): void {
    actor.joins = undefined
    if (actor.wants !== undefined) {
      this.#holders[actor.wants - 1] = actor.id
      actor.holds.push(actor.wants)
      actor.wants = undefined
      return
    }
    const dice = this.#random(20)
    if (dice < 8) this.#want(actor, 1 + this.#random(this.#holders.length))
    else if (dice < 18) this.#release(actor)
    else if (dice < 19) this.#wait(actor, { joins: 1 + this.#random(this.actors.length) })
    else actor.hasEnded = actor.holds.length === 0
  }

  #want(actor: Actor, lock: number): void {
    if (!actor.holds.includes(lock)) this.#wait(actor, { wants: lock })
  }

  #wait(actor: Actor, what: { readonly wants?: number; readonly joins?: number }): void {
    if (what.joins === actor.id) return
    Object.assign(actor, what)
    actor.waitsSince = this.now
  }

  #release(actor: Actor): void {
    const lock = actor.holds.pop()
    if (lock !== undefined) this.#holders[lock - 1] = 0
  }
}

/** Numerical Recipes' linear congruential generator: its upper bits are good enough for this. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
