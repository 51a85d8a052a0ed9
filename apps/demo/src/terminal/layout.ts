/** Layout: the few shapes of which every page of the demo is made. */
import type { Screen } from "./screen.ts"
import type { Style } from "./paint.ts"
import { padEnd, width, wrap } from "./wrap.ts"

/** A second column narrower than this is no place for text: rows are stacked instead. */
const READABLE = 22

/** `── 3/16  Title ──────────── name ──`; the name goes when there is no room for it. */
export function heading(screen: Screen, count: string, title: string, name: string): void {
  const { bold, cyan, dim } = screen.paint
  const start = `── ${count} `
  const [first = "", ...rest] = wrap(title, screen.columns - width(start))
  const left = `${start}${first} `
  const right = ` ${name} ──`
  const room = screen.columns - width(left) - width(right)
  const rule =
    room >= 3
      ? dim("─".repeat(room)) + ` ${cyan(name)} ${dim("──")}`
      : dim("─".repeat(Math.max(0, screen.columns - width(left))))
  screen.line(`${dim(start)}${bold(first)} ${rule}`.trimEnd())
  for (const line of rest) screen.line(" ".repeat(width(start)) + bold(line))
}

/** Running text under a margin. */
export function paragraph(screen: Screen, text: string, style: Style = (plain) => plain, margin = "  "): void {
  for (const line of wrap(text, screen.columns - margin.length)) screen.line(margin + style(line))
}

/** Text behind a bar, for something quoted: a report, a listing. */
export function quote(screen: Screen, text: string, bar: Style, style: Style = (plain) => plain): void {
  for (const line of text.split("\n")) {
    for (const part of wrap(line, screen.columns - 4, "  ")) screen.line(`  ${bar("│")} ${style(part)}`.trimEnd())
  }
}

export interface Row {
  readonly left: string
  readonly right: string
}

/** Two columns; stacked on a narrow terminal. */
export function rows(screen: Screen, items: ReadonlyArray<Row>, left: Style, right: Style = (plain) => plain): void {
  const column = Math.max(0, ...items.map((item) => width(item.left))) + 2
  const stacked = screen.columns - 2 - column < READABLE
  for (const item of items) {
    if (stacked) {
      screen.line(`  ${left(item.left)}`)
      if (item.right !== "") paragraph(screen, item.right, right, "    ")
      continue
    }
    const [first = "", ...rest] = wrap(item.right, screen.columns - 2 - column)
    screen.line(`  ${left(padEnd(item.left, column))}${right(first)}`.trimEnd())
    for (const line of rest) screen.line(" ".repeat(2 + column) + right(line))
  }
}
