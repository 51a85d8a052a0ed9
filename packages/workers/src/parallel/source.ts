/**
 * Where the items of a parallel loop come from, a chunk at a time: nothing is taken before a thread has room for it.
 */
import { Receiver } from "@weft/channels"
import { InvalidOption, Op, type Yieldable } from "@weft/core"

/** What can be gone through in parallel. @since 0.3.0 */
export type Items<T> = ArrayLike<T> | Iterable<T> | AsyncIterable<T> | Receiver<T>

export interface Source {
  /** How many are left, where that is known. */
  readonly left: number
  /** Up to `most` items; none: there are no more. */
  take(most: number): Generator<Yieldable, ArrayLike<unknown>, unknown>
}

export function sourceOf(items: Items<unknown>): Source {
  const given = items as Partial<Iterable<unknown> & AsyncIterable<unknown> & ArrayLike<unknown>> | null | undefined
  if (ArrayBuffer.isView(items)) return new Typed(items as unknown as TypedArray)
  if (Array.isArray(items)) return new Listed(items)
  if (items instanceof Receiver) return new Received(items)
  if (typeof given?.[Symbol.iterator] === "function") return new Iterated(items as Iterable<unknown>)
  if (typeof given?.[Symbol.asyncIterator] === "function") return new Awaited(items as AsyncIterable<unknown>)
  if (typeof given?.length === "number") return new Listed(Array.from(items as ArrayLike<unknown>))
  throw new InvalidOption("parallel", "items", items, "an array, an iterable, an async iterable or a channel")
}

class Listed implements Source {
  readonly #items: ReadonlyArray<unknown>
  #at = 0

  constructor(items: ReadonlyArray<unknown>) {
    this.#items = items
  }
  get left(): number {
    return this.#items.length - this.#at
  }
  *take(most: number): Generator<never, ArrayLike<unknown>, unknown> {
    const from = this.#at
    this.#at = Math.min(from + most, this.#items.length)
    return this.#items.slice(from, this.#at)
  }
}

interface TypedArray extends ArrayLike<unknown> {
  readonly buffer: ArrayBufferLike
  slice(from: number, to: number): TypedArray
  subarray(from: number, to: number): TypedArray
}

/** Of shared memory nothing is copied; of any other only what the chunk has, as a message would copy the whole of it. */
class Typed implements Source {
  readonly #items: TypedArray
  readonly #isShared: boolean
  #at = 0

  constructor(items: TypedArray) {
    this.#items = items
    this.#isShared = typeof SharedArrayBuffer !== "undefined" && items.buffer instanceof SharedArrayBuffer
  }
  get left(): number {
    return this.#items.length - this.#at
  }
  *take(most: number): Generator<never, ArrayLike<unknown>, unknown> {
    const from = this.#at
    this.#at = Math.min(from + most, this.#items.length)
    return this.#isShared ? this.#items.subarray(from, this.#at) : this.#items.slice(from, this.#at)
  }
}

class Iterated implements Source {
  readonly left = Infinity
  readonly #iterator: Iterator<unknown>

  constructor(items: Iterable<unknown>) {
    this.#iterator = items[Symbol.iterator]()
  }
  *take(most: number): Generator<never, ArrayLike<unknown>, unknown> {
    const chunk: Array<unknown> = []
    while (chunk.length < most) {
      const next = this.#iterator.next()
      if (next.done === true) break
      chunk.push(next.value)
    }
    return chunk
  }
}

/** What comes by and by is not waited for to fill a chunk. */
class Awaited implements Source {
  readonly left = Infinity
  readonly #iterator: AsyncIterator<unknown>

  constructor(items: AsyncIterable<unknown>) {
    this.#iterator = items[Symbol.asyncIterator]()
  }
  *take(): Generator<Yieldable, ArrayLike<unknown>, unknown> {
    const next = yield* Op.fromPromise(() => this.#iterator.next())
    return next.done === true ? [] : [next.value]
  }
}

class Received implements Source {
  readonly left = Infinity
  readonly #items: Receiver<unknown>

  constructor(items: Receiver<unknown>) {
    this.#items = items
  }
  *take(most: number): Generator<Yieldable, ArrayLike<unknown>, unknown> {
    const first = yield* this.#items.next()
    const chunk: Array<unknown> = []
    for (let next: typeof first | undefined = first; next?.ok === true; next = this.#items.tryReceive()) {
      chunk.push(next.value)
      if (chunk.length >= most) break
    }
    return chunk
  }
}
