/**
 * AtomicBool: a yes or no that many threads use at once.
 *
 * Memory, one Int32 at `offset`, every access atomic: 0 is false, all else is true. This class writes 0 and 1; what the user's own code
 * wrote may be another.
 */
import { accessed, made } from "@weft/core"
import { InvalidAmount } from "../invalid-amount.ts"
import { handleOf, type SharedHandle } from "../shared/shared-handle.ts"
import { shown } from "../shown.ts"
import { placeOf } from "./atomic-word.ts"

const kind = "AtomicBool"

/**
 * A boolean in shared memory. Each operation is one step that no thread sees half done.
 *
 * Laws
 * - All atomic operations of all threads have one order that every thread agrees with (sequential consistency). So what was written before a
 *   store, by plain writes too, is seen by whoever loads what it stored.
 * - `swap`, `and` and `or` give the old value.
 *
 * Memory: 4 bytes, 0 or 1, and nothing else; of its own, or at a multiple of 4 in any SharedArrayBuffer.
 *
 * Errors: `InvalidAmount` for what is no boolean; `InvalidSharedPlace`, `SharedMemoryUnavailable`, `HandleMismatch` where it can't be made.
 *
 * @example
 * const ready = new AtomicBool()
 * // To another thread: worker.postMessage(ready.share()), and there AtomicBool.from(handle).
 * const isFirst = ready.compareAndSwap(false, true)
 *
 * @see Go: atomic.Bool
 * @since 0.2.0
 */
export class AtomicBool {
  /** @internal */
  protected static readonly shown = /* @__PURE__ */ shown(
    "AtomicBool",
    this,
    (atomic) => Atomics.load(atomic.#word, 0) !== 0,
  ) as true

  readonly #word: Int32Array<SharedArrayBuffer>

  /** In memory of its own, with a value to begin with; or the one that a handle names, as by `from`. */
  constructor(value: boolean | SharedHandle<"AtomicBool"> = false) {
    const { buffer, offset } = placeOf(kind, 4, typeof value === "boolean" ? undefined : value)
    this.#word = new Int32Array(buffer, offset, 1)
    made(this)
    if (typeof value === "boolean") this.store(value)
  }

  /** The word at `offset`, in bytes, with the value that is there. */
  static at(buffer: SharedArrayBuffer, offset: number): AtomicBool {
    return new AtomicBool({ weft: kind, buffer, offset })
  }

  /** The atomic that another thread has shared. */
  static from(handle: SharedHandle<"AtomicBool">): AtomicBool {
    return new AtomicBool(handleOf(kind, handle))
  }

  /** What a message can carry to another thread, where `AtomicBool.from` makes the atomic of it. */
  share(): SharedHandle<"AtomicBool"> {
    return { weft: kind, buffer: this.#word.buffer, offset: this.#word.byteOffset }
  }

  load(): boolean {
    accessed(this)
    return Atomics.load(this.#word, 0) !== 0
  }

  store(value: boolean): void {
    accessed(this)
    Atomics.store(this.#word, 0, bit("store", value))
  }

  /** Stores `value` and gives what was there. */
  swap(value: boolean): boolean {
    accessed(this)
    return Atomics.exchange(this.#word, 0, bit("swap", value)) !== 0
  }

  /** Stores `value` if `old` is there, and says whether it did. */
  compareAndSwap(old: boolean, value: boolean): boolean {
    accessed(this)
    const next = bit("compareAndSwap", value)
    let expected = bit("compareAndSwap", old)
    for (;;) {
      const found = Atomics.compareExchange(this.#word, 0, expected, next)
      if (found === expected) return true
      if ((found !== 0) !== old) return false
      // A true that is not 1.
      expected = found
    }
  }

  /** Keeps the value if `mask` is true, else stores false; gives the old value. */
  and(mask: boolean): boolean {
    return bit("and", mask) === 1 ? this.load() : this.swap(false)
  }

  /** Stores true if `mask` is true, else keeps the value; gives the old value. */
  or(mask: boolean): boolean {
    return bit("or", mask) === 1 ? this.swap(true) : this.load()
  }
}

/** A value from untyped code that is no boolean would be true as a string and false as NaN. */
function bit(what: string, value: boolean): number {
  if (typeof value !== "boolean") throw new InvalidAmount(`sync: AtomicBool.${what}`, value, "true or false")
  return value ? 1 : 0
}
