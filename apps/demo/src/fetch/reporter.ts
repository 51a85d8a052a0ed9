/** Reporter: what the person at the terminal sees: a line for each outcome, progress below, a summary at the end. */
import type { Screen } from "../terminal/screen.ts"
import { StatusLine } from "../terminal/status-line.ts"
import { paragraph } from "../terminal/layout.ts"
import { width } from "../terminal/wrap.ts"
import type { Outcome } from "./outcome.ts"

/** Below this a URL has no room beside the figures. */
const NARROW = 60
const BAR = 20

export class Reporter {
  readonly #screen: Screen
  readonly #status: StatusLine
  readonly #total: number
  readonly #start = performance.now()
  readonly #counts = { fetched: 0, failed: 0, canceled: 0 }
  #bytes = 0

  constructor(screen: Screen, total: number) {
    this.#screen = screen
    this.#status = new StatusLine(screen)
    this.#total = total
  }

  get failed(): number {
    return this.#counts.failed
  }

  /** Counts it at once; its line may come later, in order. */
  count(outcome: Outcome): void {
    this.#counts[outcome.kind] += 1
    if (outcome.kind === "fetched") this.#bytes += outcome.bytes
    this.progress()
  }

  line(outcome: Outcome): void {
    this.#status.above(() => this.#write(outcome))
  }

  progress(): void {
    const { cyan, dim, red } = this.#screen.paint
    const { canceled, failed, fetched } = this.#counts
    const ended = fetched + failed + canceled
    const filled = Math.round((BAR * ended) / this.#total)
    const failures = failed === 0 ? "" : red(`  ${failed} failed`)
    const bar = cyan("━".repeat(filled)) + dim("━".repeat(BAR - filled))
    this.#status.show(`  ${bar}  ${ended}/${this.#total}${failures}  ${dim(this.#elapsed())}`)
  }

  summary(interrupted: boolean): void {
    this.#status.clear()
    const { bold, green, red, yellow } = this.#screen.paint
    const { failed, fetched } = this.#counts
    const left = this.#total - fetched - failed
    const parts = [
      green(`${fetched} fetched`),
      ...(failed > 0 ? [red(`${failed} failed`)] : []),
      ...(left > 0 ? [yellow(`${left} not fetched`)] : []),
      size(this.#bytes),
      this.#elapsed(),
    ]
    this.#screen.line()
    paragraph(this.#screen, `${interrupted ? bold(yellow("Canceled.  ")) : ""}${parts.join("  ")}`)
  }

  #write(outcome: Outcome): void {
    const { dim, green, red, yellow } = this.#screen.paint
    const time = dim(`${(outcome.millis / 1_000).toFixed(2)}s`.padStart(7))
    const tries = outcome.attempts > 1 ? `${outcome.attempts} tries` : ""
    switch (outcome.kind) {
      case "fetched":
        return this.#row(
          green("✓"),
          outcome.status,
          size(outcome.bytes),
          time,
          outcome.url,
          [outcome.isJson ? "" : yellow("no JSON"), dim(tries)].filter(Boolean).join(", "),
        )
      case "failed":
        return this.#row(
          red("✗"),
          outcome.status,
          "",
          time,
          outcome.url,
          red([outcome.reason, tries].filter(Boolean).join(", ")),
        )
      case "canceled":
        return this.#row(yellow("–"), undefined, "", time, outcome.url, yellow("canceled"))
    }
  }

  #row(mark: string, status: number | undefined, bytes: string, time: string, url: string, note: string): void {
    const figures = `  ${mark} ${String(status ?? "").padEnd(3)} ${bytes.padStart(9)} ${time}`
    // On a narrow terminal a URL under the figures reads better than one that is squeezed in beside them.
    const margin = " ".repeat(this.#screen.columns >= NARROW ? width(figures) + 2 : 4)
    let line = figures
    for (const part of [url, note].filter((text) => text !== "")) {
      if (width(line) + 2 + width(part) <= this.#screen.columns) line += `  ${part}`
      else {
        this.#screen.line(line)
        line = margin + part
      }
    }
    this.#screen.line(line)
  }

  #elapsed(): string {
    return `${((performance.now() - this.#start) / 1_000).toFixed(1)}s`
  }
}

function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
