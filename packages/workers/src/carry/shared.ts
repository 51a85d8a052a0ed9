/**
 * What lies in shared memory: its handle goes in the message, and its class makes it of that on the other side.
 */
import {
  codec,
  type Codec,
  sharedChan,
  SharedChannel,
  type SharedChannelHandle,
  type SizedCodec,
  spread,
} from "@weft/channels"
import {
  AtomicBool,
  AtomicFloat64,
  AtomicInt32,
  AtomicInt64,
  AtomicUint32,
  AtomicUint64,
  SharedBarrier,
  SharedCond,
  type SharedHandle,
  SharedMutex,
  SharedOnce,
  SharedRWMutex,
  SharedSemaphore,
  SharedWaitGroup,
} from "@weft/sync"
import { whenGone } from "../channels/hub.ts"
import { WeakBag } from "../weak-bag.ts"

/** What this thread has sent or been sent: any thread may hold such a lock, whoever gave it to it. */
const known = new WeakBag<TellsOfDeath>()
whenGone((thread) => {
  for (const each of known) each.threadDied(thread)
})

interface Shareable {
  share(): unknown
}

interface SharedClass {
  new (...args: ReadonlyArray<never>): Shareable
  from(handle: never): Shareable
}

const classes: ReadonlyMap<string, SharedClass> = new Map<string, SharedClass>(
  Object.entries({
    AtomicBool,
    AtomicFloat64,
    AtomicInt32,
    AtomicInt64,
    AtomicUint32,
    AtomicUint64,
    SharedBarrier,
    SharedCond,
    SharedMutex,
    SharedOnce,
    SharedRWMutex,
    SharedSemaphore,
    SharedWaitGroup,
  } as unknown as Record<string, SharedClass>),
)

/** Each is found by its class, not by its name: a minifier changes names. */
const kinds: ReadonlyMap<unknown, string> = new Map([...classes].map(([name, it]) => [it, name]))

export function isShared(value: object): boolean {
  return value instanceof SharedChannel || kinds.has(value.constructor)
}

/** Locks and channels that must be told when a thread has ended which used them. */
interface TellsOfDeath {
  threadDied(thread: number): void
}

function know<T>(value: T): T {
  if (typeof (value as Partial<TellsOfDeath>).threadDied === "function") known.add(value as TellsOfDeath)
  return value
}

/** What handles went by of, by its memory: told of for as long as that is here, as nobody here need have what this is. */
const passed = new WeakMap<SharedArrayBuffer, Map<string, TellsOfDeath>>()

/** A handle goes by, of which the other thread makes something by itself. */
export function noticeHandle(handle: object): void {
  const { buffer, offset, weft } = handle as SharedHandle
  const key = `${weft} ${offset}`
  try {
    const ofMemory = passed.get(buffer) ?? new Map<string, TellsOfDeath>()
    passed.set(buffer, ofMemory)
    if (ofMemory.has(key)) return
    const it = tellable(handle as SharedHandle) as Partial<TellsOfDeath>
    if (it.threadDied !== undefined) ofMemory.set(key, know(it as TellsOfDeath))
  } catch {
    // It is none, but data with a field of that name.
  }
}

function tellable(handle: SharedHandle): unknown {
  if (handle.weft === "SharedCond") return condFrom(undefined, handle)
  // Whatever its codec is, which the handle does not say.
  return handle.weft === "SharedChannel" ? SharedChannel.mournersOf(handle) : sharedFrom(handle)
}

interface ChannelInShared {
  readonly codec: string
  readonly handle: SharedChannelHandle
}

export function shareOf(value: object): unknown {
  know(value)
  if (!(value instanceof SharedChannel)) return (value as Shareable).share()
  const name = value.codecName
  // Here, where somebody can read it, and not there.
  codecNamed(name)
  const carried: ChannelInShared = { codec: name, handle: value.share() }
  return carried
}

export function sharedFrom(what: unknown): unknown {
  const { weft } = what as Partial<SharedHandle>
  if (weft !== undefined) return know(classes.get(weft)!.from(what as never))
  const { codec: name, handle } = what as ChannelInShared
  return know(sharedChan.from(codecNamed(name), handle))
}

export function condFrom(locker: unknown, handle: unknown): SharedCond {
  return know(SharedCond.from(locker as never, handle as never))
}

/** The codec that calls itself so. Throws where that can't be told: a schema is code. */
export function codecNamed(name: string): Codec<unknown> {
  const parser = new Parser(name)
  const found = parser.codec()
  if (found === undefined || !parser.isAtEnd) throw new Error(`a shared channel of codec ${name}`)
  return found
}

const plain: Readonly<Record<string, unknown>> = {
  f64: codec.f64,
  i32: codec.i32,
  u32: codec.u32,
  i64: codec.i64,
  bool: codec.bool,
}

const sized: Readonly<Record<string, unknown>> = {
  bytes: codec.bytes,
  utf8: codec.utf8,
  json: codec.json,
}

/** Reads names such as "struct(x:f64,label:utf8(20))". */
class Parser {
  #rest: string

  constructor(name: string) {
    this.#rest = name
  }

  get isAtEnd(): boolean {
    return this.#rest === ""
  }

  codec(): Codec<unknown> | undefined {
    const word = this.#take(/^[a-z]+\d*/)
    if (word === "struct") return this.#struct()
    if (word === "spread") return this.#spread()
    if (word === undefined) return undefined
    const ofSize = sized[word] as ((max: number) => Codec<unknown>) | undefined
    if (ofSize === undefined) return plain[word] as Codec<unknown> | undefined
    const max = this.#take(/^\(\d+\)/)
    return max === undefined ? undefined : ofSize(Number(max.slice(1, -1)))
  }

  #spread(): Codec<unknown> | undefined {
    const inner = this.#take(/^\(/) === undefined ? undefined : this.codec()
    const place = inner === undefined ? undefined : this.#take(/^,\d+\)/)
    return place === undefined ? undefined : spread(inner as SizedCodec<unknown>, Number(place.slice(1, -1)))
  }

  #struct(): Codec<unknown> | undefined {
    const fields: Record<string, Codec<unknown>> = {}
    let next = this.#take(/^\(\)/) === undefined ? this.#take(/^\(/) : ")"
    while (next !== undefined && next !== ")") {
      const field = this.#take(/^[A-Za-z_$][\w$]*:/)
      const of = field === undefined ? undefined : this.codec()
      if (field === undefined || of === undefined) return undefined
      fields[field.slice(0, -1)] = of
      next = this.#take(/^[,)]/)
    }
    return next === ")" ? codec.struct(fields) : undefined
  }

  #take(pattern: RegExp): string | undefined {
    const [found] = pattern.exec(this.#rest) ?? []
    if (found !== undefined) this.#rest = this.#rest.slice(found.length)
    return found
  }
}
