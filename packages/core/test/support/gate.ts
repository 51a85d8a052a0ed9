import { Effect } from "effect"

/** An effect that ends when it is told to, and says what became of it. */
export class Gate<A, E = never> {
  readonly log: Array<string> = []
  #end: (exit: Effect.Effect<A, E>) => void = () => undefined
  #early: Effect.Effect<A, E> | undefined

  readonly effect: Effect.Effect<A, E> = Effect.callback<A, E>((resume) => {
    this.log.push("begins")
    if (this.#early !== undefined) return resume(this.#early)
    this.#end = resume
    return Effect.sync(() => {
      this.log.push("finalized")
    })
  })

  end(exit: Effect.Effect<A, E>): void {
    this.#early = exit
    this.#end(exit)
  }
}
