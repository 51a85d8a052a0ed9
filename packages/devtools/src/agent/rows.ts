/**
 * Rows: goroutines as a dump sends them, in columns of integers and numbered strings, as a million objects in JSON would take too long.
 *
 * Where a goroutine waits is found by a throw into its generator, which costs twenty times the rest of its row. So of a large program not all stacks are taken,
 * but some of each group of goroutines that have body, start site and wait reason in common; the others are marked.
 *
 * What an object says of itself may take as long as it has waiters, so it is asked once, not by each of them.
 */
import type { Goroutine, Op } from "@weft/core"
import { DumpColumn, type DumpReply } from "../format/wire.ts"
import { capacityOf, kindOf, lengthOf, Objects } from "./objects.ts"
import { Strings } from "./strings.ts"
import type { WaitingValues } from "./waiting-values.ts"

type AnyOp = Op<unknown, unknown>
type ObjectRow = DumpReply["objects"][number]

const stacksOfGroup = 50
const mostObjectsOfOne = 1000
const Waiting = 2
const flags = { runnable: 0, running: 1, waiting: Waiting, done: 0 } as const
const isMainFlag = 4
const isOfGroupFlag = 8

interface Group {
  stacks: number
  /** The last one taken. */
  stack: number
}

export class Rows {
  readonly strings: Strings = Strings.ofOneLook()
  stacksTaken = 0
  readonly objects: Array<ObjectRow> = []
  readonly several: Array<DumpReply["several"][number]> = []
  #words: Int32Array = new Int32Array(1024 * DumpColumn.Length)
  #used = 0
  readonly #groups = new Map<string, Group>()
  readonly #numbers = new Objects((object, id, op) => {
    const values = this.#values?.buffered(object)
    this.objects.push({ ...describe(object, id, op), ...(values === undefined ? {} : { values }) })
  })
  readonly #mostStacks: number
  readonly #values: WaitingValues | undefined

  /** `values`: where those of messages are asked for. */
  constructor(mostStacks: number, values?: WaitingValues) {
    this.#mostStacks = mostStacks
    this.#values = values
  }

  get length(): number {
    return this.#used / DumpColumn.Length
  }

  add(goroutine: Goroutine): void {
    const { id, name, startedAt, status, waitReason } = goroutine
    // Also of one that is runnable: it has been put off, or woken, at an op.
    const op = status === "running" ? null : goroutine.suspendedAt
    const site = this.strings.numberOf(startedAt)
    const label = this.strings.numberOf(name)
    const reason = this.strings.numberOf(waitReason)
    if (this.#used === this.#words.length) {
      const grown = new Int32Array(Math.max(1024 * DumpColumn.Length, this.#used * 2))
      grown.set(this.#words)
      this.#words = grown
    }
    const row = this.#used
    this.#used += DumpColumn.Length
    const words = this.#words
    words[row + DumpColumn.Id] = id
    words[row + DumpColumn.Flags] = flags[status] | (goroutine.isMain ? isMainFlag : 0)
    words[row + DumpColumn.Name] = label
    words[row + DumpColumn.Reason] = reason
    words[row + DumpColumn.Detail] = 0
    words[row + DumpColumn.WaitMillis] = Math.min(goroutine.waitMillis, 0x7fffffff)
    words[row + DumpColumn.Stack] = 0
    words[row + DumpColumn.StartedAt] = site
    words[row + DumpColumn.Parent] = goroutine.parentId
    words[row + DumpColumn.On] = 0
    words[row + DumpColumn.Waker] = -1
    if (op === null) return
    this.#addStack(row, goroutine, `${label} ${site} ${reason}`)
    if (status === "waiting") this.#addWait(row, id, op)
  }

  #addStack(row: number, goroutine: Goroutine, key: string): void {
    let group = this.#groups.get(key)
    if (group === undefined) this.#groups.set(key, (group = { stacks: 0, stack: 0 }))
    if (group.stacks < stacksOfGroup || this.stacksTaken < this.#mostStacks) {
      group.stacks++
      this.stacksTaken++
      group.stack = this.strings.numberOf(goroutine.suspendedStack)
    } else this.#words[row + DumpColumn.Flags]! |= isOfGroupFlag
    this.#words[row + DumpColumn.Stack] = group.stack
  }

  #addWait(row: number, id: number, op: AnyOp): void {
    const { on } = op
    const objects = objectsOf(on, op).filter(isNoGoroutine)
    const numbers = objects.slice(0, mostObjectsOfOne).map((object) => this.#numbers.numberOf(object, op))
    this.#values?.addSends(id, op, (channel) => this.#numbers.known(channel))
    const { wakers } = op
    this.#words[row + DumpColumn.On] = numbers[0] ?? 0
    this.#words[row + DumpColumn.Waker] = wakers === undefined ? -1 : (wakers[0] ?? 0)
    // An object's own words are its own; and whom it joins says the waker.
    if (objects.length === 0 && wakers === undefined)
      this.#words[row + DumpColumn.Detail] = this.strings.numberOf(op.detail)
    if (numbers.length > 1 || (wakers !== undefined && wakers.length > 1))
      this.several.push({ id, on: numbers, ...(wakers === undefined ? {} : { wakers }) })
  }

  /** Keeps the rows at these places, in this order. */
  keep(places: ReadonlyArray<number>): this {
    const kept = new Int32Array(places.length * DumpColumn.Length)
    places.forEach((place, i) => {
      const from = place * DumpColumn.Length
      kept.set(this.#words.subarray(from, from + DumpColumn.Length), i * DumpColumn.Length)
    })
    this.#words = kept
    this.#used = kept.length
    return this
  }

  /** The rows so far; more may be added. */
  takeBytes(): Uint8Array {
    const bytes = new Uint8Array(this.#words.slice(0, this.#used).buffer)
    this.#used = 0
    return bytes
  }
}

/** Only a select waits for any of several. A Cond names its lock as well, which it takes when it has been woken. */
function objectsOf(on: object | undefined, { name }: AnyOp): ReadonlyArray<object> {
  if (on === undefined) return []
  if (!Array.isArray(on)) return [on]
  return name.startsWith("sync.") ? (on as ReadonlyArray<object>).slice(0, 1) : (on as ReadonlyArray<object>)
}

const isNoGoroutine = (object: object): boolean => !("startedAt" in object && "parentId" in object)

function describe(object: object, id: number, op: AnyOp): ObjectRow {
  const isSelect = Array.isArray(op.on)
  const { isClosed, owner } = object as { isClosed?: unknown; owner?: unknown }
  const row: { -readonly [K in keyof ObjectRow]: ObjectRow[K] } = { id, kind: kindOf(object, op) }
  const length = lengthOf(object)
  const capacity = capacityOf(object)
  // The detail of a select tells of all its cases.
  const detail = isSelect ? undefined : op.detail
  if (detail !== undefined) row.detail = detail
  if (length !== undefined) row.length = length
  if (capacity !== undefined) row.capacity = capacity
  if (typeof isClosed === "boolean") row.isClosed = isClosed
  if (typeof owner === "number" && owner > 0 && !("capacity" in object)) row.owner = owner
  return row
}
