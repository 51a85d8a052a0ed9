/**
 * Terminal: a screen of its own, and the keys.
 *
 * However the command ends, the terminal is as before: `close` runs at the end of the scope, and again, where nothing has run it, at the process's exit. Only SIGKILL
 * leaves it as it is, as it does for everybody.
 *
 * A frame is written at once, between the marks of a synchronized update, which terminals show as a whole; and only the lines that have changed.
 */
import { emitKeypressEvents } from "node:readline"
import type { ReadStream, WriteStream } from "node:tty"
import { render } from "../text/paint.ts"
import type { Key } from "./top-state.ts"

const csi = "\u001b["
const ownScreen = `${csi}?1049h${csi}?25l${csi}?7l`
const usualScreen = `${csi}?7h${csi}?25h${csi}?1049l`
const beginFrame = `${csi}?2026h`
const endFrame = `${csi}?2026l`

export interface TerminalEvents {
  onKey(key: Key): void
  /** Also after it was suspended: all is to be drawn again. */
  onResize(): void
}

export class Terminal {
  readonly #input: ReadStream
  readonly #output: WriteStream
  readonly #isColored: boolean
  #shown: ReadonlyArray<string> = []
  #isOpen = false
  readonly #close = () => this.close()
  readonly #onKeypress: (text: string | undefined, key: { name?: string; ctrl?: boolean }) => void
  readonly #onResize: () => void
  readonly #onContinue: () => void

  constructor(input: ReadStream, output: WriteStream, isColored: boolean, events: TerminalEvents) {
    this.#input = input
    this.#output = output
    this.#isColored = isColored
    this.#onKeypress = (text, { ctrl = false, name }) => events.onKey({ name, text, isControl: ctrl })
    this.#onResize = () => {
      this.#shown = []
      events.onResize()
    }
    this.#onContinue = () => {
      if (!this.#isOpen) this.#enter()
      this.#onResize()
    }
  }

  get columns(): number {
    return this.#output.columns || 80 // some say 0
  }

  get rows(): number {
    return this.#output.rows || 24
  }

  open(): void {
    emitKeypressEvents(this.#input)
    this.#input.on("keypress", this.#onKeypress)
    this.#output.on("resize", this.#onResize)
    process.on("exit", this.#close)
    process.on("SIGCONT", this.#onContinue)
    this.#enter()
  }

  close(): void {
    this.#leave()
    this.#input.off("keypress", this.#onKeypress)
    this.#output.off("resize", this.#onResize)
    process.off("exit", this.#close)
    process.off("SIGCONT", this.#onContinue)
  }

  /** Gives the terminal back to the shell until it says to go on. */
  suspend(): void {
    this.#leave()
    process.kill(0, "SIGTSTP")
  }

  draw(lines: ReadonlyArray<string>): void {
    if (!this.#isOpen) return
    const rendered = lines.map((line) => render(line, this.#isColored))
    const changed = rendered.flatMap((line, i) =>
      line === this.#shown[i] ? [] : [`${csi}${i + 1};1H${csi}2K${line}${csi}0m`],
    )
    // First, as a frame that is drawn to its last column may not be erased behind.
    const clear = this.#shown.length === 0 ? `${csi}H${csi}2J` : ""
    this.#shown = rendered
    if (changed.length > 0) this.#output.write(beginFrame + clear + changed.join("") + endFrame)
  }

  #enter(): void {
    this.#isOpen = true
    this.#shown = []
    this.#input.setRawMode(true)
    this.#input.resume()
    this.#output.write(ownScreen)
  }

  #leave(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#output.write(usualScreen)
    this.#input.setRawMode(false)
    this.#input.pause()
  }
}
