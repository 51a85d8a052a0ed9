import { accessed, NotReady, Op, type Processor, Waiter } from "@weft/core"
import type { Locker } from "./locker.ts"
import { TurnOp } from "./turns.ts"

/** Locks in the name of another who gave the lock away, as a Cond's wait does. */
export class Relocking extends Waiter {
  protected readonly locker: Locker<unknown>
  protected readonly waiter: Waiter
  /** What he had of the lock before. */
  protected readonly hold: number | undefined
  /** By which it stands in the lock's queue. */
  private lock: Op<Disposable, unknown> | undefined

  constructor(locker: Locker<unknown>, waiter: Waiter, hold: number | undefined) {
    super()
    this.locker = locker
    this.waiter = waiter
    this.hold = hold
    this.lock = undefined
  }

  get processor(): Processor {
    return this.waiter.processor
  }

  get isLocking(): boolean {
    return this.lock !== undefined
  }

  begin(): void {
    const lock = this.locker.lock()
    this.lock = lock
    accessed(lock.on)
    let raw: unknown
    try {
      raw = lock.poll()
    } catch (error) {
      return this.fail(error)
    }
    if (raw === NotReady) lock.enqueue(this)
    else this.commit(raw)
  }

  leave(): void {
    void this.lock?.dequeue(this)
  }

  commit(raw: unknown): void {
    if (this.hold !== undefined) (this.lock as TurnOp<unknown>).turns.resume(this.hold)
    this.waiter.slot = undefined
    this.hasLocked(raw)
  }

  protected hasLocked(raw: unknown): void {
    this.waiter.commit(raw)
  }

  fail(error: unknown): void {
    this.waiter.slot = undefined
    this.waiter.fail(error)
  }
}

/** What whoever gives a lock away has of it, for a {@link Relocking}. */
export function holdOf(locker: Locker<unknown>): number | undefined {
  const lock = locker.lock()
  return lock instanceof TurnOp ? (lock as TurnOp<unknown>).turns.present : undefined
}

/** The end of the withdrawal of who gave his lock away: he has it again. */
export class LockAgain extends Op<unknown, unknown> {
  declare private readonly locker: Locker<unknown>
  declare private readonly hold: number | undefined

  constructor(locker: Locker<unknown>, hold: number | undefined) {
    super()
    this.locker = locker
    this.hold = hold
  }

  get name(): string {
    return this.locker.lock().name
  }
  override get detail(): string | undefined {
    return this.locker.lock().detail
  }
  override get on(): object | undefined {
    return this.locker.lock().on
  }
  /** Never at once: the hold is resumed by who waits. */
  poll(): unknown {
    return NotReady
  }
  enqueue(waiter: Waiter): void {
    const relocking = new Relocking(this.locker, waiter, this.hold)
    waiter.slot = relocking
    relocking.begin()
  }
  dequeue(waiter: Waiter): void {
    const relocking = waiter.slot as Relocking
    waiter.slot = undefined
    relocking.leave()
  }
}
