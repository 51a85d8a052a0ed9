/**
 * AtomicUint32: a 32-bit integer without a sign that many threads use at once.
 *
 * Memory, one Uint32 at `offset`, every access atomic: the value.
 */
import { accessed, made } from "@weft/core"
import { handleOf, type SharedHandle } from "../shared/shared-handle.ts"
import { shown } from "../shown.ts"
import { placeOf, uint32, whole } from "./atomic-word.ts"

const kind = "AtomicUint32"

/**
 * A whole number of 32 bits in shared memory, 0 to 4,294,967,295. Each operation is one step that no thread sees half done.
 *
 * Laws
 * - All atomic operations of all threads have one order that every thread agrees with (sequential consistency). So what was written before a
 *   store, by plain writes too, is seen by whoever loads what it stored.
 * - `add` gives the new value; `swap`, `and` and `or` the old one.
 * - `add` wraps, as in Go, and `add`, `and` and `or` take the lower 32 bits of any safe integer: `and(~mask)`. A value to store or to compare
 *   with must fit.
 *
 * Memory: its 4 bytes and nothing else; of its own, or at a multiple of 4 in any SharedArrayBuffer.
 *
 * Errors: `InvalidAmount` for what is no whole number, or doesn't fit; `InvalidSharedPlace`, `SharedMemoryUnavailable`, `HandleMismatch` where it can't be made.
 *
 * @example
 * const hits = new AtomicUint32()
 * // To another thread: worker.postMessage(hits.share()), and there AtomicUint32.from(handle).
 * hits.add(1)
 * console.log(hits.load())
 *
 * @see Go: atomic.Uint32
 * @since 0.2.0
 */
export class AtomicUint32 {
  /** @internal */
  protected static readonly shown = /* @__PURE__ */ shown("AtomicUint32", this, (atomic) =>
    Atomics.load(atomic.#word, 0),
  ) as true

  readonly #word: Uint32Array<SharedArrayBuffer>

  /** In memory of its own, with a value to begin with; or the one that a handle names, as by `from`. */
  constructor(value: number | SharedHandle<"AtomicUint32"> = 0) {
    const { buffer, offset } = placeOf(kind, 4, typeof value === "number" ? undefined : value)
    this.#word = new Uint32Array(buffer, offset, 1)
    made(this)
    if (typeof value === "number") Atomics.store(this.#word, 0, uint32("new AtomicUint32", value))
  }

  /** The word at `offset`, in bytes, with the value that is there. */
  static at(buffer: SharedArrayBuffer, offset: number): AtomicUint32 {
    return new AtomicUint32({ weft: kind, buffer, offset })
  }

  /** The atomic that another thread has shared. */
  static from(handle: SharedHandle<"AtomicUint32">): AtomicUint32 {
    return new AtomicUint32(handleOf(kind, handle))
  }

  /** What a message can carry to another thread, where `AtomicUint32.from` makes the atomic of it. */
  share(): SharedHandle<"AtomicUint32"> {
    return { weft: kind, buffer: this.#word.buffer, offset: this.#word.byteOffset }
  }

  load(): number {
    accessed(this)
    return Atomics.load(this.#word, 0)
  }

  store(value: number): void {
    accessed(this)
    Atomics.store(this.#word, 0, uint32("AtomicUint32.store", value))
  }

  /** Stores `value` and gives what was there. */
  swap(value: number): number {
    accessed(this)
    return Atomics.exchange(this.#word, 0, uint32("AtomicUint32.swap", value))
  }

  /** Stores `value` if `old` is there, and says whether it did. */
  compareAndSwap(old: number, value: number): boolean {
    accessed(this)
    const expected = uint32("AtomicUint32.compareAndSwap", old)
    return Atomics.compareExchange(this.#word, 0, expected, uint32("AtomicUint32.compareAndSwap", value)) === expected
  }

  /** Adds `delta`, which may be negative, and gives the new value. */
  add(delta: number): number {
    accessed(this)
    return (Atomics.add(this.#word, 0, whole("AtomicUint32.add", delta)) + (delta | 0)) >>> 0
  }

  /** Keeps the bits that `mask` has, and gives the old value. */
  and(mask: number): number {
    accessed(this)
    return Atomics.and(this.#word, 0, whole("AtomicUint32.and", mask))
  }

  /** Sets the bits that `mask` has, and gives the old value. */
  or(mask: number): number {
    accessed(this)
    return Atomics.or(this.#word, 0, whole("AtomicUint32.or", mask))
  }
}
