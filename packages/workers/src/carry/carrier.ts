/**
 * Carrier: how values go to another thread.
 *
 * Structured clone does most of it. What it can't clone is refused here, with its place in the value, before anything is sent. What Weft can make
 * again there (a channel, a context, a lock in shared memory, a task) goes as a {@link Carried}, and the other side puts the thing in its place.
 */
import { Channel, Receiver } from "@weft/channels"
import {
  Barrier,
  Cond,
  ErrorGroup,
  Latch,
  Mutex,
  Once,
  RateLimiter,
  RWMutex,
  Semaphore,
  SharedCond,
  SingleFlight,
  WaitGroup,
} from "@weft/sync"
import { type Context, Op, Waiter } from "@weft/core"
import { type CarriedChannel, carriedNoMore, carryChannel } from "../channels/carry-channel.ts"
import { NotCloneable } from "../not-cloneable.ts"
import { carriedTask } from "../load-task.ts"
import { isTask } from "../task.ts"
import { Transfer, untransferable } from "../transfer.ts"
import { type CarriedKey, type Watch, Watched } from "./context.ts"
import { packError } from "./error.ts"
import { hasJustItems, isPrimitive } from "./plain-data.ts"
import { type Again, cloned, remade, tagOf, withInstead } from "./rebuilt.ts"
import { isShared, noticeHandle, shareOf } from "./shared.ts"

/** In the place of what is made again on the other side. */
export interface Carried {
  readonly [mark]: CarriedKind
  readonly what: unknown
}
export const mark = "@weft/carried"
export type CarriedKind = "shared" | "cond" | "task" | "channel" | "error" | "context" | "signal"

/** What a {@link SharedCond} goes as. */
export interface CarriedCond {
  readonly handle: unknown
  readonly locker: unknown
}

/** A value made ready for a message. */
export interface Packed {
  readonly value: unknown
  readonly isCarried: boolean
}

/** What goes with a task beside its arguments. */
export interface Along {
  readonly transfer: ReadonlyArray<object>
  readonly watched: ReadonlyArray<Watch>
  /** It is over: nobody needs what was lent to it. */
  release(): void
}

/** One message's worth: what is transferred with it, and whose task it is for errors; nobody's for a value sent. */
export class Packer implements Along {
  readonly task: string | undefined
  readonly transfer: Array<object> = []
  readonly watched: Array<Watched> = []
  readonly #to: number | undefined
  #channels: Array<CarriedChannel> = []
  readonly #replaced = new Map<object, unknown>()
  /** (object, path)* of the level below the one that is looked at. */
  #next: Array<unknown> = []
  #isCarried = false
  /** Something stands in it for something else. */
  #isRebuilt = false

  /** `to`: the thread to which it goes; undefined for a task's arguments, which whatever thread may have. */
  constructor(task: string | undefined, to: number | undefined) {
    this.task = task
    this.#to = to
  }

  /** Nobody has to be told of it, now or later. */
  get isAlone(): boolean {
    return this.transfer.length + this.watched.length + this.#channels.length === 0
  }

  release(): void {
    const channels = this.#channels
    this.#channels = []
    for (const each of channels) carriedNoMore(each)
  }

  /** Throws {@link NotCloneable}, and has changed nothing then. */
  pack(value: unknown, path: string): Packed {
    if (isPrimitive(value)) return { value, isCarried: false }
    try {
      this.#lookAll(value, path)
    } catch (error) {
      this.release()
      throw error
    }
    return { value: this.#isRebuilt ? withInstead(value, this.#replaced) : value, isCarried: this.#isCarried }
  }

  /** Level by level: for what is deep a recursion may find the stack too short. */
  #lookAll(value: unknown, path: string): void {
    const above = levels
    const others = this.#next
    const seen = new Set<object>()
    try {
      this.#next = []
      this.#look(value, path, seen)
      for (let level = this.#next; level.length > 0; level = this.#next) {
        if (++levels > deepest) throw this.#refusal(beginningOf(level[1] as string), level[0], tooDeep, flatAdvice)
        this.#next = []
        for (let i = 0; i < level.length; i += 2) this.#lookInto(level[i] as object, level[i + 1] as string, seen)
      }
    } finally {
      levels = above
      this.#next = others
    }
  }

