import { generatorIn, type Yieldable } from "@weft/core"
import { BodyOp, checkedFunction, type PlainOrBody } from "./body-op.ts"
import type { Locker } from "./locker.ts"

/** Locks, runs a body, and unlocks however that ends. */
export class WithLock<A, E> extends BodyOp<A, E> {
  declare private readonly caller: string
  declare private readonly locker: Pick<Locker<unknown>, "lock">
  declare private readonly f: PlainOrBody<A>

  constructor(caller: string, locker: Pick<Locker<unknown>, "lock">, f: PlainOrBody<A>) {
    super()
    this.caller = caller
    this.locker = locker
    this.f = checkedFunction(caller, f)
  }

  get name(): string {
    return this.caller
  }

  protected *body(): Generator<Yieldable, A, unknown> {
    const guard = yield* this.locker.lock()
    try {
      const made: unknown = this.f()
      const rest = generatorIn(this.caller, this.f, made)
      return (rest === undefined ? made : yield* rest) as A
    } finally {
      guard[Symbol.dispose]()
    }
  }
}
