/**
 * TokenBucket: how many tokens a rate limiter has, and when there will be enough.
 *
 * Nothing ticks: how many there are is worked out from the clock when somebody asks. A reservation takes tokens that are not there yet, so
 * their number may be negative, and whoever comes next is told a later time: that alone makes waits first come, first served.
 *
 * Invariants, whenever no method of this file is running:
 *   1. tokens, as they were at `last`, are at most the burst, unless that has been made smaller since.
 *   2. lastEvent is the latest time that somebody has been told.
 *
 * Times are milliseconds by the clock of the goroutine that used it last: a limiter of a module is as good in a test's virtual time as in the
 * program. When the clock changes, what was kept is brought to the new one's time, and tokens stay as they are.
 */
import { accessed, currentProcessor, made, type Processor } from "@weft/core"

/**
 * What {@link RateLimiter.reserve} gives.
 *
 * @since 0.1.0
 */
export interface Reservation {
  /** Whether there is one: not if more was asked for than the burst. */
  readonly ok: boolean
  /** How long to wait, in milliseconds, before using it: 0 once that is over, Infinity if not `ok`. */
  readonly delay: number
  /** Gives it back unless its time has come: as many tokens as nobody who reserved later counts on. */
  cancel(): void
}

export class TokenBucket {
  limit: number
  burst: number
  #tokens: number
  #last: number
  #lastEvent = -Infinity
  #processor: Processor
  /** What was added to times when the clock changed. */
  shift = 0

  constructor(limit: number, burst: number) {
    this.limit = limit
    this.burst = burst
    this.#tokens = burst
    this.#processor = currentProcessor()
    this.#last = this.now()
    made(this)
  }

  get status(): string {
    return `${this.limit} a second, burst ${this.burst}`
  }

  now(): number {
    const here = currentProcessor()
    // Not for a fiber or a callback: outside any goroutine's step one can't tell whose time it has.
    if (here !== this.#processor && here.current !== null) this.#moveTo(here)
    return this.#processor.clock.now()
  }

  #moveTo(processor: Processor): void {
    const was = this.#processor.clock.now()
    const is = processor.clock.now()
    this.#tokens = this.tokensAt(was)
    this.#last = is
    this.#lastEvent += is - was
    this.shift += is - was
    this.#processor = processor
  }

  tokensAt(time: number): number {
    const elapsed = time - this.#last
    return elapsed <= 0
      ? Math.min(this.burst, this.#tokens)
      : Math.min(this.burst, this.#tokens + tokensIn(elapsed, this.limit))
  }

  setLimit(limit: number): void {
    this.#settle()
    this.limit = limit
  }

  setBurst(burst: number): void {
    this.#settle()
    this.burst = burst
  }

  take(now: number, n: number): boolean {
    if (this.limit === Infinity) return true
    const left = this.tokensAt(now) - n
    if (n > this.burst || left < 0) return false
    this.#spend(now, left, now)
    return true
  }

  /** How long `n` events have to wait. */
  delayOf(now: number, n: number): number {
    const missing = n - this.tokensAt(now)
    return this.limit === Infinity || missing <= 0 ? 0 : timeOf(missing, this.limit)
  }

  reserve(now: number, n: number): Reserved {
    // Nothing is taken, so nothing can be given back.
    if (this.limit === Infinity) return new Reserved(this, 0, now)
    if (n > this.burst) return new Reserved(this, 0, undefined)
    const delay = this.delayOf(now, n)
    this.#spend(now, this.tokensAt(now) - n, now + delay)
    return new Reserved(this, n, now + delay)
  }

  /** Gives back what was reserved at a limit, as far as nobody who reserved later counts on it. */
  restore(n: number, at: number, limit: number): void {
    const now = this.now()
    if (this.limit === Infinity || at < now) return
    const given = n - tokensIn(this.#lastEvent - at, limit)
    if (given <= 0) return
    this.#tokens = Math.min(this.burst, this.tokensAt(now) + given)
    this.#last = now
    if (at !== this.#lastEvent) return
    const previous = at - timeOf(n, limit)
    if (previous >= now) this.#lastEvent = previous
  }

  /** Counts what has been gained until now, before limit or burst change. */
  #settle(): void {
    const now = this.now()
    this.#tokens = this.tokensAt(now)
    this.#last = now
  }

  #spend(now: number, left: number, event: number): void {
    this.#last = now
    this.#tokens = left
    if (event !== Infinity) this.#lastEvent = event
  }
}

const tokensIn = (millis: number, limit: number): number => (limit === 0 ? 0 : (millis * limit) / 1000)
const timeOf = (tokens: number, limit: number): number => (limit === 0 ? Infinity : (tokens * 1000) / limit)

export class Reserved implements Reservation {
  readonly #bucket: TokenBucket
  readonly #at: number | undefined
  /** The bucket's limit and shift when it was made. */
  readonly #limit: number
  readonly #shift: number
  #tokens: number

  constructor(bucket: TokenBucket, tokens: number, at: number | undefined) {
    this.#bucket = bucket
    this.#tokens = tokens
    this.#at = at
    this.#limit = bucket.limit
    this.#shift = bucket.shift
  }

  get ok(): boolean {
    return this.#at !== undefined
  }

  get delay(): number {
    if (this.#at === undefined) return Infinity
    // First: it may bring the bucket to another clock.
    const now = this.#bucket.now()
    return Math.max(0, this.#at + this.#bucket.shift - this.#shift - now)
  }

  cancel(): void {
    accessed(this.#bucket)
    const tokens = this.#tokens
    this.#tokens = 0
    if (this.#at === undefined || tokens === 0) return
    this.#bucket.now()
    this.#bucket.restore(tokens, this.#at + this.#bucket.shift - this.#shift, this.#limit)
  }
}