  #look(value: unknown, path: string, seen: Set<object>): void {
    switch (typeof value) {
      case "function":
        if (isTask(value)) return this.#carry(value, "task", carriedTask(value))
        throw this.#refusal(path, value, "a function", functionAdvice)
      case "symbol":
        throw this.#refusal(path, value, "a symbol", "pass a string and look the symbol up there")
      case "object":
        if (value !== null && !seen.has(value)) {
          seen.add(value)
          this.#next.push(value, path)
        }
    }
  }

  #lookInto(value: object, path: string, seen: Set<object>): void {
    const prototype: unknown = Object.getPrototypeOf(value)
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) {
        const item: unknown = value[i]
        if (!isPrimitive(item)) this.#look(item, `${path}[${i}]`, seen)
      }
      if (value.length <= mostNamed && !hasJustItems(value)) this.#fields(value, path, seen)
    } else if (prototype === Object.prototype || prototype === null) this.#fields(value, path, seen)
    else if (ArrayBuffer.isView(value)) return
    else if (value instanceof Transfer) {
      for (const item of value.list) {
        const against = untransferable(item)
        if (against !== undefined) throw this.#refusal(path, value.value, `a transfer of ${against[0]}`, against[1])
        this.transfer.push(item)
        seen.add(item)
        this.#replaced.set(item, item)
      }
      this.#isRebuilt = true
      this.#look(value.value, path, seen)
    } else if (value instanceof Map) {
      for (const [key, item] of value) {
        this.#look(key, `${path} key`, seen)
        this.#look(item, keyed(path, key), seen)
      }
    } else if (value instanceof Set) for (const item of value) this.#look(item, `${path} item`, seen)
    else this.#lookAtThing(value, path, seen)
  }

  #fields(value: object, path: string, seen: Set<object>): void {
    for (const key of Object.keys(value)) {
      if (key === "weft") noticeHandle(value)
      const item = (value as Record<string, unknown>)[key]
      if (!isPrimitive(item)) this.#look(item, at(path, key), seen)
    }
  }

  /** An instance of some class. */
  #lookAtThing(value: object, path: string, seen: Set<object>): void {
    if (value instanceof Channel) return this.#carry(value, "channel", this.#channel(value as Channel<unknown>))
    if (value instanceof SharedCond) return this.#cond(value, path)
    if (isShared(value)) return this.#shared(value, path)
    if (value instanceof Error) return this.#carry(value, "error", packError(value))
    if (isContext(value)) {
      this.#lookAtWatched(value, path, "a context")
      const packValue = (item: unknown, key: CarriedKey) => this.#packApart(item, valueOf(path, key))
      return this.#carry(value, "context", this.#watch(Watched.context(value, packValue)))
    }
    if (typeof AbortSignal !== "undefined" && value instanceof AbortSignal) {
      this.#lookAtWatched(value, path, "an AbortSignal")
      return this.#carry(value, "signal", this.#watch(Watched.signal(value)))
    }
    for (const [kind, shared] of local)
      if (value instanceof kind) throw this.#refusal(path, value, `a ${kind.name}, which lives in one thread`, shared)
    for (const [is, what, advice] of bound) if (is(value)) throw this.#refusal(path, value, what(value), advice)
    const tag = tagOf(value)
    if (refused.has(tag))
      throw this.#refusal(path, value, `${tag.startsWith("A") ? "an" : "a"} ${tag}`, refused.get(tag)!)
    if (!cloned.has(tag)) this.#fields(value, path, seen)
  }

  /** Its end is told of for as long as a task runs; of what goes for good nobody knows how long. */
  #lookAtWatched(value: object, path: string, what: string): void {
    if (this.#to === undefined) return
    throw this.#refusal(path, value, `${what}, which goes along with a task only`, "pass it as an argument")
  }

  #refusal(path: string, value: unknown, what: string, advice: string): NotCloneable {
    return new NotCloneable(this.task, path, value, what, advice)
  }

  #carry(value: object, kind: CarriedKind, what: unknown): void {
    this.#isCarried = this.#isRebuilt = true
    const carried: Carried = { [mark]: kind, what }
    this.#replaced.set(value, carried)
  }

  #shared(value: object, path: string): void {
    if (this.#replaced.has(value)) return
    let what: unknown
    try {
      what = shareOf(value)
    } catch (error) {
      throw this.#refusal(path, value, (error as Error).message, sharedAdvice)
    }
    this.#carry(value, "shared", what)
  }

  /** Its lock goes along, and is there the very one that goes beside it. */
  #cond(cond: SharedCond, path: string): void {
    const { locker } = cond
    if (!isShared(locker)) throw this.#refusal(path, cond, "a SharedCond over a lock that can't go along", condAdvice)
    this.#shared(locker, `${path}.locker`)
    const what: CarriedCond = { handle: shareOf(cond), locker: this.#replaced.get(locker) }
    this.#carry(cond, "cond", what)
  }

  #channel(channel: Channel<unknown>): unknown {
    const carried = carryChannel(channel, this.#to)
    if (carried !== undefined) this.#channels.push(carried)
    return carried
  }

  #watch(watched: Watched): unknown {
    this.watched.push(watched)
    return watched.carried
  }

  #packApart(value: unknown, path: string): unknown {
    this.#lookAll(value, path)
    return withInstead(value, this.#replaced)
  }
}

