/**
 * AtomicFloat64: a double that many threads use at once.
 *
 * Memory, one Float64 at `offset`, every access atomic: the value. JavaScript has no atomics on Float64Array, so all accesses go to the same
 * 8 bytes as a BigInt64Array.
 *
 * A double and its bits turn into each other in `floats` and `bits`, two views of 16 bytes of this thread's own. Nothing runs between the
 * writing of one view and the reading of the other.
 */
import { accessed, made } from "@weft/core"
import { InvalidAmount } from "../invalid-amount.ts"
import { handleOf, type SharedHandle } from "../shared/shared-handle.ts"
import { shown } from "../shown.ts"
import { placeOf } from "./atomic-word.ts"

const kind = "AtomicFloat64"

const memory = /* @__PURE__ */ new ArrayBuffer(8)
const bits = /* @__PURE__ */ new BigInt64Array(memory)
const floats = /* @__PURE__ */ new Float64Array(memory)

/**
 * A number, any number, in shared memory. Each operation is one step that no thread sees half done.
 *
 * Laws
 * - All atomic operations of all threads have one order that every thread agrees with (sequential consistency). So what was written before a
 *   store, by plain writes too, is seen by whoever loads what it stored.
 * - `add` gives the new value, `swap` the old one. No addition is lost; as ever with doubles, their order may show in the last digits.
 * - `compareAndSwap` compares as `Object.is` does: NaN is NaN, and 0 is not -0.
 * - `add` is a loop of compare-and-swap: some thread always gets on, but not every one in a bounded number of steps.
 *
 * Memory: its 8 bytes and nothing else; of its own, or at a multiple of 8 in any SharedArrayBuffer.
 *
 * Errors: `InvalidAmount` for what is no number; `InvalidSharedPlace`, `SharedMemoryUnavailable`, `HandleMismatch` where it can't be made.
 *
 * @example
 * const load = new AtomicFloat64()
 * // To another thread: worker.postMessage(load.share()), and there AtomicFloat64.from(handle).
 * load.add(0.25)
 * console.log(load.load())
 *
 * @since 0.2.0
 */
export class AtomicFloat64 {
  /** @internal */
  protected static readonly shown = /* @__PURE__ */ shown("AtomicFloat64", this, (atomic) =>
    floatOf(Atomics.load(atomic.#word, 0)),
  ) as true

  readonly #word: BigInt64Array<SharedArrayBuffer>

  /** In memory of its own, with a value to begin with; or the one that a handle names, as by `from`. */
  constructor(value: number | SharedHandle<"AtomicFloat64"> = 0) {
    const { buffer, offset } = placeOf(kind, 8, typeof value === "number" ? undefined : value)
    this.#word = new BigInt64Array(buffer, offset, 1)
    made(this)
    if (typeof value === "number") this.store(value)
  }

  /** The word at `offset`, in bytes, with the value that is there. */
  static at(buffer: SharedArrayBuffer, offset: number): AtomicFloat64 {
    return new AtomicFloat64({ weft: kind, buffer, offset })
  }

  /** The atomic that another thread has shared. */
  static from(handle: SharedHandle<"AtomicFloat64">): AtomicFloat64 {
    return new AtomicFloat64(handleOf(kind, handle))
  }

  /** What a message can carry to another thread, where `AtomicFloat64.from` makes the atomic of it. */
  share(): SharedHandle<"AtomicFloat64"> {
    return { weft: kind, buffer: this.#word.buffer, offset: this.#word.byteOffset }
  }

  load(): number {
    accessed(this)
    return floatOf(Atomics.load(this.#word, 0))
  }

  store(value: number): void {
    accessed(this)
    Atomics.store(this.#word, 0, bitsOf(numeric("store", value)))
  }

  /** Stores `value` and gives what was there. */
  swap(value: number): number {
    accessed(this)
    return floatOf(Atomics.exchange(this.#word, 0, bitsOf(numeric("swap", value))))
  }

  /** Stores `value` if `old` is there, and says whether it did. */
  compareAndSwap(old: number, value: number): boolean {
    accessed(this)
    numeric("compareAndSwap", old)
    const next = bitsOf(numeric("compareAndSwap", value))
    let found = Atomics.load(this.#word, 0)
    // By the bits that are there, not by those of `old`: NaN has many.
    while (Object.is(floatOf(found), old)) {
      const expected = found
      found = Atomics.compareExchange(this.#word, 0, expected, next)
      if (found === expected) return true
    }
    return false
  }

  /** Adds `delta`, which may be negative, and gives the new value. */
  add(delta: number): number {
    accessed(this)
    numeric("add", delta)
    let found = Atomics.load(this.#word, 0)
    for (;;) {
      const expected = found
      const sum = floatOf(expected) + delta
      found = Atomics.compareExchange(this.#word, 0, expected, bitsOf(sum))
      if (found === expected) return sum
    }
  }
}

function floatOf(value: bigint): number {
  bits[0] = value
  return floats[0]!
}

function bitsOf(value: number): bigint {
  floats[0] = value
  return bits[0]!
}

/** Answers `value`: what untyped code passes by mistake would become NaN without a word. */
function numeric(what: string, value: number): number {
  if (typeof value === "number") return value
  throw new InvalidAmount(`sync: AtomicFloat64.${what}`, value, "a number")
}
