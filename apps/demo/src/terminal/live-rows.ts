/**
 * LiveRows: a row for each of several who work at the same time, redrawn in place.
 *
 * On a pipe each change is a line of its own: nothing that was written is taken back.
 *
 * Invariant: the cursor is at the start of the line under the last row. So whoever writes next calls `settle` first, which leaves the rows as they are.
 */
import type { Screen } from "./screen.ts"
import { width, wrap } from "./wrap.ts"

const ERASE = "\x1b[2K"
const up = (rows: number): string => `\x1b[${rows}A`

/** Room for the seconds that stand before every line. */
const MARGIN = 9

export class LiveRows {
  readonly #screen: Screen
  readonly #rows = new Map<string, string>()

  constructor(screen: Screen) {
    this.#screen = screen
  }

  show(who: string, text: string, stamp: string): void {
    const { animate, columns, paint } = this.#screen
    const styles = [paint.cyan, paint.yellow, paint.green, paint.magenta, paint.blue]
    const before = this.#rows.size
    const place = this.#rows.has(who) ? [...this.#rows.keys()].indexOf(who) : before
    const name = styles[place % styles.length]!(who)
    if (!animate) {
      this.#rows.set(who, "")
      const [first = "", ...rest] = wrap(`${name}  ${text}`, columns - MARGIN, "  ")
      this.#screen.line(`${stamp}${first}`)
      for (const line of rest) this.#screen.line(" ".repeat(MARGIN) + line)
      return
    }
    const room = columns - MARGIN - width(who) - 2
    // What is too long is cut: a row that wraps could not be redrawn.
    this.#rows.set(who, `${stamp}${name}  ${width(text) <= room ? text : `${text.slice(0, room - 1)}…`}`)
    this.#screen.raw(
      (before === 0 ? "" : up(before)) + [...this.#rows.values()].map((row) => `\r${ERASE}${row}\n`).join(""),
    )
  }

  /** What follows goes under the rows, and the next row begins new ones. */
  settle(): void {
    this.#rows.clear()
  }
}
