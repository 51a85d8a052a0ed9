/**
 * What was read is no trace, or a broken one.
 *
 * Everything before `offset` was sound, and has been handed out.
 */
export class InvalidTrace extends Error {
  override readonly name = "InvalidTrace"

  /** What is wrong, and what to do. */
  readonly problem: string
  /** Bytes from the beginning of the file. */
  readonly offset: number

  constructor(problem: string, offset: number) {
    super(`devtools: ${problem} (at byte ${offset})`)
    this.problem = problem
    this.offset = offset
  }
}
