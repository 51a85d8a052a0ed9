/** The words by which threads agree, in their own source, under the interleavings of their atomic accesses. */
import { join } from "node:path"
import type { Goroutine, Op } from "@weft/core"
import { explore } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { byChance } from "../../../core/test/support/soak.ts"
import { announce, loadStepping, Thread } from "../../../core/test/support/stepping.node.ts"

type Steps<A = void> = Generator<Op<unknown>, A, unknown>

interface Claim {
  readonly page: number
  readonly index: number
  readonly turn: number
  withdraw(fateOf: (home: number) => string): Steps<boolean>
  offer(): Steps
}

interface ClaimPlace {
  readonly page: number
  readonly index: number
  readonly turn: number
  readonly home: number
}

interface ClaimThere {
  begin(): Steps<boolean>
  take(): Steps<boolean>
  finish(): Steps
  state(): Steps<number | undefined>
  goBack(): Steps
}

const Taken = 2

const { ClaimThere, Claims, Withdrawn } = loadStepping(
  join(import.meta.dirname, "../../src/channels/claims.ts"),
  {},
) as unknown as {
  readonly Withdrawn: number
  readonly Claims: new () => {
    readonly pages: ReadonlyArray<Int32Array<SharedArrayBuffer>>
    take(): Steps<Claim>
    giveBack(claim: Claim): Steps
  }
  readonly ClaimThere: new (words: Int32Array, place: ClaimPlace) => ClaimThere
}

const control = loadStepping(join(import.meta.dirname, "../../src/control.ts"), {}) as unknown as {
  offerTask(words: Int32Array, n: number): Steps
  takeBackTask(words: Int32Array, n: number): Steps<boolean>
  claimTask(words: Int32Array, n: number): Steps<boolean>
}

const placeOf = ({ index, page, turn }: Claim, home: number): ClaimPlace => ({
  page,
  index,
  turn,
  home,
})

const runs = () => "runs"

const joined = (goroutine: Goroutine): Steps => goroutine as unknown as Steps

/** Two channels' threads want one wait, which may be given up meanwhile: at most one of the three has it. */
const wanted = (isLooking: boolean) =>
  function* (): Steps {
    const claims = new Claims()
    const waiting = new Thread(1)
    let claim: Claim | undefined
    yield* joined(
      waiting.start("wait", function* () {
        claim = yield* claims.take()
      }),
    )
    announce(claims.pages[0]!.subarray(claim!.index, claim!.index + 1))
    const had: Array<string> = []
    const home = (id: number, canHappen: boolean) =>
      new Thread(id).start("home", function* () {
        const there = new ClaimThere(claims.pages[0]!, placeOf(claim!, id))
        if (!isLooking) {
          if (yield* there.take()) had.push(`home ${id}`)
        } else if (yield* there.begin()) {
          if (canHappen) {
            had.push(`home ${id}`)
            yield* there.finish()
          } else yield* there.goBack()
        }
      })
    const giving = waiting.start("give up", function* () {
      if (yield* claim!.withdraw(runs)) had.push("nobody")
    })
    const all = [home(2, true), home(3, !isLooking), giving]
    for (const each of all) yield* joined(each)
    expect(had).toHaveLength(1)
    // Used again, it is nobody's from before.
    yield* joined(
      waiting.start("again", function* () {
        const old = new ClaimThere(claims.pages[0]!, placeOf(claim!, 1))
        yield* claims.giveBack(claim!)
        const next = yield* claims.take()
        expect(next.index).toBe(claim!.index)
        expect([yield* old.take(), yield* old.begin()]).toEqual([false, false])
        expect(yield* next.withdraw(runs)).toBe(true)
      }),
    )
  }

/** Withdrawn for another case and offered again: whoever came in between has missed it, and whoever comes later has it. */
function* offeredAgain(): Steps {
  const claims = new Claims()
  const waiting = new Thread(1)
  let claim: Claim | undefined
  const came = { isHad: false, isWithdrawn: false }
  yield* joined(
    waiting.start("wait", function* () {
      claim = yield* claims.take()
    }),
  )
  announce(claims.pages[0]!.subarray(claim!.index, claim!.index + 1))
  const home = new Thread(2).start("home", function* () {
    came.isHad = yield* new ClaimThere(claims.pages[0]!, placeOf(claim!, 1)).take()
  })
  const other = waiting.start("other case", function* () {
    came.isWithdrawn = yield* claim!.withdraw(runs)
    if (came.isWithdrawn) yield* claim!.offer()
  })
  yield* joined(home)
  yield* joined(other)
  expect(came.isHad || came.isWithdrawn).toBe(true)
  yield* joined(
    new Thread(3).start("late", function* () {
      expect(yield* new ClaimThere(claims.pages[0]!, placeOf(claim!, 1)).take()).toBe(!came.isHad)
    }),
  )
}

