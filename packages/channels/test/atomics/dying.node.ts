/** Threads that are killed amid their accesses, and who mends what they have left half done. */
import { type Goroutine, gosched, type Op } from "@weft/core"
import { waitIdle } from "@weft/core/testing"
import type { Thread } from "../../../core/test/support/stepping.node.ts"
import type { Look } from "../../src/shared/claims.ts"
import { LineCount } from "../../src/shared/ring-layout.ts"

type Steps<A = void> = Generator<Op<unknown>, A, unknown>

export interface SteppingRing {
  readonly words: Int32Array
  readonly line: number
  readonly senders: { tellAll(): Steps }
  readonly receivers: { tellAll(): Steps }
  readonly claims: { mourn(thread: number): Steps<Look>; mend(before: Look["left"]): Steps<Look> }
}

interface OfThread {
  readonly thread: Thread
  readonly ch: { readonly ring: SteppingRing }
}

/** Until it is about to send or receive, or has done so: from then on it may be anywhere. */
export function* untilClaiming({ ch: { ring } }: OfThread): Steps {
  for (let i = 0; i < 30 && (ring.line === 0 || ring.words[ring.line + LineCount] === 0); i++) yield* gosched()
}

/** As `threadDied` of each of them, to its end. */
export function* mourning({ ch: { ring }, thread }: OfThread, ...dead: ReadonlyArray<number>): Steps {
  let last: Look | undefined
  const look = (how: () => Steps<Look>): Steps => {
    const supervisor: Goroutine = thread.start("supervisor", function* () {
      last = yield* how()
      yield* ring.receivers.tellAll()
      yield* ring.senders.tellAll()
    })
    return supervisor as unknown as Steps
  }
  for (const each of dead) yield* look(() => ring.claims.mourn(each))
  for (let looks = 0; !last!.isDone; looks++) {
    // Whoever is in the middle of a claim may still be, but comes to its end.
    yield* looks === 0 ? gosched() : waitIdle()
    yield* look(() => ring.claims.mend(last!.left))
  }
}
