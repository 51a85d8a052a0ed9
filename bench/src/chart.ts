/**
 * The chart of docs/benchmarks.svg: a line for each question, on a logarithmic axis of "times Go with GOMAXPROCS=1", a mark for each
 * contestant. Hand-written SVG: the one chart of this project is smaller than any library's configuration for it would be.
 */
import { type ContestantName, contestants } from "./contestants.ts"
import { escape, mark, round, style } from "./drawing.ts"
import { times } from "./format.ts"
import { questions } from "./questions.ts"
import type { Results, Row } from "./results.ts"

const width = 960
const left = 232
const right = 876
const top = 92
const rowHeight = 30
const axis = { from: 0.1, to: 1000, decades: [0.1, 1, 10, 100, 1000] }

/** Drawn in this order, so that Weft lies on top. */
const drawn: ReadonlyArray<ContestantName> = [
  "fast-check",
  "async-mutex",
  "js-csp",
  "effect",
  "thi.ng",
  "promises",
  "go-all",
  "weft",
]

export function chart(results: Results): string {
  const rows = results.rows.filter((row) => row.figures.weft?.toGo !== undefined)
  const bottom = top + rows.length * rowHeight
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 64}" role="img" aria-labelledby="title about">
<title id="title">Weft beside Go and its rivals</title>
<desc id="about">${rows.map(summary).join("; ")}.</desc>
${style}
<rect class="paper" width="${width}" height="${bottom + 64}" rx="10"/>
<text class="heading" x="24" y="34">What each operation costs, as a multiple of what it costs Go</text>
${legend()}
<rect class="faster" x="${left}" y="${top - 14}" width="${round(x(1) - left)}" height="${bottom - top + 14}"/>
${axis.decades.map((decade) => gridLine(decade, bottom)).join("\n")}
${rows.map((row, i) => line(row, top + i * rowHeight + rowHeight / 2)).join("\n")}
<text class="note" x="${round(x(1) - 10)}" y="${bottom + 42}" text-anchor="end">← faster than Go</text>
<text class="note" x="${round(x(1) + 10)}" y="${bottom + 42}">slower than Go →</text>
<text class="note" x="24" y="${bottom + 42}">${escape(`Go = 1: ${results.machine.go ?? ""}, GOMAXPROCS=1`)}</text>
</svg>
`
}

/** The place of a ratio on the logarithmic axis; what lies outside sits on the edge. */
function x(ratio: number): number {
  const share = Math.log10(ratio / axis.from) / Math.log10(axis.to / axis.from)
  return left + Math.min(1, Math.max(0, share)) * (right - left)
}

function gridLine(decade: number, bottom: number): string {
  const at = round(x(decade))
  const label = decade === 1 ? "Go" : `${decade.toLocaleString("en-US")}×`
  return `<line class="${decade === 1 ? "go" : "grid"}" x1="${at}" y1="${top - 14}" x2="${at}" y2="${bottom}"/>
<text class="note" x="${at}" y="${bottom + 20}" text-anchor="middle">${label}</text>`
}

function line(row: Row, y: number): string {
  const title = questions.find((question) => question.name === row.question)?.title ?? row.question
  const toGo = row.figures.weft?.toGo
  const marks = drawn.flatMap((name) => {
    const ratio = row.figures[name]?.toGo?.median
    return ratio === undefined ? [] : [mark(name, x(ratio), y)]
  })
  const whisker =
    toGo === undefined
      ? ""
      : `<line class="whisker" x1="${round(x(toGo.low))}" y1="${y}" x2="${round(x(toGo.high))}" y2="${y}"/>`
  return `<line class="rule" x1="24" y1="${y + rowHeight / 2}" x2="${width - 24}" y2="${y + rowHeight / 2}"/>
<text x="24" y="${y + 4.5}">${escape(title)}</text>
${whisker}${marks.join("")}
<text class="value" x="${width - 24}" y="${y + 4.5}" text-anchor="end">${toGo === undefined ? "" : times(toGo.median) + "×"}</text>`
}

function legend(): string {
  let at = 30
  return drawn
    .toReversed()
    .map((name) => {
      const title = contestants.find((one) => one.name === name)?.title ?? name
      const entry = `${mark(name, at, 58)}<text x="${at + 12}" y="62.5">${escape(title)}</text>`
      at += 38 + title.length * 6.9
      return entry
    })
    .join("\n")
}

function summary(row: Row): string {
  const title = questions.find((question) => question.name === row.question)?.title ?? row.question
  return `${escape(title)}: Weft ${times(row.figures.weft?.toGo?.median ?? NaN)} times Go`
}
