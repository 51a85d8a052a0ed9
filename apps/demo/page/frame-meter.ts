/** FrameMeter: how the page's frames came, while something was going on and just now. */

/** As many are drawn. */
const KEPT = 120
const SECOND = 1_000

export class FrameMeter {
  /** The last ones, in milliseconds since the one before. */
  readonly last: Array<number> = []
  #before = 0
  #since = 0
  #frames = 0
  #longest = 0

  /** A frame begins. */
  frame(now: number): void {
    if (this.#before > 0) {
      const millis = now - this.#before
      this.last.push(millis)
      if (this.last.length > KEPT) this.last.shift()
      this.#frames++
      this.#longest = Math.max(this.#longest, millis)
    }
    this.#before = now
  }

  /** What is told counts from here. */
  begin(now: number): void {
    this.#since = now
    this.#frames = 0
    this.#longest = 0
  }

  /** Of the time since `begin`; a frame that has not come yet counts as long as it is late. */
  told(now: number): { readonly frames: number; readonly fps: number; readonly longest: number } {
    const longest = Math.max(this.#longest, now - Math.max(this.#before, this.#since))
    return { frames: this.#frames, fps: (this.#frames * SECOND) / (now - this.#since), longest }
  }

  /** Of the last second. */
  get fps(): number {
    let millis = 0
    let frames = 0
    for (let i = this.last.length - 1; i >= 0 && millis < SECOND; i--) {
      millis += this.last[i]!
      frames++
    }
    return millis === 0 ? 0 : (frames * SECOND) / millis
  }
}
