/**
 * Claims: words by which two threads agree whether an op on a channel of the one happens that a goroutine of the other waits for.
 *
 * The thread that waits makes the word. One word stands for one wait: all cases of a select that lie on other threads share it.
 *
 * Memory, Int32, every access atomic. A word is turn * 1024 + home * 4 + state. The turn counts how often the word was used, so that who comes late finds
 * another one. While it is Claiming or Taken, home says who has it: the place of the channel's thread among those that the wait has asked. Where a
 * thread has ended, what another one has taken is still on its way. (Beyond 256 threads those that are left have one number.)
 *   Offered   -> Claiming  by the channel's thread, which now looks whether the op can happen
 *   Offered   -> Taken     by the channel's thread: it happens; its message is on the way
 *   Claiming  -> Taken, or back to Offered, by the same thread, which waits for nothing in between
 *   Offered  <-> Withdrawn by the thread that waits: another case is about to happen, or did not after all
 *
 * @see Reppy, Russo, Xiao, "Parallel Concurrent ML" (2009): states WAITING, CLAIMED, SYNCHED
 */
export const Offered = 0
export const Claiming = 1
const Taken = 2
export const Withdrawn = 3

const pageWords = 1024
const turnMask = 0x3fffff
const mostHomes = 255

export type ClaimPage = Int32Array<SharedArrayBuffer>

/** Where a claim lies, as messages say it. */
export interface ClaimPlace {
  readonly page: number
  readonly index: number
  readonly turn: number
  /** Which of the wait's threads it is that is asked. */
  readonly home: number
}

/** What becomes of a thread that has a claim: it runs on, is being ended or was, or has ended and nothing that it has said is still to come. */
export type Fate = "runs" | "ending" | "ended"

/** This thread's words. */
export class Claims {
  readonly pages: Array<ClaimPage> = []
  readonly #free: Array<{ readonly page: number; readonly index: number }> = []

  /** Undefined where there is no shared memory. */
  take(): Claim | undefined {
    if (this.#free.length === 0 && !this.#grow()) return undefined
    const { index, page } = this.#free.pop()!
    return new Claim(this.pages[page]!, page, index)
  }

  giveBack(claim: Claim): void {
    claim.end()
    this.#free.push(claim)
  }

  #grow(): boolean {
    try {
      const page = this.pages.push(new Int32Array(new SharedArrayBuffer(pageWords * 4))) - 1
      for (let index = pageWords - 1; index >= 0; index--) this.#free.push({ page, index })
      return true
    } catch {
      return false
    }
  }
}

/** A claim, seen by the thread that waits. */
export class Claim {
  readonly page: number
  readonly index: number
  readonly turn: number
  readonly #words: ClaimPage

  constructor(words: ClaimPage, page: number, index: number) {
    this.#words = words
    this.page = page
    this.index = index
    this.turn = turnOf(Atomics.load(words, index))
    Atomics.store(words, index, wordOf(this.turn, Offered))
  }

  /** False: it has happened. `fateOf` tells of the thread that has it. */
  withdraw(fateOf: (home: number) => Fate): boolean {
    const offered = wordOf(this.turn, Offered)
    const withdrawn = wordOf(this.turn, Withdrawn)
    for (;;) {
      const found = Atomics.compareExchange(this.#words, this.index, offered, withdrawn)
      if (found === offered || found === withdrawn) return true
      const fate = fateOf(homeOf(found))
      if (fate === "ended") return true
      if (stateOf(found) === Taken) return false
      // Claiming: for as long as the other thread looks, which waits for nothing; but one that is ended there looks for ever.
      if (fate === "ending" && Atomics.compareExchange(this.#words, this.index, found, withdrawn) === found) return true
    }
  }

  offer(): void {
    Atomics.compareExchange(this.#words, this.index, wordOf(this.turn, Withdrawn), wordOf(this.turn, Offered))
  }

  /** Nobody who still knows of it can do anything with it. */
  end(): void {
    Atomics.store(this.#words, this.index, wordOf((this.turn + 1) & turnMask, Withdrawn))
  }
}

/** A claim of another thread, seen by the channel's. */
export class ClaimThere {
  readonly #words: ClaimPage
  readonly #index: number
  readonly #turn: number
  readonly #claiming: number
  readonly #taken: number

  constructor(words: ClaimPage, { home, index, turn }: ClaimPlace) {
    this.#words = words
    this.#index = index
    this.#turn = turn
    const bits = homeWord(home) << 2
    this.#claiming = Claiming | bits
    this.#taken = Taken | bits
  }

  is(other: ClaimThere): boolean {
    return this.#words === other.#words && this.#index === other.#index
  }

  begin(): boolean {
    return this.#change(Offered, this.#claiming)
  }
  take(): boolean {
    return this.#change(Offered, this.#taken)
  }
  finish(): void {
    this.#change(this.#claiming, this.#taken)
  }
  goBack(): void {
    this.#change(this.#claiming, Offered)
  }

  /** By one look; undefined: it was used again since, for another wait. */
  state(): number | undefined {
    const word = Atomics.load(this.#words, this.#index)
    return turnOf(word) === this.#turn ? stateOf(word) : undefined
  }

  #change(from: number, to: number): boolean {
    const expected = wordOf(this.#turn, from)
    return Atomics.compareExchange(this.#words, this.#index, expected, wordOf(this.#turn, to)) === expected
  }
}

/** What stands in a word for a thread of this number. */
export const homeWord = (home: number): number => Math.min(home, mostHomes)

/** `state` with the number of the thread that has it, if one has. */
const wordOf = (turn: number, state: number): number => (turn << 10) | state | 0
const turnOf = (word: number): number => (word >>> 10) & turnMask
const homeOf = (word: number): number => (word >>> 2) & mostHomes
const stateOf = (word: number): number => word & 3
