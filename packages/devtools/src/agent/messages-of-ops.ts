/**
 * Which message an op carries: read from the fields that channels, their ops and selects have, without asking them.
 *
 * A copy of Weft of another version may have other fields: then there is no message, and nothing else.
 */
import type { Goroutine, Op } from "@weft/core"
import { isObject, OwnData } from "./own-data.ts"

export type AnyOp = Op<unknown, unknown>

export interface Message {
  readonly value: unknown
  readonly isReceived: boolean
  /** What describes the channel. */
  readonly op: AnyOp
}

/** What a receive gives once its channel is closed and drained. */
export const closed: unique symbol = Symbol("closed")

/** What a receive would give: undefined where that can't be told before. */
export type NextValue = { readonly value: unknown } | undefined

const mostCases = 64
const mostNested = 8

export class MessagesOfOps {
  readonly #own: OwnData

  constructor(own: OwnData = new OwnData()) {
    this.#own = own
  }

  /** The op that `map` and the like stand before. */
  innermost(op: AnyOp): AnyOp {
    let inner = op
    for (let i = 0; i < mostNested; i++) {
      const next = this.#own.get(inner, "op")
      if (!isObject(next)) break
      inner = next as AnyOp
    }
    return inner
  }

  /** Undefined unless it is a send. */
  sent(op: AnyOp): Message | undefined {
    const own = this.#own
    if (isObject(own.get(op, "channel")) && this.#has(op, "payload"))
      return { value: own.get(op, "payload"), isReceived: false, op }
    // Between threads.
    if (isObject(own.get(op, "ring")) && this.#has(op, "encoded"))
      return { value: own.get(op, "sent"), isReceived: false, op }
    return undefined
  }

  /** What it receives from; undefined unless it is a receive. */
  source(op: AnyOp): object | undefined {
    const source = this.#own.get(op, "source")
    return isObject(source) ? source : undefined
  }

  /** All sends among the cases of a select, or the one that it is. */
  sends(op: AnyOp): ReadonlyArray<Message> {
    const inner = this.innermost(op)
    const sent = this.sent(inner)
    if (sent !== undefined) return [sent]
    return this.#casesOf(inner).flatMap((each) => this.sent(this.innermost(each)) ?? [])
  }

  isSelect(op: AnyOp): boolean {
    return isObject(this.#own.get(op, "cases"))
  }

  #casesOf(op: AnyOp): ReadonlyArray<AnyOp> {
    const cases = this.#own.get(op, "cases")
    if (!isObject(cases)) return []
    return Object.keys(cases)
      .slice(0, mostCases)
      .map((name) => this.#own.get(cases, name))
      .filter(isObject) as ReadonlyArray<AnyOp>
  }

  /** What a select has taken, by the result that it gives: `{ case, value }`. */
  hit(op: AnyOp, result: unknown): Message | undefined {
    const name = this.#own.get(result, "case")
    if (typeof name !== "string") return undefined
    const taken = this.#own.get(this.#own.get(op, "cases"), name)
    if (!isObject(taken)) return undefined
    const inner = this.innermost(taken as AnyOp)
    const value = this.#own.get(result, "value")
    if (this.isSelect(inner)) return this.hit(inner, value)
    if (this.source(inner) !== undefined) return { value, isReceived: true, op: inner }
    return this.sent(inner)
  }

  /** What has woken `goroutine`, which waits for `op`. */
  wokenBy(goroutine: Goroutine, op: AnyOp): Message | undefined {
    // Withdrawn, and nothing taken.
    if (goroutine.isCancelRequested || this.#own.get(goroutine, "resumption") !== 0) return undefined
    const inner = this.innermost(op)
    if (!this.isSelect(inner))
      return this.source(inner) === undefined ? undefined : this.#received(goroutine.slot, inner)
    return this.#taken(goroutine.slot, 0)
  }

  /** Of a case that a select's commit hands over. */
  #taken(hit: unknown, depth: number): Message | undefined {
    const own = this.#own
    const index = own.get(hit, "index")
    const ops = own.get(own.get(hit, "wait"), "ops")
    if (typeof index !== "number" || !Array.isArray(ops) || depth > mostNested) return undefined
    const taken = own.get(ops, `${index}`)
    if (!isObject(taken)) return undefined
    const inner = this.innermost(taken as AnyOp)
    const raw = own.get(hit, "slot")
    if (this.isSelect(inner)) return this.#taken(raw, depth + 1)
    return this.source(inner) === undefined ? this.sent(inner) : this.#received(raw, inner)
  }

  #received(raw: unknown, op: AnyOp): Message {
    return { value: isEnd(raw) ? closed : raw, isReceived: true, op }
  }

  /** What a receive from it gives if it is polled now. */
  next(source: object): NextValue {
    const own = this.#own
    const buffered = this.buffered(source, 1)
    if (buffered !== undefined && buffered.length > 0) return { value: buffered.values[0] }
    const given = own.get(source, "given")
    if (Array.isArray(given) && given.length > 0) return { value: own.get(given, "0") }
    let sender = own.get(own.get(source, "senders"), "head")
    // A case of a select that is over already is passed over.
    for (let i = 0; isObject(sender) && own.get(own.get(sender, "wait"), "isOver") === true && i < mostCases; i++)
      sender = own.get(sender, "next")
    if (isObject(sender)) return { value: own.get(sender, "slot") }
    return own.get(source, "isClosed") === true ? { value: closed } : undefined
  }

  /** The oldest values in a channel's buffer, and how many there are; undefined where it has none that can be seen. */
  buffered(
    channel: object,
    most: number,
  ): { readonly values: ReadonlyArray<unknown>; readonly length: number } | undefined {
    const ring = this.#own.get(channel, "ring")
    const length = this.#own.get(ring, "length")
    if (!isObject(ring) || typeof length !== "number" || Array.isArray(ring)) return undefined
    const { at } = ring as { at?: (i: number) => unknown }
    if (typeof at !== "function") return undefined
    return { values: Array.from({ length: Math.min(most, length) }, (_, i) => at.call(ring, i)), length }
  }

  #has(op: AnyOp, field: string): boolean {
    return Object.hasOwn(op, field)
  }
}

/** As channels mark the end of what they give. */
const isEnd = (raw: unknown): boolean => typeof raw === "symbol" && raw.description === "Ended"
