/**
 * StackProbe: where does a parked goroutine wait?
 *
 * Thrown into a suspended generator, it reaches the op that the generator delegates to, without passing any user code: `yield*`
 * hands a throw to the inner iterator first. The op captures the stack, whose frames are the goroutine's own, and answers
 * `done: false`, upon which the generator is suspended again exactly where it was. Nothing is collected until somebody asks.
 */
export class StackProbe {
  stack = ""

  capture(): void {
    // V8's own; elsewhere it changes nothing.
    const errors = Error as { stackTraceLimit?: number }
    const limit = errors.stackTraceLimit
    errors.stackTraceLimit = 50
    this.stack = new Error().stack ?? ""
    if (limit !== undefined) errors.stackTraceLimit = limit
  }
}
