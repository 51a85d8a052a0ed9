/**
 * Wrapping for narrow terminals: at spaces only. A word wider than the line (a URL, a path) stays whole, because a
 * broken URL can neither be clicked nor copied.
 */
import { CliOutput } from "effect/cli"

/** Columns that `text` takes, colour codes not counted. */
export const width: (text: string) => number = CliOutput.displayWidth

/**
 * Breaks `text` into lines of at most `columns`. A line that fits keeps its inner spaces (they align columns); one that
 * is broken goes on under `indent`.
 */
export function wrap(text: string, columns: number, indent = ""): Array<string> {
  return text.split("\n").flatMap((line) => wrapLine(line, columns, indent))
}

function wrapLine(line: string, columns: number, indent: string): Array<string> {
  if (width(line) <= columns) return [line]
  const lines: Array<string> = []
  const margin = /^ */.exec(line)?.[0] ?? ""
  let current = margin
  let empty = true
  for (const word of line.trim().split(/ +/)) {
    const next = empty ? current + word : `${current} ${word}`
    if (!empty && width(next) > columns) {
      lines.push(current)
      current = margin + indent + word
    } else current = next
    empty = false
  }
  return [...lines, current]
}

export const padEnd = (text: string, columns: number): string => text + " ".repeat(Math.max(0, columns - width(text)))
