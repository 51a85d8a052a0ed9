/**
 * The chart of docs/benchmarks-at-once.svg: what a task that does nothing costs, by how many are held at once. Both axes are logarithmic, so
 * that a line that stays level is a cost that does not grow with their number.
 *
 * Weft's line is the question of a million tasks, whose contestants hold so many at once. The others come from the questions of 1,000 and of
 * 100,000: that is as far as any of them was asked.
 */
import { type ContestantName, contestants } from "./contestants.ts"
import { escape, kindOf, mark, round, style } from "./drawing.ts"
import { quantity } from "./format.ts"
import { questions } from "./questions.ts"
import type { Figure, Results } from "./results.ts"

const width = 960
const height = 470
const plot = { left: 84, right: 936, top: 64, bottom: 404 }
/** Where 1,000 and 1,000,000 stand: names stand beside the first and the last points. */
const ends = { from: 228, to: 790 }
/** Nanoseconds. */
const axis = { from: 100, to: 100_000 }
const lineHeight = 16
/** Who was asked for 1,000 alone stands beside that, as others have the same figures. */
const beside = 15

const ofWeft = [
  [1000, "task-million", "by-1000"],
  [10_000, "task-million", "by-10000"],
  [100_000, "task-million", "by-100000"],
  [1_000_000, "task-million", "weft"],
] as const
const others = [
  "go-all",
  "multithreading",
  "workerpool",
  "tinypool",
  "comlink",
  "poolifier",
  "piscina-async",
  "piscina",
] as const satisfies ReadonlyArray<ContestantName>

interface Point {
  readonly atOnce: number
  readonly figure: Figure
}

interface Line {
  readonly name: ContestantName
  readonly points: readonly [Point, ...Array<Point>]
}

