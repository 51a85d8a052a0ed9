/**
 * RateLimiter: the ops over a token bucket.
 *
 * A wait takes its tokens when it is committed, though they are not there yet, and then only sleeps until they will be.
 */
import type * as Duration from "effect/Duration"
import {
  accessed,
  type Context,
  type ContextCanceled,
  currentProcessor,
  type DeadlineExceeded,
  failure,
  NotReady,
  Op,
  Panic,
  type Processor,
  TimerEntry,
  toMillis,
  Waiter,
} from "@weft/core"
import { checkedContext } from "./checked-context.ts"
import { checkedCount, InvalidAmount } from "./invalid-amount.ts"
import { shown } from "./shown.ts"
import { type Reservation, type Reserved, TokenBucket } from "./token-bucket.ts"

/**
 * Limits how often something happens: a token bucket that holds `burst` tokens, is full at first, and gains `limit` tokens a second.
 *
 * Laws
 * - In any t seconds at most `burst + limit * t` events are let through.
 * - Waits are served in the order of their commits, each at the time that was worked out for it then.
 * - A wait that is withdrawn (cancelled, or losing a select) gives back its tokens, but those that later ones count on; they keep their times.
 * - An infinite limit lets everything through, whatever the burst; a limit of zero what is left in the bucket.
 *
 * Units: `limit` is events a second; `RateLimiter.every("100 millis")` is 10.
 *
 * Errors: {@link RateWaitExceedsBurst}, {@link RateWaitExceedsDeadline}; `InvalidAmount` unless a limit is from 0 on, a number of events and a burst
 * whole numbers from 0 on; `ContextMisuse` where `wait` is given what is no context.
 *
 * @example
 * const limiter = new RateLimiter(10, 5)
 * for (const url of urls) {
 *   yield* limiter.wait()
 *   yield* fetchText(url)
 * }
 *
 * @see Go: golang.org/x/time/rate
 * @since 0.1.0
 */
export class RateLimiter {
  /** @internal */
  protected static readonly shown = /* @__PURE__ */ shown(
    "RateLimiter",
    this,
    (limiter) => limiter.#bucket.status,
  ) as true

  readonly #bucket: TokenBucket

  constructor(limit: number, burst: number) {
    this.#bucket = new TokenBucket(checkedLimit(limit), checkedCount("rate: burst", burst))
  }

  /** The limit that lets one event through in each `interval`; infinite if that is not above zero. */
  static every(interval: Duration.Input): number {
    const millis = toMillis(interval)
    return millis <= 0 ? Infinity : 1000 / millis
  }

  /** Events a second. */
  get limit(): number {
    return this.#used().limit
  }

  get burst(): number {
    return this.#used().burst
  }

  /** How many tokens there are now; fewer than none while there are reservations. */
  get tokens(): number {
    const bucket = this.#used()
    return bucket.tokensAt(bucket.now())
  }

  /** From now on. Whoever waits already keeps his time. */
  setLimit(limit: number): void {
    this.#used().setLimit(checkedLimit(limit))
  }

  /** From now on. Whoever waits already keeps his time. */
  setBurst(burst: number): void {
    this.#used().setBurst(checkedCount("rate: burst", burst))
  }

  /** Whether `n` events may happen now; if so, it takes their tokens. For what is dropped otherwise. */
  allow(n = 1): boolean {
    const bucket = this.#used()
    return bucket.take(bucket.now(), checkedCount("rate: n", n))
  }

  /** Takes the tokens of `n` events in advance, and says how long to wait. For what has to be told when it may happen. */
  reserve(n = 1): Reservation {
    const bucket = this.#used()
    return bucket.reserve(bucket.now(), checkedCount("rate: n", n))
  }

  /**
   * Waits until `n` events may happen.
   *
   * With a context it fails at once if that would be after the context's deadline, and when the context ends.
   */
  wait(n?: number): Op<void>
  wait(n: number, ctx: Context): Op<void, RateWaitExceedsDeadline | ContextCanceled | DeadlineExceeded>
  wait(n = 1, ctx?: Context): Op<void> {
    return new Wait(this.#bucket, checkedCount("rate: n", n), checkedContext("RateLimiter.wait", ctx, "wait(n)"))
  }

  #used(): TokenBucket {
    accessed(this.#bucket)
    return this.#bucket
  }
}

function checkedLimit(limit: number): number {
  if (typeof limit === "number" && limit >= 0) return limit
  throw new InvalidAmount(
    `rate: limit ${limit < 0 ? "< 0" : "is no number"}`,
    limit,
    "a number of events a second from 0 on, or Infinity",
  )
}

class Wait extends Op<void> {
  declare readonly bucket: TokenBucket
  declare readonly n: number
  declare readonly ctx: Context | undefined

