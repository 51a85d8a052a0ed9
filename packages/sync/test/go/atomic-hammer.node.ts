/** What the threads of atomic-test.node.test.ts run. */
import {
  AtomicBool,
  AtomicFloat64,
  AtomicInt32,
  AtomicInt64,
  AtomicUint32,
  AtomicUint64,
  type SharedHandle,
} from "@weft/sync"

export const integers = { Int32: AtomicInt32, Uint32: AtomicUint32, Int64: AtomicInt64, Uint64: AtomicUint64 }
export type Kind = keyof typeof integers

/** An atomic integer of any kind, in bigints. */
export class Integer {
  readonly size: number
  readonly isSigned: boolean
  readonly #narrow: AtomicInt32 | AtomicUint32 | undefined
  readonly #wide: AtomicInt64 | AtomicUint64 | undefined

  constructor(kind: Kind, buffer: SharedArrayBuffer, offset: number) {
    const atomic = integers[kind].at(buffer, offset)
    const isWide = atomic instanceof AtomicInt64 || atomic instanceof AtomicUint64
    this.size = isWide ? 64 : 32
    this.isSigned = !kind.startsWith("U")
    this.#wide = isWide ? atomic : undefined
    this.#narrow = isWide ? undefined : atomic
  }

  /** As the type has it: wrapped. */
  wrapped(value: bigint): bigint {
    return this.isSigned ? BigInt.asIntN(this.size, value) : BigInt.asUintN(this.size, value)
  }
  load(): bigint {
    return this.#wide?.load() ?? BigInt(this.#narrow!.load())
  }
  store(value: bigint): void {
    if (this.#wide !== undefined) this.#wide.store(value)
    else this.#narrow!.store(Number(value))
  }
  swap(value: bigint): bigint {
    return this.#wide?.swap(value) ?? BigInt(this.#narrow!.swap(Number(value)))
  }
  compareAndSwap(old: bigint, value: bigint): boolean {
    return this.#wide?.compareAndSwap(old, value) ?? this.#narrow!.compareAndSwap(Number(old), Number(value))
  }
  add(delta: bigint): bigint {
    return this.#wide?.add(delta) ?? BigInt(this.#narrow!.add(Number(delta)))
  }
  and(mask: bigint): bigint {
    return this.#wide?.and(mask) ?? BigInt(this.#narrow!.and(Number(mask)))
  }
  or(mask: bigint): bigint {
    return this.#wide?.or(mask) ?? BigInt(this.#narrow!.or(Number(mask)))
  }
}

export const operations = ["Swap", "Add", "CompareAndSwap", "Load", "Store", "And", "Or"] as const
export type Operation = (typeof operations)[number]

/** The word of each integer lies in the middle of three of its size; Go puts these on both sides. */
const magic = 0xdeddeadbeefbeef0n

/** Go's test of one operation on one integer: for every power of two, both ways round. Answers what went wrong. */
export function check(operation: Operation, kind: Kind, buffer: SharedArrayBuffer): Array<string> {
  const size = integers[kind] === AtomicInt32 || integers[kind] === AtomicUint32 ? 4 : 8
  const [before, word, after] = [0, 1, 2].map((i) => new Integer(kind, buffer, i * size)) as [Integer, Integer, Integer]
  before.store(before.wrapped(magic))
  after.store(after.wrapped(magic))
  word.store(0n)
  const wrong: Array<string> = []
  const expectEqual = (what: string, found: unknown, wanted: unknown) => {
    if (found !== wanted) wrong.push(`${what}: ${String(found)}, not ${String(wanted)}`)
  }
  let is = 0n
  for (let bit = 0; bit < word.size; bit++) {
    const value = word.wrapped(1n << BigInt(bit))
    step(operation, word, is, value, expectEqual)
    is = word.load()
  }
  expectEqual("the word before", before.load(), before.wrapped(magic))
  expectEqual("the word after", after.load(), after.wrapped(magic))
  return wrong
}

function step(
  operation: Operation,
  word: Integer,
  is: bigint,
  value: bigint,
  expectEqual: (what: string, found: unknown, wanted: unknown) => void,
): void {
  switch (operation) {
    case "Swap":
      expectEqual("swap", word.swap(value), is)
      return expectEqual("load", word.load(), value)
    case "Add":
      expectEqual("add", word.add(value), word.wrapped(is + value))
      return expectEqual("load", word.load(), word.wrapped(is + value))
    case "CompareAndSwap":
      expectEqual("another is there", word.compareAndSwap(word.wrapped(is + 1n), value), false)
      expectEqual("load", word.load(), is)
      expectEqual("that is there", word.compareAndSwap(is, value), true)
      return expectEqual("load", word.load(), value)
    case "Load":
    case "Store":
      word.store(value)
      expectEqual("load", word.load(), value)
      return expectEqual("load again", word.load(), value)
    case "And":
      word.store(word.wrapped(-1n))
      expectEqual("and", word.and(value), word.wrapped(-1n))
      return expectEqual("load", word.load(), value)
    case "Or":
      expectEqual("or", word.or(value), is)
      return expectEqual("load", word.load(), word.wrapped(is | value))
  }
}

/** All of Go's tests of one operation, on another thread than the one that made the memory. */
export function checkAll(buffer: SharedArrayBuffer): Record<string, Array<string>> {
  const kinds = Object.keys(integers) as Array<Kind>
  return Object.fromEntries(
    operations.flatMap((operation) => kinds.map((kind) => [operation + kind, check(operation, kind, buffer)])),
  )
}

export interface Hammering {
  readonly work: "hammer" | "hammerStoreLoad" | "storeThenLoad" | "publish"
  readonly kinds: ReadonlyArray<Kind>
  /** Of each kind, zeroed. */
  readonly buffers: ReadonlyArray<SharedArrayBuffer>
  readonly times: number
}

/** Where one kind is hammered. */
interface Place {
  readonly kind: Kind
  readonly buffer: SharedArrayBuffer
  readonly times: number
}

const works = { hammer, hammerStoreLoad, storeThenLoad, publish }

/** One kind after the other: starting threads takes longer than what they do. */
export function hammerAll({ buffers, kinds, times, work }: Hammering, index: number): void {
  for (const [i, kind] of kinds.entries()) works[work]({ kind, buffer: buffers[i]!, times }, index)
}

/** What takes part in hammering: fast, in the type's own values, so that the threads meet. */
interface Word<V> {
  load(): V
  store(value: V): void
  swap(value: V): V
  compareAndSwap(old: V, value: V): boolean
  add(delta: V | number): V
}

/** Values both halves of which are alike, so that a torn one shows. */
interface Halves<V> {
  next(value: V): V
  doubled(half: number): V
  /** Answers the half that both are. */
  half(value: V): number
}

const halvesOfInt32: Halves<number> = {
  next: (value) => value + 1,
  doubled: (half) => ((half & 0xffff) << 16) | (half & 0xffff),
  half: (value) => same(value >>> 16, value & 0xffff),
}

const halvesOf32: Record<"Int32" | "Uint32", Halves<number>> = {
  Int32: halvesOfInt32,
  Uint32: { ...halvesOfInt32, doubled: (half) => halvesOfInt32.doubled(half) >>> 0 },
}

const halvesOf64: Halves<bigint> = {
  next: (value) => value + 1n,
  doubled: (half) => (BigInt(half >>> 0) << 32n) | BigInt(half >>> 0),
  half: (value) => same(Number(BigInt.asUintN(32, value >> 32n)), Number(BigInt.asUintN(32, value))),
}

function same(high: number, low: number): number {
  if (low !== high) throw new Error(`torn: ${high.toString(16)} and ${low.toString(16)}`)
  return low
}

/** Adds by add to the first word, by compare-and-swap to the second, and swaps the third. */
function hammer({ buffer, kind, times }: Place, index: number): void {
  if (kind === "Int32" || kind === "Uint32")
    hammerWords(
      [0, 4, 8].map((at) => integers[kind].at(buffer, at)),
      halvesOf32[kind],
      times,
      index,
    )
  else
    hammerWords(
      [0, 8, 16].map((at) => integers[kind].at(buffer, at)),
      halvesOf64,
      times,
      index,
    )
}

function hammerWords<V>(words: Array<Word<V>>, { doubled, half, next }: Halves<V>, times: number, index: number): void {
  const [added, compared, swapped] = words as [Word<V>, Word<V>, Word<V>]
  // Each in a loop of its own: what is not atomic then takes up most of it.
  for (let i = 0; i < times; i++) added.add(1)
  for (let i = 0; i < times; i++) {
    for (;;) {
      const value = compared.load()
      if (compared.compareAndSwap(value, next(value))) break
    }
  }
  for (let i = 0; i < times; i++) half(swapped.swap(doubled(index * 1_000_003 + i)))
}

function hammerStoreLoad({ buffer, kind, times }: Place): void {
  if (kind === "Int32" || kind === "Uint32") storeLoadWord(integers[kind].at(buffer, 0), halvesOf32[kind], times)
  else storeLoadWord(integers[kind].at(buffer, 0), halvesOf64, times)
}

function storeLoadWord<V>(word: Word<V>, { doubled, half }: Halves<V>, times: number): void {
  for (let i = 0; i < times; i++) {
    const is = half(word.load())
    word.store(doubled(is === 10_000 ? 0 : is + 1))
  }
}

/** Two threads store to their own word and then load the other's. At least one of them must see what the other stored. */
function storeThenLoad({ buffer, kind, times }: Place, me: number): void {
  const size = kind.endsWith("64") ? 8n : 4n
  const at = (i: number) => new Integer(kind, buffer, i * Number(size))
  const he = 1 - me
  const stored = [at(0), at(1)]
  // What each has seen in a round, and one more: 0 is not yet.
  const seen = [[at(2), at(3), at(4)] as const, [at(5), at(6), at(7)] as const] as const
  for (let i = 1; i < times; i++) {
    const [now, last] = [i % 3, (i - 1) % 3]
    stored[me]!.store(BigInt(i))
    const mine = Number(stored[he]!.load())
    seen[me]![now]!.store(BigInt(mine + 1))
    for (let spins = 1; seen[he]![now]!.load() === 0n; spins++) giveWay(spins)
    const his = Number(seen[he]![now]!.load()) - 1
    if ((mine !== i && mine !== i - 1) || (his !== i && his !== i - 1))
      throw new Error(`invalid: ${mine}, ${his}, ${i}`)
    if (mine !== i && his !== i) throw new Error(`neither saw the other's store: ${mine}, ${his}, ${i}`)
    seen[me]![last]!.store(0n)
  }
}

/** In turns one thread writes data by plain writes and then stores the flag; the other waits for the flag and reads. */
function publish({ buffer, kind, times }: Place, me: number): void {
  const flag = new Integer(kind, buffer, 0)
  const data1 = new Float64Array(buffer, 128, 1)
  const data2 = new Float64Array(buffer, 256, 1)
  for (let i = 1; i < times; i++) {
    if ((i + me) % 2 === 0) {
      data1[0] = i
      data2[0] = i
      flag.store(BigInt(i))
    } else {
      for (let spins = 1; flag.load() !== BigInt(i); spins++) giveWay(spins)
      if (data1[0] !== i || data2[0] !== i) throw new Error(`incorrect: ${data1[0]}, ${data2[0]}, ${i}`)
    }
  }
}

const nobodys = new Int32Array(new SharedArrayBuffer(4))

/** Go's Gosched, for a thread: there may be fewer processors than threads. */
function giveWay(spins: number): void {
  if (spins % 1_000 === 0) Atomics.wait(nobodys, 0, 0, 0.001)
}

export function addNumbers({ handle, times }: { handle: SharedHandle<"AtomicInt64">; times: number }): number {
  const counter = AtomicInt64.from(handle)
  let highest = 0
  for (let i = 0; i < times; i++) highest = counter.addNumber(1)
  return highest
}

export function addDoubles({ handle, times }: { handle: SharedHandle<"AtomicFloat64">; times: number }): void {
  const sum = AtomicFloat64.from(handle)
  for (let i = 0; i < times; i++) sum.add(0.5)
}

/** Counts a plain word, guarded by a boolean that one thread at a time gets from false to true. */
export function guarded({ handle, times, word }: Guarded): void {
  const taken = AtomicBool.from(handle)
  for (let i = 0; i < times; i++) {
    for (let spins = 1; !taken.compareAndSwap(false, true); spins++) giveWay(spins)
    word[0] = word[0]! + 1
    taken.store(false)
  }
}

export interface Guarded {
  readonly handle: SharedHandle<"AtomicBool">
  readonly word: Int32Array
  readonly times: number
}
