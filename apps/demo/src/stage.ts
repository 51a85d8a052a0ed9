/**
 * Stage: what a chapter stands on. A chapter is an ordinary program; only its output and its URLs come from here, and
 * `source.ts` puts plain definitions in their place when it shows the chapter for copying.
 */
import { interleaving } from "./terminal/interleaving.ts"
import { paragraph, quote } from "./terminal/layout.ts"
import type { Screen } from "./terminal/screen.ts"
import { wrap } from "./terminal/wrap.ts"

export interface Stage {
  /** The demo's server, `http://127.0.0.1:port`. */
  readonly site: string
  /** Three files of it, of different size and delay. */
  readonly urls: ReadonlyArray<string>
  /** A line of output, with the time since the chapter began. */
  readonly print: (text: string) => void
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
  return {
    site,
    urls: fileNames.map((name) => `${site}/${name}.json`),
    print(text) {
      const stamp = `${((performance.now() - start) / 1_000).toFixed(2)}s`
      const [first = "", ...rest] = wrap(text, screen.columns - 9, "  ")
      screen.line(`  ${dim(stamp.padStart(5))}  ${first}`.trimEnd())
      for (const line of rest) screen.line(`         ${line}`)
    },
    report(text) {
      screen.line()
      quote(screen, relative(text), red)
    },
    interleaving: (trace) => interleaving(screen, trace),
    explain(text) {
      screen.line()
      paragraph(screen, text, cyan)
      screen.line()
    },
  }
}

/** Places in a report, from here: shorter to read, and the same on every machine. */
function relative(text: string): string {
  const here = new URL(".", import.meta.url)
  return text.replaceAll(here.href, "").replaceAll(here.pathname, "")
}
