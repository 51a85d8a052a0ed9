/**
 * Scope: a nursery. Goroutines started in it end before it does.
 *
 * The body runs in a goroutine of its own, as its first child. The scope joins every child from the start, so an error thrown by one
 * is the scope's and no panic.
 *
 * Invariants:
 *   1. `live` counts the children that have not ended; the waiter is committed or failed when it reaches zero, and not before.
 *   2. Once `failure` is set, every child has been interrupted.
 */
import { type Body, type ErrorOf, generatorOf, type Yieldable } from "./body.ts"
import { CallbackWaiter } from "./callback-waiter.ts"
import { isFailure } from "./failure.ts"
import type { Goroutine } from "./goroutine.ts"
import { messageOf } from "./goroutine-panic.ts"
import { warn } from "./host.ts"
import { NotReady } from "./not-ready.ts"
import { Op } from "./op.ts"
import { make } from "./op-make.ts"
import { Panic } from "./panic.ts"
import { currentRun } from "./current-run.ts"
import type { Run } from "./run.ts"
import type { Waiter } from "./waiter.ts"
import { WaitList } from "./wait-list.ts"

/**
 * Starts goroutines that end before the scope does.
 *
 * @since 0.1.0
 */
export interface Scope<E = never> {
  /** Starts a child. Its first failure, of any child, cancels the rest and fails the scope. */
  go<A, Y extends Yieldable, Args extends ReadonlyArray<unknown>>(
    body: Body<A, Y, Args> & ([ErrorOf<Y>] extends [E] ? unknown : never),
    ...args: Args
  ): Goroutine<A, ErrorOf<Y>>
}

/**
 * Runs `body`, waits until every goroutine that it started in the scope has ended, and gives what `body` returned.
 *
 * Laws
 * - The first failure, of the body or a child, cancels all the others and is the scope's own, once they have unwound. What one throws after it is
 *   told on the console, once.
 * - Cancelling the waiting goroutine cancels all of them, and it unwinds after them.
 *
 * Children may fail with what the scope's type names: `scope(function* (s: Scope<HttpError>) { ... })`.
 *
 * @example
 * const [user, posts] = yield* scope(function* (s) {
 *   const user = s.go(fetchUser)
 *   const posts = s.go(fetchPosts)
 *   return [yield* user, yield* posts]
 * })
 *
 * @see Trio: nursery; Kotlin: coroutineScope
 * @since 0.1.0
 */
export function scope<A, Y extends Yieldable, E = never>(
  body: (scope: Scope<E>) => Generator<Y, A, never>,
): Op<A, ErrorOf<Y> | E> {
  if (typeof body !== "function") generatorOf("scope", body, [])
  return new ScopeOp<A, ErrorOf<Y> | E>(body as unknown as (scope: Scope) => Generator<unknown, A, never>)
}

class ScopeOp<A, E> extends Op<A, E> {
  declare private readonly body: (scope: Scope) => Generator<unknown, A, never>

  constructor(body: (scope: Scope) => Generator<unknown, A, never>) {
    super()
    this.body = body
  }

  get name(): string {
    return "scope"
  }
  poll(): unknown {
    return NotReady
  }
  override get startsWork(): boolean {
    return true
  }
  enqueue(waiter: Waiter): void {
    const nursery = new Nursery(waiter, this.body)
    waiter.slot = nursery
    nursery.startBody()
  }
  dequeue(waiter: Waiter): Op<void> {
    return (waiter.slot as Nursery).withdraw()
  }
}

class Nursery implements Scope {
  readonly #run: Run = currentRun()
  readonly #body: (scope: Scope) => Generator<unknown, unknown, never>
  readonly #children = new Set<Goroutine>()
  readonly #ended = new WaitList()
  #waiter: Waiter | null
  #bodyGoroutine: Goroutine | undefined
  #result: unknown = undefined
  #failure: { readonly error: unknown } | undefined
  #isCancelled = false
  #isSecondTold = false
  #isOver = false

  constructor(waiter: Waiter, body: (scope: Scope) => Generator<unknown, unknown, never>) {
    this.#waiter = waiter
    this.#body = body
  }

  startBody(): void {
    const generator = generatorOf("scope", this.#body, [this])
    this.#bodyGoroutine = this.#run.start(generator, this.#body, scope)
    this.#adopt(this.#bodyGoroutine, (result) => {
      this.#result = result
    })
  }

  go<A, Y extends Yieldable, Args extends ReadonlyArray<unknown>>(
    body: Body<A, Y, Args>,
    ...args: Args
  ): Goroutine<A, ErrorOf<Y>> {
    if (this.#isOver)
      throw new Panic("weft: Scope.go after the scope has ended; start goroutines while its body or a child runs", {})
    const child = this.#run.start(generatorOf("Scope.go", body, args), body, (this as { go: unknown }).go)
    this.#adopt(child, () => undefined)
    if (this.#isCancelled) child.interrupt()
    return child as Goroutine<A, ErrorOf<Y>>
  }

  /** Cancels all; the op is ready when they have ended. */
  withdraw(): Op<void> {
    this.#waiter = null
    this.#cancel()
    return make<void>({
      name: "scope",
      poll: () => (this.#isOver ? undefined : NotReady),
      enqueue: (waiter) => (this.#isOver ? waiter.commit(undefined) : this.#ended.push(waiter)),
      dequeue: (waiter) => this.#ended.remove(waiter),
    })
  }

  #adopt(child: Goroutine, returned: (result: unknown) => void): void {
    this.#children.add(child)
    const committed = (result: unknown) => {
      returned(result)
      this.#childEnded(child)
    }
    const failed = (error: unknown) => {
      if (child.wasInterrupted) {
        // A body that ended itself has no result to give.
        if (child === this.#bodyGoroutine && !this.#isCancelled) this.#fail(error)
        return this.#childEnded(child)
      }
      if (!isFailure(error)) {
        // Withdrawn: it is nobody's, and a panic.
        if (this.#waiter === null) this.#run.panicked(child, error)
        else if (this.#failure !== undefined) this.#tellOfSecond(child, error)
      }
      this.#fail(error)
      this.#childEnded(child)
    }
    child.addJoiner(new CallbackWaiter(this.#run.processor, committed, failed))
  }

  /** The scope fails with the first: that is what its caller catches. Of those after it the first is told, so that it can be found. */
  #tellOfSecond({ id, name }: Goroutine, error: unknown): void {
    // Both joined one that threw.
    if (this.#isSecondTold || Object.is(error, this.#failure!.error)) return
    this.#isSecondTold = true
    warn(
      `weft: goroutine ${id}${name === "" ? "" : ` (${name})`} threw, too, after its scope had failed: ${messageOf(error)}`,
    )
  }

  #fail(error: unknown): void {
    this.#failure ??= { error }
    this.#cancel()
  }

  #cancel(): void {
    this.#isCancelled = true
    for (const child of this.#children) child.interrupt()
  }

  #childEnded(child: Goroutine): void {
    this.#children.delete(child)
    if (this.#children.size > 0) return
    this.#isOver = true
    this.#ended.commitAll(undefined)
    const waiter = this.#waiter
    this.#waiter = null
    if (waiter === null) return
    waiter.slot = undefined
    if (this.#failure === undefined) waiter.commit(this.#result)
    else waiter.fail(this.#failure.error)
  }
}
