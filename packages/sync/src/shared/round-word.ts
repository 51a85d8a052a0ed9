/**
 * RoundWord: a count that comes round again and again, and waiting for the end of a round: of a SharedWaitGroup zero, of a SharedBarrier that all
 * have arrived.
 *
 * Memory, two Int32, every access atomic:
 *   STATE  the count, and above it the last bits of the round. Whoever ends a round changes both by one compare-and-swap.
 *   ROUND  how many rounds have ended, in 32 bits. It follows STATE, by compare-and-swap: whoever has ended a round, or is about to wait, sees to
 *          it that it has, and then all that wait for ROUND are notified.
 *
 * The bits in STATE say how far ROUND is behind: as many rounds as there are threads that have ended one and not said so yet, or never will.
 *
 * A waiter that came in round r is free once ROUND is another one. To miss its release it must sleep through exactly 2^32 of them; which at ten
 * million a second takes seven minutes, and has then one chance.
 * No lost wake-up: waitAsync compares ROUND with what the waiter came in, so a change in between ends the wait.
 *
 * Rejected:
 * - Waiting for STATE. Its bits of the round are the same again after 4,096, or 65,536, which a thread that computes may well sleep through.
 * - The round in its own word alone. Between the last of a round and round + 1 another thread could begin the next and wait, and the late
 *   notify would free it early.
 * - One word of 64 bits, which is a bigint: each `done` would make some.
 */
import { WaitWord } from "@weft/core"

export abstract class RoundWord extends WaitWord {
  readonly memory: SharedArrayBuffer
  readonly #state: number
  readonly #shift: number
  /** As many rounds as its bits in STATE can tell apart, less one. */
  readonly #mask: number

  /** The indices of STATE and of ROUND in `words`, and the first bit of the round in STATE. */
  constructor(words: Int32Array<SharedArrayBuffer>, state: number, round: number, shift: number) {
    super(words, round)
    this.memory = words.buffer
    this.#state = state
    this.#shift = shift
    this.#mask = -1 >>> shift
  }

  /** The round as it is at some moment of this call, which ROUND says then, or has passed. */
  caughtUp(): number {
    for (;;) {
      // Before STATE: it can't be ahead of it, and is still as it was where the compare-and-swap finds it so.
      const seen = Atomics.load(this.words, this.word)
      const state = Atomics.load(this.words, this.#state)
      const behind = ((state >>> this.#shift) - seen) & this.#mask
      const round = (seen + behind) | 0
      if (Atomics.compareExchange(this.words, this.word, seen, round) === seen) return round
    }
  }

  /** The round in which STATE was `state`, a moment ago. */
  roundOf(state: number): number {
    const now = this.caughtUp()
    return (now - ((now - (state >>> this.#shift)) & this.#mask)) | 0
  }

  /** A round has ended. */
  tellAll(): void {
    this.caughtUp()
    Atomics.notify(this.words, this.word, Infinity)
    if (this.waiters.head !== null) this.attend(false)
  }

  protected override passOn(): void {
    // All are woken at once.
  }
}
