/**
 * Tells a typed failure (Effect's `E`) from a panic once both have been thrown into a generator, where JavaScript knows one `throw`.
 *
 * A failure is marked when an op fails with it. The mark stays: rethrown by the body, or thrown again later, it is still that failure.
 *
 * A primitive has no identity, so its value is marked: whoever throws an equal one fails with it, too. The last `primitivesKept` are, of
 * which many goroutines may have one in hand at a time. Rejected: a mark on the goroutine, which a rethrow from another would not have.
 */
const marked = new WeakSet<object>()
const primitives = new Set<unknown>()
const primitivesKept = 1024

/**
 * Marks an error as a typed failure and gives it back: `throw failure(new NotFound())` in a `poll`, `waiter.fail(failure(error))`.
 *
 * Better an object: an equal string thrown elsewhere is taken for this failure.
 *
 * @since 0.1.0
 */
export function failure<E>(error: E): E {
  if (isObject(error)) marked.add(error)
  else {
    // Anew: it counts from now.
    primitives.delete(error)
    primitives.add(error)
    if (primitives.size > primitivesKept) primitives.delete(primitives.values().next().value)
  }
  return error
}

/**
 * Whether an error was raised as a typed failure, not as a panic.
 *
 * @since 0.1.0
 */
export function isFailure(error: unknown): boolean {
  return isObject(error) ? marked.has(error) : primitives.has(error)
}

function isObject(error: unknown): error is object {
  return (typeof error === "object" && error !== null) || typeof error === "function"
}
