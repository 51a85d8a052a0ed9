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
export function transfer<T>(value: T, list: ReadonlyArray<object> = [buffer(value)]): T {
  return new Transfer(value, list) as unknown as T
}

const buffer = (value: unknown): object => (ArrayBuffer.isView(value) ? value.buffer : value) as object
