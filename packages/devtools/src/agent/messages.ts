/**
 * Messages: listens beside a recorder, and before it, for what is sent and received.
 *
 * Without ops it sees those of which somebody waited: what a parked sender carries, and what a parked receiver is woken with. Of an unbuffered channel these are all.
 *
 * With ops each send and receive shows when it begins. A send has its value then. What a receive will give is looked up before its poll, as a text made later might tell what
 * the receiver has done to the value; whether it was given shows at the goroutine's next hook, and only then is it recorded.
 */
import type { Goroutine, TraceHooks } from "@weft/core"
import { type AnyOp, closed, type Message, MessagesOfOps } from "./messages-of-ops.ts"
import type { Recorder } from "./recorder.ts"
import type { ValueRing } from "./value-ring.ts"
import type { ValueText } from "./value-text.ts"

type G = Goroutine<unknown, unknown>

export class Messages implements TraceHooks {
  protected readonly ops: MessagesOfOps = new MessagesOfOps()
  readonly #recorder: Recorder
  readonly #ring: ValueRing
  readonly #text: ValueText

  constructor(recorder: Recorder, ring: ValueRing, text: ValueText) {
    this.#recorder = recorder
    this.#ring = ring
    this.#text = text
  }

  park(_goroutine: G, op: AnyOp): void {
    const inner = this.ops.innermost(op)
    const sent = this.ops.sent(inner)
    if (sent !== undefined) this.record(sent, this.textOf(sent.value))
  }

  unpark(goroutine: G, _by: G | null): void {
    const op = goroutine.suspendedAt
    const message = op === null ? undefined : this.ops.wokenBy(goroutine, op)
    if (message !== undefined && this.isNews(message, op!)) this.record(message, this.textOf(message.value), true)
  }

  /** A leak check comes: nothing of the program's may be held. */
  forget(): void {}

  /** Whether it was not recorded when it began: a send that waits was, the case of a select was not. */
  protected isNews({ isReceived }: Message, op: AnyOp): boolean {
    return isReceived || this.ops.isSelect(this.ops.innermost(op))
  }

  protected textOf(value: unknown): string {
    return value === closed ? "(closed)" : this.#text.of(value)
  }

  protected record({ isReceived, op }: Message, text: string, isOfWoken = false): void {
    this.#recorder.value(this.#ring.add(text), isReceived, isOfWoken, op)
  }
}

interface Pending {
  readonly goroutine: G
  /** As it was committed, and what it stands before. */
  readonly op: AnyOp
  readonly inner: AnyOp
  /** What it will have received; undefined where only its result says so. */
  readonly text: string | undefined
}

export class MessagesOfAll extends Messages {
  #pending: Pending | null = null
  /** Whose ops were put off: they are polled when they run again. */
  #putOff = new WeakMap<G, AnyOp>()

  op(goroutine: G, op: AnyOp): void {
    this.#settle()
    const inner = this.ops.innermost(op)
    const sent = this.ops.sent(inner)
    if (sent !== undefined) this.record(sent, this.textOf(sent.value))
    else this.#await(goroutine, op, inner)
  }

  #await(goroutine: G, op: AnyOp, inner: AnyOp): void {
    const source = this.ops.source(inner)
    if (source === undefined && !this.ops.isSelect(inner)) return
    const next = source === undefined ? undefined : this.ops.next(source)
    this.#pending = { goroutine, op, inner, text: next === undefined ? undefined : this.textOf(next.value) }
  }

  /** The op that was begun last has happened, or not. */
  #settle(): void {
    const pending = this.#pending
    if (pending === null) return
    this.#pending = null
    const { inner, op, text } = pending
    const { done, value } = op as unknown as { readonly done?: unknown; readonly value?: unknown }
    if (done !== true) return
    if (this.ops.isSelect(inner)) {
      const hit = inner === op ? this.ops.hit(inner, value) : undefined
      if (hit !== undefined) this.record(hit, this.textOf(hit.value))
      return
    }
    // What `map` has made of it is no message.
    if (text === undefined && inner !== op) return
    this.record({ value, isReceived: true, op: inner }, text ?? this.textOf(value))
  }

  override park(): void {
    // A send was recorded when it began.
    this.#settle()
  }

  start(goroutine: G): void {
    this.#settle()
    const op = this.#putOff.get(goroutine)
    if (op === undefined) return
    this.#putOff.delete(goroutine)
    this.#await(goroutine, op, this.ops.innermost(op))
  }

  yield(goroutine: G): void {
    const pending = this.#pending
    this.#settle()
    if (pending !== null && pending.goroutine === goroutine && goroutine.suspendedAt === pending.op)
      this.#putOff.set(goroutine, pending.op)
  }

  end(): void {
    this.#settle()
  }

  idle(): void {
    this.#settle()
  }

  override forget(): void {
    this.#pending = null
  }
}