/** Nothing where a run has not asked for a million. */
export function atOnceChart(results: Results): string | undefined {
  const weft = lineOf(results, "weft", ofWeft)
  const million = weft?.points.at(-1)
  if (weft === undefined || million?.atOnce !== 1_000_000) return undefined
  const lines = others.flatMap((name) => {
    const line = lineOf(results, name, [
      [1000, "task-thousand", name],
      [100_000, "task-flood", name],
    ])
    return line === undefined ? [] : [line]
  })
  const all = [...lines, weft] // Weft lies on top
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title about">
<title id="title">What a task costs, by how many are held at once</title>
<desc id="about">${all.toReversed().map(summary).join("; ")}.</desc>
${style}
${ownStyle}
<rect class="paper" width="${width}" height="${height}" rx="10"/>
<text class="heading" x="24" y="34">What a task that does nothing costs, there and back, by how many are held at once</text>
${[100, 1000, 10_000, 100_000].map(costLine).join("\n")}
${[1000, 10_000, 100_000, 1_000_000].map(countLine).join("\n")}
${all.map(drawn).join("\n")}
${names(all)}
${weft.points.map(value).join("\n")}
${inAll(million)}
<text class="note" x="${(ends.from + ends.to) / 2}" y="${height - 22}" text-anchor="middle">tasks held at once</text>
<text class="note" x="24" y="${height - 22}">${escape(`${results.machine.cores} cores, Node ${results.machine.node}`)}</text>
</svg>
`
}

/** What the shapes of the other chart do not have; lines. */
const ownStyle = `<style>
  .piscina { fill: #e8590c; }
  .go-all { fill: #ffffff; }
  .piscina-async { fill: #ffffff; stroke: #e8590c; stroke-width: 1.8; }
  .poolifier { fill: #8b5cf6; }
  .comlink { fill: #e0a100; }
  .tinypool { fill: #d6336c; }
  .workerpool { fill: #4263eb; }
  .multithreading { fill: #2f9e44; }
  .line { fill: none; stroke-width: 1.5; opacity: 0.7; }
  .line.weft { stroke: #0d9488; stroke-width: 3; opacity: 1; }
  .line.piscina { stroke: #e8590c; }
  .line.piscina-async { stroke-width: 1.5; stroke-dasharray: 4 3; }
  .line.poolifier { stroke: #8b5cf6; }
  .line.comlink { stroke: #e0a100; }
  .leader { fill: none; stroke: #b4bec8; stroke-width: 1; }
  @media (prefers-color-scheme: dark) {
    .go-all, .piscina-async { fill: #12181f; }
    .line { fill: none; }
    .line.weft { stroke: #2dd4bf; }
    .leader { stroke: #45525f; }
  }
</style>`

function lineOf(
  results: Results,
  name: ContestantName,
  places: ReadonlyArray<readonly [atOnce: number, question: string, contestant: ContestantName]>,
): Line | undefined {
  const [first, ...rest] = places.flatMap(([atOnce, question, contestant]) => {
    const figure = results.rows.find((row) => row.question === question)?.figures[contestant]
    return figure === undefined ? [] : [{ atOnce, figure }]
  })
  return first === undefined ? undefined : { name, points: [first, ...rest] }
}

/** Equal distances are equal ratios. */
export function x(atOnce: number): number {
  return ends.from + (Math.log10(atOnce / 1000) / 3) * (ends.to - ends.from)
}

export function y(nanoseconds: number): number {
  const share = Math.log10(nanoseconds / axis.from) / Math.log10(axis.to / axis.from)
  return plot.bottom - Math.min(1, Math.max(0, share)) * (plot.bottom - plot.top)
}

function costLine(nanoseconds: number): string {
  const at = round(y(nanoseconds))
  const label = nanoseconds < 1000 ? `${nanoseconds} ns` : `${nanoseconds / 1000} µs`
  return `<line class="grid" x1="${plot.left}" y1="${at}" x2="${plot.right}" y2="${at}"/>
<text class="note" x="${plot.left - 10}" y="${round(at + 4)}" text-anchor="end">${label}</text>`
}

function countLine(atOnce: number): string {
  const at = round(x(atOnce))
  return `<line class="rule" x1="${at}" y1="${plot.top}" x2="${at}" y2="${plot.bottom}"/>
<text class="note" x="${at}" y="${plot.bottom + 20}" text-anchor="middle">${atOnce.toLocaleString("en-US")}</text>`
}

function drawn({ name, points }: Line): string {
  const places = points.map((point) => [across({ name, points }, point), y(point.figure.median)] as const)
  const path = places.map(([px, py], i) => `${i === 0 ? "M" : "L"}${round(px)} ${round(py)}`).join("")
  const line = points.length > 1 ? `<path class="line ${kindOf(name)}" d="${path}"/>` : ""
  return line + places.map(([px, py]) => mark(name, px, py)).join("")
}

const isSingle = ({ points }: Line): boolean => points.length === 1

const across = (line: Line, { atOnce }: Point): number => x(atOnce) - (isSingle(line) ? beside : 0)

/** Beside the last point of each; of who has no other, on the left. */
function names(lines: ReadonlyArray<Line>): string {
  return [lines.filter(isSingle), lines.filter((line) => !isSingle(line))]
    .flatMap((side, i) => apart(side).map(({ line, at }) => nameBeside(line, at, i === 0 ? -1 : 1)))
    .join("\n")
}

function nameBeside(line: Line, at: number, side: -1 | 1): string {
  const { name, points } = line
  const last = points.at(-1) ?? points[0]
  const [px, py] = [across(line, last), y(last.figure.median)]
  const title = contestants.find((one) => one.name === name)?.title ?? name
  const leader = `<path class="leader" d="M${round(px + side * 9)} ${round(py)}L${round(px + side * 21)} ${round(at)}"/>`
  const isWeft = name === "weft"
  return `${Math.abs(at - py) < 2 ? "" : leader}<text${isWeft ? ' class="value"' : ""} x="${round(px + side * 25)}" y="${round(at + 4.5)}"${side < 0 ? ' text-anchor="end"' : ""}>${escape(title)}</text>`
}

/** From the top down, each as near to its point as the ones above let it. */
function apart(lines: ReadonlyArray<Line>): ReadonlyArray<{ readonly line: Line; readonly at: number }> {
  const end = ({ points }: Line) => y((points.at(-1) ?? points[0]).figure.median)
  let above = -Infinity
  return lines
    .toSorted((a, b) => end(a) - end(b))
    .map((line) => {
      above = Math.max(end(line), above + lineHeight)
      return { line, at: above }
    })
}

function value({ atOnce, figure }: Point): string {
  return `<text class="value" x="${round(x(atOnce))}" y="${round(y(figure.median) - 14)}" text-anchor="middle">${cost(figure)}</text>`
}

/** Under Weft's name. */
function inAll({ atOnce, figure }: Point): string {
  const seconds = ((atOnce * figure.median) / 1e9).toFixed(1)
  return `<text class="note" x="${round(x(atOnce) + 25)}" y="${round(y(figure.median) + 21)}">a million in ${seconds} s</text>`
}

function summary({ name, points }: Line): string {
  const title = contestants.find((one) => one.name === name)?.title ?? name
  const figures = points.map(({ atOnce, figure }) => `${cost(figure)} of ${atOnce.toLocaleString("en-US")}`)
  return escape(`${title} ${figures.join(", ")}`)
}

const cost = ({ median }: Figure): string => quantity(flood, median)
const flood = questions.find(({ name }) => name === "task-million")!