/** One of two threads ends at any point: the wait ends with it, unless the other one has it. */
function* lostWithThread(): Steps {
  const claims = new Claims()
  const waiting = new Thread(1)
  let claim: Claim | undefined
  yield* joined(
    waiting.start("wait", function* () {
      claim = yield* claims.take()
    }),
  )
  announce(claims.pages[0]!.subarray(claim!.index, claim!.index + 1))
  let isHad = false
  let isLost = false
  const dying = new Thread(2).start("dying", function* () {
    // Ends while it looks.
    yield* new ClaimThere(claims.pages[0]!, placeOf(claim!, 2)).begin()
  })
  const living = new Thread(3).start("living", function* () {
    isHad = yield* new ClaimThere(claims.pages[0]!, placeOf(claim!, 3)).take()
  })
  yield* joined(dying)
  const losing = waiting.start("lose", function* () {
    isLost = yield* claim!.withdraw((home) => (home === 2 ? "ended" : "runs"))
  })
  yield* joined(living)
  yield* joined(losing)
  expect(isHad).toBe(!isLost)
}

/** A thread is being ended and looks, for ever perhaps: whoever waits does not wait for that, and one of the two has it. */
function* withdrawnFromEnding(): Steps {
  const claims = new Claims()
  const waiting = new Thread(1)
  let claim: Claim | undefined
  yield* joined(
    waiting.start("wait", function* () {
      claim = yield* claims.take()
    }),
  )
  announce(claims.pages[0]!.subarray(claim!.index, claim!.index + 1))
  const there = new ClaimThere(claims.pages[0]!, placeOf(claim!, 2))
  const ending = new Thread(2).start("ending", function* () {
    if (yield* there.begin()) yield* there.finish()
  })
  let isWithdrawn = false
  const giving = waiting.start("give up", function* () {
    isWithdrawn = yield* claim!.withdraw(() => "ending")
  })
  yield* joined(ending)
  yield* joined(giving)
  yield* joined(
    waiting.start("look", function* () {
      expect(yield* there.state()).toBe(isWithdrawn ? Withdrawn : Taken)
    }),
  )
}

/** A thread starts tasks from the front while the pool takes some back from the end: each is had once. */
function* stolen(): Steps {
  const words = new Int32Array(new SharedArrayBuffer(4 * 528))
  announce(words.subarray(16, 20))
  const had: Array<number> = []
  const tasks = [1, 2, 3]
  yield* joined(
    new Thread(1).start("send", function* () {
      for (const n of tasks) yield* control.offerTask(words, n)
    }),
  )
  const thread = new Thread(2).start("start", function* () {
    for (const n of tasks) if (yield* control.claimTask(words, n)) had.push(n)
  })
  const pool = new Thread(3).start("take back", function* () {
    for (const n of tasks.toReversed()) if (yield* control.takeBackTask(words, n)) had.push(n)
  })
  yield* joined(thread)
  yield* joined(pool)
  expect(had.toSorted()).toEqual(tasks)
}

describe("a claim, access by access", () => {
  it.each([
    ["is had by one, of two threads and the one that gives it up", wanted(false)],
    ["that was withdrawn and is offered again is had by whoever comes then", offeredAgain],
    ["ends with a thread that has it, or has not, but with no other", lostWithThread],
    ["is taken back from a thread that is being ended", withdrawnFromEnding],
    ["of a task is the thread's or the pool's", stolen],
  ])("%s, in every order", async (_law, program) => {
    expect(await explore.check({ strategy: "exhaustive", shares: "ops" }, program)).toMatchObject({ complete: true })
  })

  // By chance: whoever gives it up looks again and again while another thread does.
  it.each(byChance(1000).filter(({ strategy }) => strategy === "random"))(
    "is had by one while threads look whether it can happen: $strategy",
    async (options) => {
      await explore.check(options, wanted(true))
    },
  )
})
