/**
 * AtomicUint64: a 64-bit integer without a sign that many threads use at once.
 *
 * Memory, one BigUint64 at `offset`, every access atomic: the value.
 *
 * Numbers go through bigints: see atomic-int64.ts.
 */
import { accessed, made } from "@weft/core"
import { handleOf, type SharedHandle } from "../shared/shared-handle.ts"
import { shown } from "../shown.ts"
import { exact, placeOf, uint64, whole, wide } from "./atomic-word.ts"

const kind = "AtomicUint64"

/**
 * A whole number of 64 bits in shared memory, from 0 on. Each operation is one step that no thread sees half done.
 *
 * A bigint by nature, and a number wherever you like: whatever takes a bigint takes a safe integer as well, and `loadNumber` and `addNumber`
 * give numbers. A counter needs these two alone.
 *
 * Laws
 * - All atomic operations of all threads have one order that every thread agrees with (sequential consistency). So what was written before a
 *   store, by plain writes too, is seen by whoever loads what it stored.
 * - `add` and `addNumber` give the new value; `swap`, `and` and `or` the old one.
 * - `add` wraps, as in Go, and `add`, `and` and `or` take the lower 64 bits of any bigint: `and(~mask)`. A value to store or to compare with
 *   must fit.
 * - A number is never a rounded one: a value beyond the safe integers makes `loadNumber` and `addNumber` throw {@link BeyondSafeInteger},
 *   which has it. By then `addNumber` has added, exactly.
 *
 * Memory: its 8 bytes and nothing else; of its own, or at a multiple of 8 in any SharedArrayBuffer.
 *
 * Errors: {@link BeyondSafeInteger}; `InvalidAmount` for a number that is no safe integer, and a value that doesn't fit; `InvalidSharedPlace`, `SharedMemoryUnavailable`,
 * `HandleMismatch` where it can't be made.
 *
 * @example
 * const bytes = new AtomicUint64()
 * // To another thread: worker.postMessage(bytes.share()), and there AtomicUint64.from(handle).
 * bytes.addNumber(1_500)
 * console.log(bytes.loadNumber(), bytes.load())
 *
 * @see Go: atomic.Uint64
 * @since 0.2.0
 */
export class AtomicUint64 {
  /** @internal */
  protected static readonly shown = /* @__PURE__ */ shown("AtomicUint64", this, (atomic) =>
    Atomics.load(atomic.#word, 0),
  ) as true

  readonly #word: BigUint64Array<SharedArrayBuffer>

  /** In memory of its own, with a value to begin with; or the one that a handle names, as by `from`. */
  constructor(value: bigint | number | SharedHandle<"AtomicUint64"> = 0) {
    const isOwn = typeof value === "number" || typeof value === "bigint"
    const { buffer, offset } = placeOf(kind, 8, isOwn ? undefined : value)
    this.#word = new BigUint64Array(buffer, offset, 1)
    made(this)
    if (isOwn) Atomics.store(this.#word, 0, uint64("new AtomicUint64", value))
  }

  /** The word at `offset`, in bytes, with the value that is there. */
  static at(buffer: SharedArrayBuffer, offset: number): AtomicUint64 {
    return new AtomicUint64({ weft: kind, buffer, offset })
  }

  /** The atomic that another thread has shared. */
  static from(handle: SharedHandle<"AtomicUint64">): AtomicUint64 {
    return new AtomicUint64(handleOf(kind, handle))
  }

  /** What a message can carry to another thread, where `AtomicUint64.from` makes the atomic of it. */
  share(): SharedHandle<"AtomicUint64"> {
    return { weft: kind, buffer: this.#word.buffer, offset: this.#word.byteOffset }
  }

  load(): bigint {
    accessed(this)
    return Atomics.load(this.#word, 0)
  }

  /** The value as a number. */
  loadNumber(): number {
    accessed(this)
    return exact("AtomicUint64.loadNumber", Atomics.load(this.#word, 0))
  }

  store(value: bigint | number): void {
    accessed(this)
    Atomics.store(this.#word, 0, uint64("AtomicUint64.store", value))
  }

  /** Stores `value` and gives what was there. */
  swap(value: bigint | number): bigint {
    accessed(this)
    return Atomics.exchange(this.#word, 0, uint64("AtomicUint64.swap", value))
  }

  /** Stores `value` if `old` is there, and says whether it did. */
  compareAndSwap(old: bigint | number, value: bigint | number): boolean {
    accessed(this)
    const expected = uint64("AtomicUint64.compareAndSwap", old)
    return Atomics.compareExchange(this.#word, 0, expected, uint64("AtomicUint64.compareAndSwap", value)) === expected
  }

  /** Adds `delta`, which may be negative, and gives the new value. */
  add(delta: bigint | number): bigint {
    accessed(this)
    const wanted = wide("AtomicUint64.add", delta)
    return BigInt.asUintN(64, Atomics.add(this.#word, 0, wanted) + wanted)
  }

  /** Adds `delta`, which may be negative, and gives the new value as a number. */
  addNumber(delta: number): number {
    accessed(this)
    const old = Atomics.add(this.#word, 0, BigInt(whole("AtomicUint64.addNumber", delta)))
    const number = Number(old)
    const sum = number + delta
    // Both: of one beyond the safe integers that comes back to them, the number would be a rounded one. And what falls below zero has wrapped.
    if (Number.isSafeInteger(sum) && Number.isSafeInteger(number) && sum >= 0) return sum
    return exact("AtomicUint64.addNumber", BigInt.asUintN(64, old + BigInt(delta)))
  }

  /** Keeps the bits that `mask` has, and gives the old value. */
  and(mask: bigint | number): bigint {
    accessed(this)
    return Atomics.and(this.#word, 0, wide("AtomicUint64.and", mask))
  }

  /** Sets the bits that `mask` has, and gives the old value. */
  or(mask: bigint | number): bigint {
    accessed(this)
    return Atomics.or(this.#word, 0, wide("AtomicUint64.or", mask))
  }
}
