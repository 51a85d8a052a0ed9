/**
 * Claims: which positions each thread is about to take, so that what a terminated thread has left half done can be mended.
 *
 * Before its compare-and-swap of TAIL or HEAD a thread writes the positions into its line, plainly: whoever sees HEAD or TAIL beyond them sees
 * that as well. If another thread is quicker it takes that back. Afterwards it says nothing more, as the slots' SEQUENCE do. So a position is left
 * half done if HEAD or TAIL is beyond it, its SEQUENCE is not, and who claimed it has ended.
 *
 * Mending, by one thread at a time (MENDER):
 *   - A position that was to be sent is marked as abandoned: receivers pass over it. Nobody can tell how much of its value was written.
 *   - One that was to be received is freed, as by the thread that has ended: its value went there.
 *
 * Two threads may have claimed one position, of which one failed and has not said so yet. So a position is mended once none that lives claims it, and
 * only if it was left half done some time ago as well: a processor may show what a thread writes plainly before what it wrote until then.
 *
 * A thread that finds all lines taken has the last one, which nobody looks at.
 */
import { threadId } from "@weft/core"
import {
  abandoned,
  firstLine,
  Head,
  type Layout,
  Line,
  LineCount,
  LineOwner,
  lines,
  Mender,
  Position,
  Run,
  sequenceWord,
  Tail,
} from "./ring-layout.ts"

/** In LINE_OWNER, in place of the number of a thread that has ended. */
const Dead = -1

export class Claims {
  readonly #words: Int32Array
  readonly #layout: Layout
  /** What this thread has found half done before. */
  #left: ReadonlySet<number> = new Set()

  constructor(words: Int32Array, layout: Layout) {
    this.#words = words
    this.#layout = layout
  }

  /** The index of this thread's line. */
  enlist(): number {
    const me = threadId()
    for (let line = firstLine; line < firstLine + Line * lines; line += Line) {
      const found = Atomics.load(this.#words, line + LineOwner)
      if (found === me) return line
      if (found === 0 && Atomics.compareExchange(this.#words, line + LineOwner, 0, me) === 0) return line
    }
    return firstLine + Line * lines
  }

  /** The thread has ended; answers as {@link mend}. */
  mourn(thread: number): boolean {
    const words = this.#words
    for (let line = firstLine; line < firstLine + Line * lines; line += Line)
      Atomics.compareExchange(words, line + LineOwner, thread, Dead)
    Atomics.compareExchange(words, Mender, thread, 0)
    return this.mend()
  }

  /** Mends what was left half done when it looked before. False: look again in a moment. */
  mend(): boolean {
    const words = this.#words
    const me = threadId()
    const mender = Atomics.compareExchange(words, Mender, 0, me)
    if (mender !== 0) return false
    const left = new Set<number>()
    for (let line = firstLine; line < firstLine + Line * lines; line += Line)
      if (Atomics.load(words, line + LineOwner) === Dead && this.mendLine(line, left)) {
        words[line + LineCount] = 0
        Atomics.store(words, line + LineOwner, 0)
      }
    this.#left = left
    Atomics.store(words, Mender, 0)
    return left.size === 0
  }

  /** False: something is `left`. */
  private mendLine(line: number, left: Set<number>): boolean {
    const before = left.size
    const count = this.#words[line + LineCount]!
    // From the last one on: of a run the first one opens the way to the others.
    for (let i = Math.abs(count) - 1; i >= 0; i--) {
      const position = (this.#words[line]! + i) & Position
      const isSend = count > 0
      const key = isSend ? position : ~position
      const isDone = this.#left.has(key) && !this.isClaimed(position, isSend) && this.giveUp(position, isSend)
      if (!isDone && this.isHalfDone(position, isSend)) left.add(key)
    }
    return left.size === before
  }

  /** Whether a thread that lives claims it. */
  private isClaimed(position: number, isSend: boolean): boolean {
    const words = this.#words
    for (let line = firstLine; line < firstLine + Line * lines; line += Line) {
      const owner = Atomics.load(words, line + LineOwner)
      const count = words[line + LineCount]!
      const ahead = (position - words[line]!) & Position
      if (owner !== 0 && owner !== Dead && count > 0 === isSend && ahead < Math.abs(count)) return true
    }
    return false
  }

  private isHalfDone(position: number, isSend: boolean): boolean {
    const { capacity, slots } = this.#layout
    const beyond = Atomics.load(this.#words, isSend ? Tail : Head) & Position
    const isBeyond = ((beyond - position - 1) & Position) < slots
    const turn = this.turnAt(position)
    if (!isBeyond || isSend) return isBeyond && turn === position
    const isSettled = capacity === 0 && turn === ((position + 2) & Position)
    return turn === ((position + 1) & Position) || turn === abandoned(position) || isSettled
  }

  private turnAt(position: number): number {
    const slot = position & (this.#layout.slots - 1)
    return (Atomics.load(this.#words, sequenceWord(this.#layout, slot)) + slot) & Position
  }

  /** False: not half done, or it changes just now. */
  private giveUp(position: number, isSend: boolean): boolean {
    if (!this.isHalfDone(position, isSend)) return false
    const slot = position & (this.#layout.slots - 1)
    const sequence = sequenceWord(this.#layout, slot)
    const found = Atomics.load(this.#words, sequence)
    const turn = isSend ? abandoned(position) : (position + this.#layout.slots) & Position
    if (!isSend) this.#words[sequence + Run] = 0
    // At capacity 0 a sender may take back his offer just now.
    return Atomics.compareExchange(this.#words, sequence, found, turn - slot) === found
  }
}
