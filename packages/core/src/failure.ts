/**
 * Tells a typed failure (Effect's `E`) from a panic once both have been thrown into a generator, where JavaScript knows one `throw`.
 *
 * A failure is marked when an op fails with it. The mark stays: rethrown by the body, or thrown again later, it is still that failure.
 */
const marked = new WeakSet<object>()
let primitive: { readonly error: unknown } | undefined

/**
 * Marks an error as a typed failure and gives it back: `throw failure(new NotFound())` in a `poll`, `waiter.fail(failure(error))`.
 *
 * @since 0.1.0
 */
export function failure<E>(error: E): E {
  if ((typeof error === "object" && error !== null) || typeof error === "function") marked.add(error)
  // A primitive has no identity: the latest one thrown stands for its value.
  else primitive = { error }
  return error
}

/**
 * Whether an error was raised as a typed failure, not as a panic.
 *
 * @since 0.1.0
 */
export function isFailure(error: unknown): boolean {
  return (typeof error === "object" && error !== null) || typeof error === "function"
    ? marked.has(error)
    : primitive !== undefined && Object.is(primitive.error, error)
}
