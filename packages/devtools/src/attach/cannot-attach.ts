/**
 * Why a process can't be attached to, and what to do about it.
 *
 * @since 0.3.0
 */
export class CannotAttach extends Error {
  override readonly name = "CannotAttach"
  readonly pid: number
  readonly reason: string
  readonly advice: string

  constructor(pid: number, reason: string, advice: string) {
    super(`weft: can't attach to process ${pid}: ${reason}; ${advice}`)
    this.pid = pid
    this.reason = reason
    this.advice = advice
  }
}

export const byItself =
  "let it listen by itself: start it with `node --import @weft/devtools/agent`, or import that in it"
