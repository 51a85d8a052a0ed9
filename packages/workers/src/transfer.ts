/** A value that goes to the other thread instead of a copy of it. */
export class Transfer {
  readonly value: unknown
  readonly list: ReadonlyArray<object>

  constructor(value: unknown, list: ReadonlyArray<object>) {
    this.value = value
    this.list = list
  }
}

/**
 * Gives a value away with a `spawn`, or with a task's result, instead of copying it: an ArrayBuffer, or a view of one, a MessagePort, a stream. Here
 * it is empty afterwards. For a value that has such things inside, `list` names them.
 *
 * The type is the value's own, as the other side has it.
 *
 * @example
 * const pixels = new Uint8Array(1_000_000)
 * const smaller = yield* spawn(shrink, transfer(pixels))
 *
 * @see HTML: transferable objects
 * @since 0.3.0
 */
export function transfer<T>(value: T, list: ReadonlyArray<object> = [value as object]): T {
  return new Transfer(value, list.map(buffer)) as unknown as T
}

const buffer = (value: unknown): object => (ArrayBuffer.isView(value) ? value.buffer : value) as object

/** What there is against giving it away, and what to do instead: the host would say of each that it is no valid value. */
export function untransferable(item: unknown): readonly [what: string, advice: string] | undefined {
  const isPlain = Array.isArray(item) || Object.getPrototypeOf(Object(item)) === Object.prototype
  if (typeof item !== "object" || item === null || isPlain)
    return [
      isPlain ? "an object, without a list" : item === null || item === undefined ? "nothing" : `a ${typeof item}`,
      "name what it has inside: transfer(value, [value.bytes])",
    ]
  if (typeof SharedArrayBuffer !== "undefined" && item instanceof SharedArrayBuffer)
    return ["shared memory", "pass it as it is: both sides have it"]
  return isGivenAway(item) ? [givenAway, "transfer it once"] : undefined
}

export const givenAway = "memory that was given away before"
export const isGivenAway = (value: object): boolean =>
  (buffer(value) as { readonly detached?: boolean }).detached === true
