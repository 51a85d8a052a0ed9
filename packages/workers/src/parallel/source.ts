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
  /** No more is wanted: as a loop that is left, it tells an iterator so. A channel stays as it is. */
  leave(): Generator<Yieldable, void, unknown>
}

function* nothingToLeave(): Generator<never, void, unknown> {}

export function sourceOf(items: Items<unknown>): Source {
  const given = items as Partial<Iterable<unknown> & AsyncIterable<unknown> & ArrayLike<unknown>> | null | undefined
  // A DataView has no items.
  if (ArrayBuffer.isView(items) && "length" in items) return new Typed(items as unknown as TypedArray)
  if (Array.isArray(items)) return new Listed(items)
  if (items instanceof Receiver) return new Received(items)
  if (typeof given?.[Symbol.iterator] === "function") return new Iterated(items as Iterable<unknown>)
  if (typeof given?.[Symbol.asyncIterator] === "function") return new Awaited(items as AsyncIterable<unknown>)
  if (typeof given?.length === "number") return new Listed(Array.from(items as ArrayLike<unknown>))
  throw new InvalidOption("parallel", "items", items, "an array, an iterable, an async iterable or a channel")
}

class Listed implements Source {
  readonly leave: Source["leave"] = nothingToLeave
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
  readonly leave: Source["leave"] = nothingToLeave
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

/** An iterator that is gone through: not left when it has ended, or thrown. */
class Iterated implements Source {
  readonly left = Infinity
  readonly #items: Iterable<unknown>
  /** From the first item on. */
  #iterator: Iterator<unknown> | undefined
  #isOpen = false

  constructor(items: Iterable<unknown>) {
    this.#items = items
  }
  *take(most: number): Generator<never, ArrayLike<unknown>, unknown> {
    const iterator = (this.#iterator ??= this.#items[Symbol.iterator]())
    const chunk: Array<unknown> = []
    while (chunk.length < most) {
      this.#isOpen = false
      const next = iterator.next()
      if (next.done === true) break
      this.#isOpen = true
      chunk.push(next.value)
    }
    return chunk
  }
  *leave(): Generator<never, void, unknown> {
    if (this.#isOpen) this.#iterator?.return?.()
  }
}

/** The same. What comes by and by is not waited for to fill a chunk. */
class Awaited implements Source {
  readonly left = Infinity
  readonly #items: AsyncIterable<unknown>
  #iterator: AsyncIterator<unknown> | undefined
  #isOpen = false
  #isAsked = false

  constructor(items: AsyncIterable<unknown>) {
    this.#items = items
  }
  *take(): Generator<Yieldable, ArrayLike<unknown>, unknown> {
    const iterator = (this.#iterator ??= this.#items[Symbol.asyncIterator]())
    this.#isAsked = true
    let next: IteratorResult<unknown>
    try {
      next = yield* Op.fromPromise(() => iterator.next())
    } catch (error) {
      this.#isOpen = false
      this.#isAsked = false
      throw error
    }
    this.#isAsked = false
    this.#isOpen = next.done !== true
    return next.done === true ? [] : [next.value]
  }
  *leave(): Generator<Yieldable, void, unknown> {
    const iterator = this.#iterator
    if (iterator?.return === undefined || !(this.#isOpen || this.#isAsked)) return
    const left = Promise.resolve(iterator.return())
    if (!this.#isAsked) yield* Op.fromPromise(left)
    // An async generator gets to its end only after the item that it was asked for, which may never come: whoever cancels does not wait for that, and
    // nobody is left to hear of an error.
    else left.catch(() => undefined)
  }
}

class Received implements Source {
  readonly leave: Source["leave"] = nothingToLeave
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
