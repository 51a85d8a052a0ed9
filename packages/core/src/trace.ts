import { current } from "./processor.ts"

const nothing: Disposable = { [Symbol.dispose]: () => undefined }
let lastRegion = 0

/**
 * What a program tells whoever traces it (`weft trace`, a plugin). While nobody does, each call is one null check.
 *
 * @example
 * go(function* () {
 *   using _ = trace.region("parse")
 *   trace.log("cache miss")
 * })
 *
 * @see Go: runtime/trace.WithRegion, trace.Log
 * @since 0.3.0
 */
export const trace: {
  /** A stretch of what the running goroutine does, its waits included, until it is disposed. Regions of one goroutine nest. */
  region(name: string): Disposable
  /** Something that happened. */
  log(message: string): void
  /** Whether anybody listens: where making the message costs something. */
  readonly isOn: boolean
} = {
  region(name) {
    const { hooks, current: goroutine } = current
    if (hooks === null) return nothing
    const id = ++lastRegion
    hooks.regionBegin?.(goroutine, name, id)
    return { [Symbol.dispose]: () => current.hooks?.regionEnd?.(goroutine, name, id) }
  },
  log(message) {
    const { hooks } = current
    if (hooks !== null) hooks.log?.(current.current, message)
  },
  get isOn() {
    return current.hooks !== null
  },
}
