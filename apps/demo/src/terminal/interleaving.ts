/**
 * An interleaving as `explore` tells it, on the screen: a column a goroutine, each in its colour. Where that is too wide, a step a line with the
 * goroutine's name.
 */
import { quote } from "./layout.ts"
import type { Paint, Style } from "./paint.ts"
import type { Screen } from "./screen.ts"
import { padEnd, width, wrap } from "./wrap.ts"

/** A step of a goroutine; `column` is -1 where it is nobody's, as time passes or something outside ends. */
interface Step {
  readonly number: string
  readonly column: number
  readonly text: string
}

interface Interleaving {
  readonly names: ReadonlyArray<string>
  readonly steps: ReadonlyArray<Step>
}

const separator = " | "

export function interleaving(screen: Screen, trace: string): void {
  const told = parse(trace)
  const widths = columnWidths(told, screen.columns - "  │ ".length - "  1 ".length)
  screen.line()
  if (widths === undefined) inLines(screen, told)
  else inColumns(screen, told, widths)
}

/** Narrower than this, a column says nothing. */
const LEAST = 8

/**
 * As wide as their longest text; where there is no room for that, all but the last are narrower, and a text that is wider than its column runs over
 * those to its right, which are empty in its line. Undefined if there is no room even so.
 */
function columnWidths({ names, steps }: Interleaving, room: number): ReadonlyArray<number> | undefined {
  const longest = names.map((name, column) =>
    Math.max(width(name), ...steps.filter((step) => step.column === column).map(({ text }) => width(text))),
  )
  const total = (widths: ReadonlyArray<number>): number =>
    widths.reduce((sum, each) => sum + each + separator.length, 0)
  if (total(longest) - separator.length <= room) return longest
  const others = names.length - 1
  const most = Math.floor((room - longest[others]!) / others) - separator.length
  const widths = longest.map((each, column) => (column === others ? each : Math.min(each, most)))
  const isRoom = longest.every((each, column) => total(widths.slice(0, column)) + each <= room)
  return most >= LEAST && isRoom ? widths : undefined
}

function inColumns(screen: Screen, { names, steps }: Interleaving, widths: ReadonlyArray<number>): void {
  const { bold, dim } = screen.paint
  const styleOf = stylesOf(screen.paint)
  const bar = dim(" │ ")
  const heads = names.map((name, column) => padEnd(bold(styleOf(column)(name)), widths[column]!))
  quote(screen, `    ${heads.join(bar)}`, dim)
  for (const { column, number, text } of steps) {
    const left = widths.slice(0, Math.max(column, 0)).map((each) => " ".repeat(each) + bar)
    const right = column < 0 || width(text) > widths[column]! ? [] : widths.slice(column + 1)
    const line = [styleOf(column)(text), ...right.map((each) => " ".repeat(each))]
      .map((cell, i) => (right.length === 0 ? cell : padEnd(cell, widths[column + i]!)))
      .join(bar)
    quote(screen, `${dim(number)} ${left.join("")}${line}`, dim)
  }
}

function inLines(screen: Screen, { names, steps }: Interleaving): void {
  const { bold, dim } = screen.paint
  const styleOf = stylesOf(screen.paint)
  const nameWidth = Math.max(...names.map(width))
  const margin = " ".repeat("  1 ".length + nameWidth + 2)
  for (const { column, number, text } of steps) {
    const style = styleOf(column)
    const [first = "", ...rest] = wrap(text, screen.columns - 4 - margin.length)
    quote(screen, `${dim(number)} ${bold(style(padEnd(names[column] ?? "", nameWidth)))}  ${style(first)}`, dim)
    for (const line of rest) quote(screen, margin + style(line), dim)
  }
}

function stylesOf({ blue, cyan, dim, green, magenta, yellow }: Paint): (column: number) => Style {
  const styles = [cyan, yellow, green, magenta, blue]
  return (column) => (column < 0 ? dim : styles[column % styles.length]!)
}

/** Both forms that `explore` has: columns under their names; or, where there are too many of them, `name | text`. */
function parse(trace: string): Interleaving {
  const [head = "", ...rows] = trace.split("\n")
  if (/^ *\d+ /.test(head)) return parseList([head, ...rows])
  const cells = head.slice("  1 ".length).split(separator)
  const starts = [0]
  for (const cell of cells.slice(0, -1)) starts.push(starts.at(-1)! + cell.length + separator.length)
  return { names: cells.map((cell) => cell.trim()), steps: rows.map((row) => parseRow(row, starts)) }
}

function parseRow(row: string, starts: ReadonlyArray<number>): Step {
  const { body, number } = numbered(row)
  const column = isNobodys(body) ? -1 : starts.indexOf(body.search(/[^ |]/))
  if (column < 0) return { number, column, text: body }
  const end = (starts[column + 1] ?? Infinity) - separator.length
  const isCut = body.slice(end, end + 2) === " |"
  return { number, column, text: body.slice(starts[column], isCut ? end : undefined).trimEnd() }
}

function parseList(rows: ReadonlyArray<string>): Interleaving {
  const names: Array<string> = []
  const steps = rows.map((row) => {
    const { body, number } = numbered(row)
    const [, name, text] = /^(.+?) +\| (.*)$/.exec(body) ?? []
    if (name === undefined || text === undefined || isNobodys(body)) return { number, column: -1, text: body }
    if (!names.includes(name)) names.push(name)
    return { number, column: names.indexOf(name), text }
  })
  return { names, steps }
}

/** A line without a number says how many steps are left out. */
function numbered(row: string): { readonly number: string; readonly body: string } {
  const [, number = "   ", body = row.trim()] = /^( *\d+) (.*)$/.exec(row) ?? []
  return { number, body }
}

const isNobodys = (body: string): boolean => /^(--|\.\.\.) /.test(body)
