/**
 * An interleaving as `explore` tells it, on the screen: a column a goroutine, each in its colour. Where the columns don't fit, a step a line
 * with the goroutine's name.
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

export function interleaving(screen: Screen, trace: string): void {
  const told = parse(trace)
  screen.line()
  if (Math.max(...trace.split("\n").map(width)) <= screen.columns - 4) inColumns(screen, told)
  else inLines(screen, told)
}

function inColumns(screen: Screen, { names, steps }: Interleaving): void {
  const { bold, dim } = screen.paint
  const styleOf = stylesOf(screen.paint)
  const widths = names.map((name, column) =>
    Math.max(width(name), ...steps.filter((step) => step.column === column).map(({ text }) => width(text))),
  )
  const row = (cell: (column: number) => string): string =>
    names.map((_, column) => padEnd(styleOf(column)(cell(column)), widths[column]!)).join(dim(" │ "))
  quote(screen, `    ${row((column) => bold(names[column]!))}`, dim)
  for (const { column, number, text } of steps) {
    const line = column < 0 ? dim(text) : row((at) => (at === column ? text : ""))
    quote(screen, `${dim(number)} ${line}`, dim)
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

/** Both forms that `explore` has: columns under their names; or, where that is too wide for it as well, `name | text`. */
function parse(trace: string): Interleaving {
  const [first = "", ...rest] = trace.split("\n")
  if (/^ *\d+ /.test(first)) return parseList([first, ...rest])
  const head = first.slice("  1 ".length)
  const bounds = [...head.matchAll(/ \| /g)].map(({ index }) => index)
  const names = cellsOf(head, bounds)
  const steps = rest.map((line) => {
    const { body, number } = numbered(line)
    const cells = isNobodys(body) ? [] : cellsOf(body, bounds)
    const column = cells.findIndex((cell) => cell !== "")
    return { number, column, text: column < 0 ? body : cells[column]! }
  })
  return { names, steps }
}

function parseList(lines: ReadonlyArray<string>): Interleaving {
  const names: Array<string> = []
  const steps = lines.map((line) => {
    const { body, number } = numbered(line)
    const [, name, text] = /^(.+?) +\| (.*)$/.exec(body) ?? []
    if (name === undefined || text === undefined || isNobodys(body)) return { number, column: -1, text: body }
    if (!names.includes(name)) names.push(name)
    return { number, column: names.indexOf(name), text }
  })
  return { names, steps }
}

/** A line without a number says how many steps are left out. */
function numbered(line: string): { readonly number: string; readonly body: string } {
  const [, number = "   ", body = line.trim()] = /^( *\d+) (.*)$/.exec(line) ?? []
  return { number, body }
}

const isNobodys = (body: string): boolean => /^(--|\.\.\.) /.test(body)

/** The text between the bounds, which are where a " | " begins. */
const cellsOf = (line: string, bounds: ReadonlyArray<number>): ReadonlyArray<string> =>
  [0, ...bounds].map((from, i) => line.slice(i === 0 ? from : from + 3, bounds[i]).trim())
