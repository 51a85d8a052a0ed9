/**
 * Claims: which positions each thread is about to take, so that what a terminated thread has left half done can be given up.
 *
 * Before its compare-and-swap of TAIL or HEAD a thread writes the positions into its line, plainly: whoever sees HEAD or TAIL beyond them sees
 * that as well. If another thread is quicker it takes that back. Afterwards it says nothing more, as the slots' SEQUENCE do. So a position is left
 * half done if HEAD or TAIL is beyond it, its SEQUENCE is not, and who claimed it has ended.
 *
 * Giving up, by one thread at a time (MENDER):
 *   - A position that was to be sent is marked as abandoned: receivers pass over it. Nobody can tell how much of its value was written.
 *   - One that was to be received is freed, as by the thread that has ended: its value went there.
 *
 * Two threads may have claimed one position, of which one failed and has not said so yet. So a position is given up where none that lives claims
 * it, and only if that was so a moment before as well: a processor may show what a thread writes plainly before what it wrote until then.
 *
 * A thread that finds all lines taken shares the last one with others. What they claim nobody can tell, so from then on nothing is given up.
 */
import { threadId } from "@weft/core"
import {
  abandoned,
  firstLine,
  Head,
  lastLine,
  type Layout,
  Line,
  LineCount,
  LineOwner,
  Mender,
  Position,
  Run,
  sequenceWord,
  Tail,
} from "./ring-layout.ts"

/** In LINE_OWNER, in place of the number of a thread that has ended. */
const Dead = -1
/** In LINE_OWNER of the last line, once somebody has it. */
const Shared = -2

/** What one look has come to. */
export interface Look {
  /** What was half done, and claimed by none that lives: to be given up if it is at a later look. */
  readonly left: ReadonlySet<number>
  /** False: look again in a moment. */
  readonly isDone: boolean
  readonly hasGivenUp: boolean
}

const nothing: ReadonlySet<number> = new Set()

export class Claims {
  readonly #words: Int32Array
  readonly #layout: Layout

  constructor(words: Int32Array, layout: Layout) {
    this.#words = words
    this.#layout = layout
  }

  /** The index of this thread's line. */
  enlist(): number {
    const words = this.#words
    const me = threadId()
    for (let line = firstLine; line < lastLine; line += Line) {
      const found = Atomics.load(words, line + LineOwner)
      if (found === me) return line
      if (found === 0 && Atomics.compareExchange(words, line + LineOwner, 0, me) === 0) return line
    }
    Atomics.store(words, lastLine + LineOwner, Shared)
    return lastLine
  }

  /** The thread has ended. */
  mourn(thread: number): Look {
    const words = this.#words
    for (let line = firstLine; line < lastLine; line += Line)
      Atomics.compareExchange(words, line + LineOwner, thread, Dead)
    Atomics.compareExchange(words, Mender, thread, 0)
    return this.mend(nothing)
  }

  /** Gives up what is still as it was `before`, at a look some time ago. */
  mend(before: ReadonlySet<number>): Look {
    const words = this.#words
    if (Atomics.load(words, lastLine + LineOwner) === Shared) return { left: nothing, isDone: true, hasGivenUp: false }
    if (Atomics.compareExchange(words, Mender, 0, threadId()) !== 0)
      return { left: before, isDone: false, hasGivenUp: false }
    const left = new Set<number>()
    let [isDone, hasGivenUp] = [true, false]
    for (let line = firstLine; line < lastLine; line += Line) {
      if (Atomics.load(words, line + LineOwner) !== Dead) continue
      const count = words[line + LineCount]!
      const isSend = count > 0
      let isOver = true
      // From the last one on: of a run the first one opens the way to the others.
      for (let i = Math.abs(count) - 1; i >= 0; i--) {
        const position = (words[line]! + i) & Position
        const key = isSend ? position : ~position
        if (!this.isHalfDone(position, isSend)) continue
        if (this.isClaimed(position, isSend)) isOver = false
        else if (!before.has(key)) left.add(key)
        else if (this.giveUp(position, isSend)) hasGivenUp = true
        else left.add(key)
      }
      if (isOver && left.size === 0) {
        words[line + LineCount] = 0
        Atomics.store(words, line + LineOwner, 0)
      } else isDone = false
    }
    Atomics.store(words, Mender, 0)
    return { left, isDone, hasGivenUp }
  }

  /** Whether a thread that lives claims it. */
  private isClaimed(position: number, isSend: boolean): boolean {
    const words = this.#words
    for (let line = firstLine; line < lastLine; line += Line) {
      const owner = Atomics.load(words, line + LineOwner)
      const count = words[line + LineCount]!
      const ahead = (position - words[line]!) & Position
      if (owner !== 0 && owner !== Dead && count > 0 === isSend && ahead < Math.abs(count)) return true
    }
    return false
  }

  private isHalfDone(position: number, isSend: boolean): boolean {
    const beyond = Atomics.load(this.#words, isSend ? Tail : Head) & Position
    if (((beyond - position - 1) & Position) >= this.#layout.slots) return false
    return this.isLeftAt(Atomics.load(this.#words, this.sequenceOf(position)), position, isSend)
  }

  /** Whether a slot with this SEQUENCE is half done. */
  private isLeftAt(sequence: number, position: number, isSend: boolean): boolean {
    const turn = (sequence + (position & (this.#layout.slots - 1))) & Position
    if (isSend) return turn === position
    const isSettled = this.#layout.capacity === 0 && turn === ((position + 2) & Position)
    return turn === ((position + 1) & Position) || turn === abandoned(position) || isSettled
  }

  private sequenceOf(position: number): number {
    return sequenceWord(this.#layout, position & (this.#layout.slots - 1))
  }

  /** False: it has changed just now. */
  private giveUp(position: number, isSend: boolean): boolean {
    const { slots } = this.#layout
    const word = this.sequenceOf(position)
    const found = Atomics.load(this.#words, word)
    if (!this.isLeftAt(found, position, isSend)) return false
    const turn = isSend ? abandoned(position) : (position + slots) & Position
    if (!isSend) this.#words[word + Run] = 0
    // At capacity 0 a sender may take back his offer just now.
    return Atomics.compareExchange(this.#words, word, found, turn - (position & (slots - 1))) === found
  }
}