export const isCarried = (item: unknown): item is Carried => typeof item === "object" && item !== null && mark in item

/** Puts what was made again in its place; `make` makes it, and by `again` what it goes with. */
export const unpack = (value: unknown, make: (carried: Carried, again: Again) => unknown): unknown =>
  remade(value, isCarried, make)

/** Of a Map. */
export const keyed = (path: string, key: unknown): string =>
  `${path}.get(${typeof key === "string" ? JSON.stringify(key) : String(key)})`

/** Of a context. */
export const valueOf = (path: string, key: CarriedKey): string =>
  `${path}.value(${typeof key === "object" ? `Symbol.for(${JSON.stringify(key.symbol)})` : JSON.stringify(key)})`

export const at = (path: string, key: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`

/**
 * A host that reads a message needs its stack for each level. That of a program's first thread is spent after some 1,700, where a pool's threads have
 * more: what one could write the other could not read. The array of a task's arguments is a level too.
 */
const deepest = 1001
/** How deep in a message that is which is looked at: an error's fields are packed apart, in it. */
let levels = 0
/** In a longer array nobody looks for fields of its own: to name each of its items costs a third of what a clone does. */
const mostNamed = 1000
const tooDeep = "nested more than 1,000 levels deep"
const flatAdvice = "pass a flat array, or JSON as a string"

/** The first few steps. */
const beginningOf = (path: string): string => `${path.split(/(?=[. [])/, 6).join("")}…`

const functionAdvice = "pass data, or a task, and call the function there"
const sharedAdvice = "pass its share() and make it again there"
const condAdvice =
  "make it over a SharedMutex or a SharedRWMutex; of one over rlocker() pass the lock and share(), and there make it by SharedCond.from(lock.rlocker(), handle)"

const isContext = (value: object): value is Context => {
  const context = value as { value?: unknown; done?: unknown }
  return typeof context.value === "function" && "err" in value && "deadline" in value && context.done !== undefined
}

/** What has no meaning on another thread, and what has. */
const local: ReadonlyArray<readonly [abstract new (...args: ReadonlyArray<never>) => object, string]> = [
  [WaitGroup, "use a SharedWaitGroup"],
  [Mutex, "use a SharedMutex"],
  [RWMutex, "use a SharedRWMutex"],
  [Semaphore, "use a SharedSemaphore"],
  [Once, "use a SharedOnce"],
  [Cond, "use a SharedCond"],
  [Barrier, "use a SharedBarrier"],
  [Latch, "use a SharedWaitGroup, which counts down too"],
  [ErrorGroup, "join the goroutines that spawn gives"],
  [SingleFlight, "keep it in the thread that asks, and spawn what it does"],
  [RateLimiter, "keep it in the thread that spawns"],
]

/** What a thread does, or holds: a copy of it would be an object of its internals. */
const bound: ReadonlyArray<readonly [(value: object) => boolean, (value: object) => string, string]> = [
  [
    (value) => value instanceof Op,
    (op) => `an op (${(op as Op<unknown, unknown>).name}), which happens in its own thread`,
    "pass what it is of, a channel or a shared lock, and make it there",
  ],
  [
    (value) => "turn" in value && "lock" in value && Symbol.dispose in value,
    () => "a guard, which ends its own thread's hold of a lock",
    "pass the lock, a shared one, and lock it there",
  ],
  [
    (value) => value instanceof Waiter,
    () => "a goroutine, which stays in its thread",
    "join it, and pass what it gives",
  ],
  [
    (value) => value instanceof Receiver,
    () => "a timer or flow, which lives in one thread",
    "make it there, or send what it gives to a channel and pass that",
  ],
  [
    (value) => "admit" in value && "spawnWith" in value,
    () => "a pool, which spawns from its own thread",
    "spawn here what the task was to spawn there",
  ],
]

const refused: ReadonlyMap<string, string> = new Map([
  ["Promise", "wait for it, and pass what it gives"],
  ["Generator", "pass the task that makes it"],
  ["AsyncGenerator", "send its values to a channel, and pass that"],
  ["WeakMap", "pass a Map"],
  ["WeakSet", "pass a Set"],
  ["WeakRef", "pass what it refers to"],
  ["AbortController", "pass its signal"],
  ["URL", "pass its href"],
  ["URLSearchParams", "pass its String(...)"],
  ["Headers", "pass [...headers]"],
  ["Request", "pass its url, and what else is needed of it"],
  ["Response", "read it, and pass what it holds"],
])
