/**
 * Stage: what a chapter stands on. A chapter is an ordinary program; only its output and its URLs come from here, and
 * `source.ts` puts plain definitions in their place when it shows the chapter for copying.
 */
import { interleaving } from "./terminal/interleaving.ts"
import { paragraph, quote } from "./terminal/layout.ts"
import { LiveRows } from "./terminal/live-rows.ts"
import type { Screen } from "./terminal/screen.ts"
import { type Table, table } from "./terminal/table.ts"
import { wrap } from "./terminal/wrap.ts"

export interface Stage {
  /** The demo's server, `http://127.0.0.1:port`. */
  readonly site: string
  /** Three files of it, of different size and delay. */
  readonly urls: ReadonlyArray<string>
  /** A line of output, with the time since the chapter began. */
  readonly print: (text: string) => void
  /** What somebody is doing now, who is one of several: a row of his own, redrawn where somebody watches. */
  readonly live: (who: string, text: string) => void
  /** Figures side by side. */
  readonly table: (lines: Table) => void
  /** How wide a line of output may be. */
  readonly columns: number
  /** What Weft reports, as it says it. */
  readonly report: (text: string) => void
  /** The steps of a schedule, as `explore` tells them. */
  readonly interleaving: (trace: string) => void
  /** A sentence about what has just been seen. */
  readonly explain: (text: string) => void
}

export const fileNames: ReadonlyArray<string> = ["users", "posts", "photos"]

export function stage(screen: Screen, site: string): Stage {
  const start = performance.now()
  const { cyan, dim, red } = screen.paint
  const rows = new LiveRows(screen)
  const stamp = () => {
    const seconds = (performance.now() - start) / 1_000
    return `  ${dim(`${seconds.toFixed(seconds < 9.995 ? 2 : 1)}s`)}  `
  }
  return {
    site,
    urls: fileNames.map((name) => `${site}/${name}.json`),
    print(text) {
      rows.settle()
      const [first = "", ...rest] = wrap(text, screen.columns - MARGIN, "  ")
      screen.line(`${stamp()}${first}`.trimEnd())
      for (const line of rest) screen.line(" ".repeat(MARGIN) + line)
    },
    live: (who, text) => rows.show(who, text, stamp()),
    table(lines) {
      rows.settle()
      table(screen, lines)
    },
    columns: screen.columns - MARGIN,
    report(text) {
      rows.settle()
      screen.line()
      quote(screen, relative(text), red)
    },
    interleaving: (trace) => interleaving(screen, trace),
    explain(text) {
      rows.settle()
      screen.line()
      paragraph(screen, text, cyan)
      screen.line()
    },
  }
}

/** Room for the seconds that stand before every line. */
const MARGIN = 9

/** Places in a report, from here: shorter to read, and the same on every machine. */
function relative(text: string): string {
  const here = new URL(".", import.meta.url)
  return text.replaceAll(here.href, "").replaceAll(here.pathname, "")
}
