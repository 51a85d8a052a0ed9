import type { Yieldable } from "../../body.ts"
import type { Goroutine } from "../../goroutine.ts"
import { currentProcessor } from "../../processor.ts"
import { type Operation, type Thrown, thrownBy } from "./operation.ts"

/**
 * Records what goroutines ask of an object and what they get, for {@link linearizable}.
 *
 * Laws
 * - Calls and returns are stamped by a counter, in the order in which they happened; no clock is read.
 * - A failure is recorded as the result {@link Thrown}, and thrown on.
 * - What was cancelled, and what has not returned yet, is pending.
 *
 * @example
 * const history = recordHistory<["send", number] | ["receive"], number | undefined>()
 * const ch = chan<number>(1)
 * go.named("sender", function* () { yield* history.op(["send", 1], ch.send(1)) })
 * yield* history.op(["receive"], ch.receive())
 *
 * @since 0.1.0
 */
export function recordHistory<Call, Result>(): History<Call, Result> {
  return new History<Call, Result>()
}

/**
 * A history that grows: the operations so far, in order of their calls.
 *
 * A row of it is a goroutine: its name, with a number where several have the same.
 *
 * @since 0.1.0
 */
export class History<in out Call, in out Result> implements Iterable<Operation<Call, Result>> {
  #time = 0
  readonly #operations: Array<Recorded<Call, Result>> = []
  readonly #clients = new Map<Goroutine | null, string>()
  readonly #names = new Map<string, number>()

  /** Records a call that doesn't wait. */
  call<A extends Result | void>(call: Call, f: () => A): A {
    const operation = this.#called(call)
    try {
      const result = f()
      this.#returned(operation, result as Result)
      return result
    } catch (error) {
      this.#returned(operation, thrownBy(error))
      throw error
    }
  }

  /** Commits an op, or runs a generator of several, as one operation of the goroutine that yields it. */
  *op<Y extends Yieldable, A extends Result | void>(
    call: Call,
    op: { [Symbol.iterator](): Iterator<Y, A> },
  ): Generator<Y, A, unknown> {
    const operation = this.#called(call)
    try {
      // Not in a finally block: a cancelled goroutine passes those too.
      const result = yield* op
      this.#returned(operation, result as Result)
      return result
    } catch (error) {
      this.#returned(operation, thrownBy(error))
      throw error
    }
  }

  [Symbol.iterator](): Iterator<Operation<Call, Result>> {
    return this.#operations.values()
  }

  #called(call: Call): Recorded<Call, Result> {
    const operation = {
      client: this.#client(currentProcessor().current),
      call,
      called: this.#time++,
      returned: undefined,
      result: undefined,
    }
    this.#operations.push(operation)
    return operation
  }

  #returned(operation: Recorded<Call, Result>, result: Result | Thrown): void {
    operation.returned = this.#time++
    operation.result = result
  }

  /** Not by its id, which differs from run to run: a replayed schedule must give the same picture. */
  #client(goroutine: Goroutine | null): string {
    const known = this.#clients.get(goroutine)
    if (known !== undefined) return known
    const name = nameOf(goroutine)
    const n = (this.#names.get(name) ?? 0) + 1
    const client = n === 1 ? name : `${name} ${n}`
    this.#names.set(name, n)
    this.#clients.set(goroutine, client)
    return client
  }
}

interface Recorded<Call, Result> extends Operation<Call, Result> {
  returned: number | undefined
  result: Result | Thrown | undefined
}

function nameOf(goroutine: Goroutine | null): string {
  if (goroutine === null) return "outside"
  if (goroutine.name !== "") return goroutine.name
  return goroutine.isMain ? "main" : "goroutine"
}
