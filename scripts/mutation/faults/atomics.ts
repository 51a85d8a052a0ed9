import type { Fault } from "../fault.ts"

const int32 = "sync/src/atomics/atomic-int32.ts"
const uint32 = "sync/src/atomics/atomic-uint32.ts"
const int64 = "sync/src/atomics/atomic-int64.ts"
const uint64 = "sync/src/atomics/atomic-uint64.ts"
const bool = "sync/src/atomics/atomic-bool.ts"
const float64 = "sync/src/atomics/atomic-float64.ts"
const word = "sync/src/atomics/atomic-word.ts"

export const atomicsFaults: ReadonlyArray<Fault> = [
  {
    name: "atomic-int32: adds as numbers, which round",
    file: int32,
    find: "(delta | 0)) | 0",
    replace: "delta) | 0",
    breaks: "add wraps whatever is added",
  },
  {
    name: "atomic-int32: compares with what doesn't fit",
    file: int32,
    find: `int32("AtomicInt32.compareAndSwap", old)`,
    replace: `whole("AtomicInt32.compareAndSwap", old)`,
    breaks: "a value to compare with must fit",
  },
  {
    name: "atomic-int32: stores the lower bits of what doesn't fit",
    file: int32,
    find: `int32("AtomicInt32.store", value)`,
    replace: `whole("AtomicInt32.store", value)`,
    breaks: "a value to store must fit",
  },
  {
    name: "atomic-uint32: gives signed sums",
    file: uint32,
    find: "(delta | 0)) >>> 0",
    replace: "(delta | 0)) | 0",
    breaks: "values have no sign",
  },
  {
    name: "atomic-word: takes no value of 32 bits without a sign that is beyond those with one",
    file: word,
    find: "value >>> 0 === value",
    replace: "(value | 0) === value",
    breaks: "values have no sign",
  },
  {
    name: "atomic-int64: gives the number of a rounded value",
    file: int64,
    find: "Number.isSafeInteger(sum) && Number.isSafeInteger(number)",
    replace: "Number.isSafeInteger(sum)",
    breaks: "a number is never a rounded one",
  },
  {
    name: "atomic-int64: loads a rounded number",
    file: int64,
    find: `exact("AtomicInt64.loadNumber", Atomics.load(this.#word, 0))`,
    replace: "Number(Atomics.load(this.#word, 0))",
    breaks: "a number is never a rounded one",
  },
  {
    name: "atomic-int64: compares with what doesn't fit",
    file: int64,
    find: `int64("AtomicInt64.compareAndSwap", old)`,
    replace: `wide("AtomicInt64.compareAndSwap", old)`,
    breaks: "a value to compare with must fit",
  },
  {
    name: "atomic-uint64: stores the lower bits of what doesn't fit",
    file: uint64,
    find: `uint64("AtomicUint64.store", value)`,
    replace: `wide("AtomicUint64.store", value)`,
    breaks: "a value to store must fit",
  },
  {
    name: "atomic-int64: gives a sum of 65 bits",
    file: int64,
    find: "return BigInt.asIntN(64, Atomics.add(this.#word, 0, wanted) + wanted)",
    replace: "return Atomics.add(this.#word, 0, wanted) + wanted",
    breaks: "add wraps",
  },
  {
    name: "atomic-uint64: gives a negative number for what has wrapped",
    file: uint64,
    find: " && sum >= 0",
    replace: "",
    breaks: "values have no sign",
  },
  {
    name: "atomic-bool: finds no true but 1",
    file: bool,
    find: "      expected = found\n",
    replace: "      return false\n",
    breaks: "all but 0 is true",
  },
  {
    name: "atomic-bool: swaps a false that should be true",
    file: bool,
    find: "if ((found !== 0) !== old) return false",
    replace: "if (found === 0) return false",
    breaks: "compareAndSwap stores only where it finds old",
  },
  {
    name: "atomic-bool: gives the new value for and",
    file: bool,
    find: "? this.load() : this.swap(false)",
    replace: "? this.load() : (this.store(false), this.load())",
    breaks: "and gives the old value",
  },
  {
    name: "atomic-bool: orders nothing for explore",
    file: bool,
    find: "load(): boolean {\n    accessed(this)\n",
    replace: "load(): boolean {\n",
    breaks: "what came before a store comes before what follows a load that saw it",
  },
  {
    name: "atomic-float64: adds by a load and a store",
    file: float64,
    find: "found = Atomics.compareExchange(this.#word, 0, expected, bitsOf(sum))",
    replace: "found = (Atomics.store(this.#word, 0, bitsOf(sum)), expected)",
    breaks: "no addition is lost",
  },
  {
    name: "atomic-float64: compares as === does",
    file: float64,
    find: "while (Object.is(floatOf(found), old))",
    replace: "while (floatOf(found) === old)",
    breaks: "NaN is NaN, and 0 is not -0",
  },
  {
    name: "atomic-float64: gives up where a NaN's bits have changed",
    file: float64,
    find: "if (found === expected) return true",
    replace: "return found === expected",
    breaks: "NaN is NaN, whatever its bits",
  },
  {
    name: "atomic-word: lets 8 bytes lie at a multiple of 4",
    file: word,
    find: "checkSharedPlace(kind, bytes, bytes, buffer, offset)",
    replace: "checkSharedPlace(kind, bytes, 4, buffer, offset)",
    breaks: "an atomic lies at a multiple of its size",
  },
  {
    name: "atomic-word: takes integers that numbers round",
    file: word,
    find: "if (Number.isSafeInteger(value)) return value",
    replace: "if (Number.isInteger(value)) return value",
    breaks: "a number is never a rounded one",
  },
  {
    name: "shared-words: lets a word end beyond the memory",
    file: "core/src/shared-words.ts",
    find: "offset + bytes <= buffer.byteLength",
    replace: "offset < buffer.byteLength",
    breaks: "a place is inside the memory",
  },
]
