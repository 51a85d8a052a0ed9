import { join } from "node:path"
import type { Goroutine, Op } from "@weft/core"
import { invariant } from "@weft/core/testing"
import { announce, loadStepping, Thread } from "../../../core/test/support/stepping.node.ts"
import * as bodyOp from "../../src/body-op.ts"
import * as cond from "../../src/cond.ts"
import * as invalidAmount from "../../src/invalid-amount.ts"
import * as semaphore from "../../src/semaphore.ts"
import * as unlockOfUnlocked from "../../src/unlock-of-unlocked.ts"
import * as waitGroup from "../../src/wait-group.ts"
import * as withLock from "../../src/with-lock.ts"

/** Code of a simulated thread. */
export type Steps<A = void> = Generator<Op<unknown>, A, unknown>

/** What a class of src/shared makes in given memory. */
export interface At<T, Args extends ReadonlyArray<unknown> = []> {
  at(...args: [...Args, buffer: SharedArrayBuffer, offset: number]): T
}

/** Classes of src/shared, as they are with a choice point before each of their atomic accesses; `sizes` replaces constants. */
export function stepping<T>(file: string | ReadonlyArray<string>, sizes: Readonly<Record<string, number>> = {}): T {
  const others = {
    "../body-op.ts": bodyOp,
    "../cond.ts": cond,
    "../invalid-amount.ts": invalidAmount,
    "../semaphore.ts": semaphore,
    "../unlock-of-unlocked.ts": unlockOfUnlocked,
    "../wait-group.ts": waitGroup,
    "../with-lock.ts": withLock,
  }
  const files = [file].flat().map((each) => join(import.meta.dirname, "../../src/shared", `${each}.ts`))
  return loadStepping(files, others, sizes) as T
}

/** So that threads claim a word at the first wake-up in vain, and hand it over within themselves but once. */
export const impatient = { mostMisses: 0, mostHandOvers: 1 }

/** New shared memory, whose words the exploration tells apart. */
export function memory(words: number): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(4 * words)
  announce(new Int32Array(buffer))
  return buffer
}

/** So many threads, numbered from 1 on, each with what `make` makes for it. */
export function threads<T>(
  count: number,
  make: () => T,
): ReadonlyArray<{ readonly thread: Thread; readonly shared: T }> {
  return Array.from({ length: count }, (_, i) => ({ thread: new Thread(i + 1), shared: make() }))
}

/** Typed as the steps of a simulated thread. */
export const joined = (goroutine: Goroutine): Steps => goroutine as unknown as Steps

export function* allJoined(goroutines: ReadonlyArray<Goroutine>): Steps {
  for (const goroutine of goroutines) yield* joined(goroutine)
}

/** What is in the words that a claimable word begins with. */
export const stateOf = (buffer: SharedArrayBuffer): number => new Int32Array(buffer)[1]!

export const Waiters: number = 1 << 24
export const Reserved: number = 1 << 25
export const Holders = 0xffffff

/** How often a word was reserved, and how often its claimant then took it. */
export class Claims {
  reserved = 0
  served = 0

  /** Nobody but the claimant takes anything of a reserved word: only his taking ends the reservation in the same step. */
  watch(buffer: SharedArrayBuffer): void {
    const words = new Int32Array(buffer)
    let [before, claimant] = [0, 0]
    invariant(() => {
      const state = words[1]!
      const hasTaken = (state & Holders) > (before & Holders)
      const isOfOne = state >>> 26 === before >>> 26
      const wasReserved = (before & Reserved) !== 0
      const isReserved = (state & Reserved) !== 0
      if (isReserved && !wasReserved) this.reserved++
      if (wasReserved && hasTaken && isOfOne && !isReserved) this.served++
      const isFair = !wasReserved || !hasTaken || !isReserved
      const isClaimants = claimant !== 0 || !isReserved
      before = state
      claimant = words[2]!
      return isFair && (isClaimants || claimant !== 0)
    }, "what is reserved is taken by its claimant only")
  }
}
