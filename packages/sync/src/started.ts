import { type Body, go, type Goroutine, InvalidBody, type Yieldable } from "@weft/core"

/** Starts a body as `go` does; what can't be one is refused in the name of `caller`, whom the user has called. */
export function started(caller: string, body: unknown, args: ReadonlyArray<unknown>): Goroutine {
  try {
    return go(body as Body<unknown, Yieldable, ReadonlyArray<unknown>>, ...args)
  } catch (error) {
    if (!(error instanceof InvalidBody)) throw error
    // Not asked again: a plain function would run twice.
    const { fields, message } = error
    throw new InvalidBody(caller, fields.body, message.slice(message.indexOf("; ") + "; ".length), fields.made)
  }
}
