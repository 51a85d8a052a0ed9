/**
 * Tasks that a pool's thread spawns: they go to the thread that started it, whose pool runs them: the same one. No thread starts threads of its own.
 */
import { currentProcessor, Op, type Processor, Waiter } from "@weft/core"
import { roomInPool } from "./admission.ts"
import { type Call, type Executor, Sent } from "./call.ts"
import { type CarriedThrow, unpackError } from "./carry/error.ts"
import { platform, type ThreadSide } from "./platform/platform.ts"
import { notSent } from "./carry/not-sent.ts"
import { afterThis } from "./host.ts"
import { modulesOf } from "./task.ts"
import { settleCall } from "./settle-call.ts"
import { Watches } from "./watches.ts"
import * as Ended from "./task-ended.ts"
import * as FromThread from "./from-thread.ts"

export class NestedExecutor implements Executor {
  readonly label = "this thread's pool"
  readonly threads: number = platform?.cores() ?? 1
  readonly #side: ThreadSide
  readonly #calls = new Map<number, Call>()
  readonly #processor: Processor = currentProcessor()
  readonly #watches: Watches
  /** How many goroutines of this thread wait for tasks that it has spawned: what ends that is the pool's to know. */
  waits = 0
  #last = 0

  constructor(side: ThreadSide) {
    this.#side = side
    this.#watches = new Watches((context, cause) => side.post([FromThread.ContextDone, context, cause], []))
  }

  reserve(): void {}
  release(): void {}

  whenRoom<A>(take: () => A): Op<A> {
    return Op.make<A>({ name: roomInPool, poll: take, enqueue: () => undefined, dequeue: () => undefined })
  }

  submit(call: Call): void {
    const id = ++this.#last
    const { along, args, flags, task } = call
    const { grace, on, priority } = call.options
    const options = { grace, on, priority }
    // When a thread comes to it only the pool knows.
    call.state = Sent
    call.slot = id
    this.#counts(call, 1)
    this.#calls.set(id, call)
    const contexts = along?.watched.map((each) => each.id) ?? []
    const what = [task.key, modulesOf(task), task.taskName, task.isIdempotent]
    const transfer = along?.transfer ?? []
    this.#watches.prepare(call)
    try {
      this.#side.post([FromThread.Spawn, id, ...what, options, flags, contexts, transfer, ...args], transfer)
    } catch (error) {
      // Whoever is about to join it has to come to that.
      return afterThis(() => {
        this.#calls.delete(id)
        if (call.isWanted) this.#out(call)
        call.panicked(notSent(task.taskName, "args", args, transfer, error))
      })
    }
    this.#watches.start(call)
  }

  withdraw(call: Call): Op<void> {
    this.#out(call)
    this.#side.post([FromThread.Withdraw, call.slot], [])
    return call.end()
  }

  /** [Settle, call, code, value] */
  settle(message: ReadonlyArray<unknown>): void {
    const [, id, code, packed] = message as [number, number, number, unknown]
    const call = this.#calls.get(id)
    if (call === undefined) return
    this.#calls.delete(id)
    this.#watches.stop(call)
    const { isWanted } = call
    if (isWanted) this.#out(call)
    if (code !== Ended.Refused) settleCall(call, code, packed)
    else if (isWanted) this.#refuse(call, packed as CarriedThrow)
    else call.interrupted()
  }

  /** Too late for the `spawn`, which could not know: whoever joins is told, and a thread with other tasks does not end because nobody does. */
  #refuse(call: Call, carried: CarriedThrow): void {
    call.goroutine?.join().enqueue(new Nobody())
    call.panicked(unpackError(carried, undefined))
  }

  #out(call: Call): void {
    this.#counts(call, -1)
    call.waiter!.processor.lookForSleep()
  }

  #counts(call: Call, n: number): void {
    const { processor } = call.waiter!
    processor.outside += n
    if (processor === this.#processor) this.waits += n
  }
}

/** Joins a goroutine that may end unjoined. */
class Nobody extends Waiter {
  readonly processor: Processor = currentProcessor()

  commit(): void {}
  fail(): void {}
}
