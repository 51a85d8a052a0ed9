/**
 * StatusLine: one line at the bottom that is redrawn while finished lines scroll above it.
 *
 * On a pipe it is silent: what is read by a program has no use for a line that is overwritten.
 */
import type { Screen } from "./screen.ts"
import { width } from "./wrap.ts"

const ERASE = "\r\x1b[2K"
const HIDE_CURSOR = "\x1b[?25l"
const SHOW_CURSOR = "\x1b[?25h"

export class StatusLine {
  readonly #screen: Screen
  #shown = ""

  constructor(screen: Screen) {
    this.#screen = screen
  }

  /** Replaces the line. `text` must fit: what is too long is cut, as a wrapped line could not be erased. */
  show(text: string): void {
    if (!this.#screen.animate || text === this.#shown) return
    const fits = width(text) < this.#screen.columns ? text : plainCut(text, this.#screen.columns - 1)
    this.#screen.raw((this.#shown === "" ? HIDE_CURSOR : "") + ERASE + fits)
    this.#shown = text
  }

  /** Writes finished lines above it. */
  above(write: () => void): void {
    const shown = this.#shown
    this.clear()
    write()
    if (shown !== "") this.show(shown)
  }

  clear(): void {
    if (this.#shown === "") return
    this.#screen.raw(ERASE + SHOW_CURSOR)
    this.#shown = ""
  }
}

// eslint-disable-next-line no-control-regex -- colour codes are control characters
const CODES = /\x1b\[[0-9;]*m/g
const plainCut = (text: string, columns: number): string => text.replace(CODES, "").slice(0, columns)
