/** Watches: the contexts that went along with calls, each told of for as long as its call is on another thread. */
import type { Call } from "./call.ts"
import type { CarriedThrow } from "./carry/error.ts"

export class Watches {
  readonly #stops = new Map<Call, ReadonlyArray<() => void>>()
  readonly #tell: (id: number, cause: CarriedThrow) => void

  constructor(tell: (id: number, cause: CarriedThrow) => void) {
    this.#tell = tell
  }

  /** The call is about to go there. */
  prepare({ along }: Call): void {
    if (along !== undefined) for (const each of along.watched) each.goes(this.#tell)
  }

  /** It has gone there; what is done by now is told at once. */
  start(call: Call): void {
    const { along } = call
    if (along === undefined || along.watched.length === 0) return
    this.#stops.set(
      call,
      along.watched.map((each) => each.watch(this.#tell)),
    )
  }

  stop(call: Call): void {
    if (call.along === undefined) return
    for (const stop of this.#stops.get(call) ?? []) stop()
    this.#stops.delete(call)
  }
}