  constructor(bucket: TokenBucket, n: number, ctx: Context | undefined) {
    super()
    this.bucket = bucket
    this.n = n
    this.ctx = ctx
  }

  get name(): string {
    return "sync.RateLimiter.Wait"
  }
  override get detail(): string {
    return `${this.n} of a rate limiter (${this.bucket.status})`
  }
  override get on(): object | undefined {
    return this.ctx === undefined ? this.bucket : undefined
  }
  poll(): unknown {
    const { bucket, ctx, n } = this
    const now = bucket.now()
    if (n > bucket.burst && bucket.limit !== Infinity) throw new RateWaitExceedsBurst(n, bucket.burst)
    if (ctx?.err !== undefined) throw failure(ctx.err)
    if (bucket.take(now, n)) return undefined
    if (bucket.delayOf(now, n) > millisLeft(ctx)) throw failure(new RateWaitExceedsDeadline(n))
    return NotReady
  }
  enqueue(waiter: Waiter): void {
    new Pending(this, waiter).begin()
  }
  dequeue(waiter: Waiter): void {
    const pending = waiter.slot as Pending
    waiter.slot = undefined
    pending.withdraw()
  }
}

function millisLeft(ctx: Context | undefined): number {
  const deadline = ctx?.deadline
  return deadline === undefined ? Infinity : deadline.getTime() - currentProcessor().clock.wallNow()
}

/** One wait that is under way: its timer, and what hears of the context's end. */
class Pending extends TimerEntry {
  readonly #waiter: Waiter
  readonly #reserved: Reserved
  readonly #ctx: Context | undefined
  readonly #done: Op<void> | undefined
  readonly #ended: ContextEnd | undefined

  constructor({ bucket, ctx, n }: Wait, waiter: Waiter) {
    super()
    this.#waiter = waiter
    this.#reserved = bucket.reserve(bucket.now(), n)
    this.#ctx = ctx
    this.#done = ctx?.done
    this.#ended = ctx && new ContextEnd(this, waiter.processor)
  }

  begin(): void {
    const { delay } = this.#reserved
    this.#waiter.slot = this
    if (delay !== Infinity) this.#waiter.processor.startTimer(this, delay)
    this.#done?.enqueue(this.#ended!)
  }

  fire(): void {
    this.#done?.dequeue(this.#ended!)
    this.#waiter.slot = undefined
    this.#waiter.commit(undefined)
  }

  contextEnded(): void {
    this.#giveUp()
    this.#waiter.slot = undefined
    this.#waiter.fail(failure(this.#ctx!.err))
  }

  withdraw(): void {
    this.#done?.dequeue(this.#ended!)
    this.#giveUp()
  }

  #giveUp(): void {
    this.#waiter.processor.stopTimer(this)
    this.#reserved.cancel()
  }
}

class ContextEnd extends Waiter {
  readonly processor: Processor
  readonly #pending: Pending

  constructor(pending: Pending, processor: Processor) {
    super()
    this.#pending = pending
    this.processor = processor
  }

  commit(): void {
    this.#pending.contextEnded()
  }

  fail(): void {}
}

/**
 * A wait for more events than the bucket ever holds: a bug in the caller, so it panics.
 *
 * @see Go: "rate: Wait(n=N) exceeds limiter's burst B"
 * @since 0.1.0
 */
export class RateWaitExceedsBurst extends Panic<{ n: number; burst: number }> {
  override readonly name = "RateWaitExceedsBurst"

  constructor(n: number, burst: number) {
    super(`rate: Wait(n=${n}) exceeds limiter's burst ${burst}; wait for fewer at a time, or make the burst larger`, {
      n,
      burst,
    })
  }
}

/**
 * A wait would have lasted beyond its context's deadline, so it has not begun: its failure.
 *
 * @see Go: "rate: Wait(n=N) would exceed context deadline"
 * @since 0.1.0
 */
export class RateWaitExceedsDeadline extends Error {
  override readonly name = "RateWaitExceedsDeadline"
  readonly n: number

  constructor(n: number) {
    super(`rate: Wait(n=${n}) would exceed context deadline; give it more time, or do without`)
    this.n = n
  }
}
