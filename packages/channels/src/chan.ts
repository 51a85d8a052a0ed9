import { describe, Panic } from "@weft/core"
import { Dropping } from "./buffer/dropping.ts"
import { Sliding } from "./buffer/sliding.ts"
import { Unbounded } from "./buffer/unbounded.ts"
import type { Channel } from "./channel.ts"
import { Buffered } from "./flavors/buffered.ts"
import { Rendezvous } from "./flavors/rendezvous.ts"

/**
 * What a channel's buffer does when it is full: made by {@link buffer}.
 *
 * @since 0.1.0
 */
export interface BufferPolicy {
  /** @internal */
  make<T>(): Channel<T>
}

/**
 * Buffers whose sends never wait.
 *
 * @since 0.1.0
 */
export const buffer: {
  /** Keeps the newest `n` values. */
  readonly sliding: (n: number) => BufferPolicy
  /** Keeps the oldest `n` values. */
  readonly dropping: (n: number) => BufferPolicy
  /** Keeps all. */
  readonly unbounded: () => BufferPolicy
} = {
  sliding: (n) => policy("sliding", n, () => new Sliding(n)),
  dropping: (n) => policy("dropping", n, () => new Dropping(n)),
  unbounded: () => ({ make: () => new Unbounded() }),
}

/**
 * Makes a channel: unbuffered, or with a buffer of `capacity` values, or one of {@link buffer}.
 *
 * Errors: {@link InvalidCapacity} unless the capacity is a whole number from 0 to 2^32 - 1.
 *
 * @example
 * const ch = chan<string>()
 * const latest = chan<number>(buffer.sliding(1))
 *
 * @see Go: make(chan T, capacity)
 * @since 0.1.0
 */
export function chan<T>(capacity: number | BufferPolicy = 0): Channel<T> {
  if (isPolicy(capacity)) return capacity.make<T>()
  check(capacity, 0)
  return capacity === 0 ? new Rendezvous<T>() : new Buffered<T>(capacity)
}

function isPolicy(given: number | BufferPolicy): given is BufferPolicy {
  return typeof given === "object" && typeof (given as BufferPolicy | null)?.make === "function"
}

function policy(kind: string, n: number, make: <T>() => Channel<T>): BufferPolicy {
  check(n, 1, `buffer.${kind}: n`)
  return { make }
}

/** @throws InvalidCapacity, in the name of `what`, unless it is a whole number from `least` to `most`. */
export function check(capacity: number, least: number, what = "makechan: size", most: number = 2 ** 32 - 1): void {
  if (!(Number.isInteger(capacity) && capacity >= least && capacity <= most))
    throw new InvalidCapacity(what, capacity, `pass a whole number from ${least} to ${most}`)
}

/**
 * A capacity that no buffer can have, or another number of values or bytes that is none.
 *
 * @see Go: "makechan: size out of range"
 * @since 0.1.0
 */
export class InvalidCapacity extends Panic<{ capacity: unknown }> {
  override readonly name = "InvalidCapacity"

  constructor(what: string, capacity: unknown, advice: string) {
    super(`${what} out of range (${describe(capacity)}); ${advice}`, { capacity })
  }
}
