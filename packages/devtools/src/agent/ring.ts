/**
 * Ring: the memory that a recorder writes to, in segments that can be read each for itself.
 *
 *   seq        0       1       2       3 ...      numbers of segments since recording began
 *            [ oldest ................ writing ]  at `seq % count`, in one Int32Array
 *
 * Invariants:
 *   1. `oldest <= seq of the segment being written < oldest + count`.
 *   2. A segment that had to go before it was taken is counted in `dropped`, by its records.
 */
export const wordsPerRecord = 2
const recordsPerSegment = 4096
export const wordsPerSegment: number = recordsPerSegment * wordsPerRecord
const bytesPerSegment = wordsPerSegment * 4

export interface Segment {
  readonly droppedBefore: number
  /** A copy: the ring goes on. */
  readonly bytes: Uint8Array
}

export class Ring {
  declare readonly words: Int32Array
  /** Records lost since the last segment was taken. */
  declare dropped: number
  declare droppedInAll: number
  declare private readonly count: number
  declare private oldest: number
  declare private writing: number
  /** Words in each segment, by its place. */
  declare private readonly lengths: Int32Array
  /** When each segment was begun, in milliseconds, by its place. */
  declare private readonly begun: Float64Array

  constructor(bytes: number) {
    this.count = Math.max(2, Math.floor(bytes / bytesPerSegment))
    this.words = new Int32Array(this.count * wordsPerSegment)
    this.dropped = 0
    this.droppedInAll = 0
    this.oldest = 0
    this.writing = 0
    this.lengths = new Int32Array(this.count)
    this.begun = new Float64Array(this.count)
  }

  /** Where the segment being written begins, in words. */
  get start(): number {
    return (this.writing % this.count) * wordsPerSegment
  }

  /** Ends the segment being written at the word `end` and begins another; forgets the oldest where there is no room. */
  next(end: number, now: number): void {
    this.lengths[this.writing % this.count] = end - this.start
    this.writing++
    if (this.writing - this.oldest === this.count) {
      const lost = this.lengths[this.oldest % this.count]! / wordsPerRecord
      this.dropped += lost
      this.droppedInAll += lost
      this.oldest++
    }
    this.begun[this.writing % this.count] = now
  }

  /** The number of the segment being written. */
  get current(): number {
    return this.writing
  }

  /** Forgets the segments before the one of that number. */
  forgetBefore(seq: number): void {
    this.oldest = Math.max(this.oldest, Math.min(seq, this.writing))
  }

  /** Takes the oldest segment out that is whole. */
  take(): Segment | undefined {
    if (this.oldest === this.writing) return undefined
    const segment = this.copyOf(this.oldest++)
    const droppedBefore = this.dropped
    this.dropped = 0
    return { droppedBefore, bytes: segment }
  }

  /** Copies of all whole segments begun at `since` or later, and the one before, in which that moment lies. */
  copySince(since: number): Array<Segment> {
    const all: Array<Segment> = []
    for (let seq = this.oldest; seq < this.writing; seq++) {
      const isLast = seq + 1 === this.writing
      if (!isLast && this.begun[(seq + 1) % this.count]! < since) continue
      all.push({ droppedBefore: 0, bytes: this.copyOf(seq) })
    }
    return all
  }

  private copyOf(seq: number): Uint8Array {
    const place = seq % this.count
    const from = place * wordsPerSegment
    const words = this.words.slice(from, from + this.lengths[place]!)
    return new Uint8Array(words.buffer)
  }
}
