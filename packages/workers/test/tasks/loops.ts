/** Tasks of parallel loops whose items can't go, or come back. */
import type { Channel } from "@weft/channels"
import { spawn, type Task, task } from "@weft/workers"

const notPlain = () => ({ inner: [() => 1] })

export const returnsFunctionAt30 = task(import.meta.url, "returnsFunctionAt30", function* (n: number) {
  return n === 30 ? notPlain() : n
})

export const foldsToFunction = task(import.meta.url, "foldsToFunction", function* (_: unknown, n: number) {
  return n === 30 ? notPlain() : n
})

export const keepsFirst = task(import.meta.url, "keepsFirst", function* (first: unknown, _: unknown) {
  return first
})

export const isKept = task(import.meta.url, "isKept", function* (_: unknown) {
  return true
})

/** Says that it has begun, and parks until it may end. */
export const waitsForEnd = task(
  import.meta.url,
  "waitsForEnd",
  function* ({ begun, end }: { readonly begun: Channel<number>; readonly end: Channel<void> }) {
    yield* begun.send(1)
    yield* end.receive()
  },
)

/** With what can't go. */
export const spawnsItself: Task<void, never, [unknown]> = task(import.meta.url, "spawnsItself", function* (_: unknown) {
  spawn(spawnsItself, { f: () => 1 })
})
