/** The tables, once as rows of cells, printed for a terminal or as Markdown. */
import { type ContestantName, contestants } from "./contestants.ts"
import { megabytes, quantity, times } from "./format.ts"
import { isOnThreads, type Question, type Rival } from "./question.ts"
import { questions } from "./questions.ts"
import type { Figure, Results, Row } from "./results.ts"
import { against, advantage, verdicts } from "./verdict.ts"

export interface Table {
  readonly head: ReadonlyArray<string>
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
}

const rivals = [
  "promises",
  "thi.ng",
  "effect",
  "js-csp",
  "async-mutex",
  "fast-check",
  "multithreading",
] as const satisfies ReadonlyArray<Rival>
const none = "-"

/** Weft beside Go: medians, the ratio with its quartiles, targets. */
export function besideGo(results: Results): Table {
  return {
    head: ["", "Weft", "Go, 1 core", "Go, all", "Weft / Go 1", "quartiles", "target", ""],
    rows: ofOneThread(results).flatMap(([question, row]) => {
      const {
        weft,
        "weft-reused": reused,
        "weft-closure": closure,
        "weft-busy": busy,
        "go-1": go,
        "go-all": goAll,
      } = row.figures
      const found = verdicts(question, row)
      const line = (label: string, own: Figure | undefined, last: ReadonlyArray<string>) => [
        label,
        own === undefined ? (row.failures.weft ?? none) : quantity(question, own.median),
        go === undefined ? none : quantity(question, go.median),
        goAll === undefined ? none : quantity(question, goAll.median),
        own?.toGo === undefined ? none : times(own.toGo.median),
        own?.toGo === undefined ? none : `${times(own.toGo.low)}–${times(own.toGo.high)}`,
        ...last,
      ]
      const targets = [
        found.map((one) => one.target).join(", "),
        found.map((one) => (one.met ? "met" : "MISSED")).join(", "),
      ]
      return [
        line(`${question.title}, per ${question.operation}${besideThreads(question)}`, weft, targets),
        ...(reused === undefined ? [] : [line("  one op committed again and again", reused, ["", ""])]),
        ...(closure === undefined ? [] : [line("  a generator function made for each", closure, ["", ""])]),
        ...(busy === undefined ? [] : [line("  in a busy process", busy, ["", ""])]),
        ...(weft?.peak === undefined ? [] : [peaks(row, "weft", "go-1", "go-all")]),
      ]
    }),
  }
}

/** The ratio of one on several threads is to Go on as many processors. */
function besideThreads(question: Question): string {
  const threads = question.measures === "time" ? question.threads : undefined
  return threads === undefined ? "" : ` (ratio to Go on ${String(threads)} cores)`
}

function peaks(row: Row, ...names: ReadonlyArray<"weft" | "go-1" | "go-all">): ReadonlyArray<string> {
  const cells = names.map((name) => {
    const peak = row.figures[name]?.peak
    return peak === undefined ? none : megabytes(peak)
  })
  return ["  the whole process at its peak", ...cells, none, none, "", ""]
}

/** The rivals, each as so many times what Weft needs. */
export function besideRivals(results: Results): Table {
  const title = (name: Rival) => contestants.find((one) => one.name === name)?.title ?? name
  return {
    head: [
      "",
      "Weft",
      ...rivals.flatMap((name) => {
        const wanted = advantage[name]
        return [title(name), wanted === undefined ? "× Weft" : `× Weft (target ≥ ${String(wanted)})`]
      }),
    ],
    rows: ofOneThread(results).map(([question, row]) => [
      question.title,
      row.figures.weft === undefined ? none : quantity(question, row.figures.weft.median),
      ...rivals.flatMap((name) => {
        const figure = row.figures[name]
        if (figure === undefined) return [row.failures[name] ?? none, ""]
        const compared = against(question, row, name)
        return [
          quantity(question, figure.median),
          compared === undefined
            ? none
            : compared.measured + ownTarget(question, name) + (compared.met ? "" : " MISSED"),
        ]
      }),
    ]),
  }
}

/** Questions about threads: everyone who answers has a line. */
export function onThreads(results: Results): Table {
  return {
    head: ["", "", "quartiles", "× Weft", "target", ""],
    rows: answered(results)
      .filter(([question]) => isOnThreads(question))
      .flatMap(([question, row]) => {
        const of = question.measures === "memory" ? "" : `, per ${question.operation}`
        return [
          [`${question.title}${of}`, "", "", "", "", ""],
          ...contestants.flatMap(({ name, title }) => threadLine(question, row, name, title)),
        ]
      }),
  }
}

function threadLine(
  question: Question,
  row: Row,
  name: ContestantName,
  title: string,
): ReadonlyArray<ReadonlyArray<string>> {
  const figure = row.figures[name]
  const failure = row.failures[name]
  if (figure === undefined) return failure === undefined ? [] : [[`  ${title}`, failure, "", "", "", ""]]
  const { weft } = row.figures
  const isWeft = name === "weft"
  const wanted = isWeft ? undefined : question.target.advantage?.[name as Rival]
  const compared = wanted === undefined ? undefined : against(question, row, name as Rival)
  const found = isWeft ? verdicts(question, row) : compared === undefined ? [] : [compared]
  return [
    [
      `  ${title}`,
      quantity(question, figure.median),
      `${quantity(question, figure.low)} – ${quantity(question, figure.high)}`,
      isWeft || weft === undefined ? "" : times(figure.median / weft.median),
      found.map((one) => one.target).join(", "),
      found.map((one) => (one.met ? "met" : "MISSED")).join(", "),
    ],
  ]
}

/** The question's own, where the table's is another. */
function ownTarget(question: Question, rival: Rival): string {
  const wanted = question.target.advantage?.[rival]
  return wanted === undefined ? "" : ` (≥ ${String(wanted)})`
}

/** Why a cell is empty, and what is not quite the same in a rival's program. */
export function notes(results: Results): ReadonlyArray<string> {
  const title = (name: string) => contestants.find((one) => one.name === name)?.title ?? name
  const grouped = new Map<string, Array<string>>()
  for (const [question] of answered(results)) {
    // In the table of threads nobody looks for who has nothing to do with them.
    const rivals = isOnThreads(question) ? {} : question.missing
    const missing = { ...rivals, ...(question.notInGo === undefined ? {} : { "go-all": question.notInGo }) }
    for (const [name, why] of Object.entries({ ...missing, ...question.remarks })) {
      const note = `${title(name)}${name in missing ? " has no answer" : ""}: ${why}`
      grouped.set(note, [...(grouped.get(note) ?? []), question.title])
    }
  }
  return [...grouped].map(([note, titles]) => `${titles.join(", ")}. ${note}.`)
}

/** Who has an answer, but had none when this run was made. */
export function unmeasured(results: Results): ReadonlyArray<string> {
  const grouped = new Map<string, Array<string>>()
  for (const [question, { failures, figures }] of answered(results)) {
    const names = contestants
      .filter((one) => one.quick && one.runsIn === "node" && one.answers(question))
      .filter(({ name }) => figures[name] === undefined && failures[name] === undefined)
      .map(({ title }) => title)
    if (names.length === 0) continue
    const note = `Asked since this run, so without a figure yet: ${names.join(", ")}`
    grouped.set(note, [...(grouped.get(note) ?? []), question.title])
  }
  return [...grouped].map(([note, titles]) => `${titles.join(", ")}. ${note}.`)
}

/** What to say of a run on a machine that had other things to do; nothing if it was quiet. */
export function disturbance(results: Results): string | undefined {
  const shares = results.rows.flatMap((row) => {
    const question = questions.find(({ name }) => name === row.question)
    // Who sleeps, or waits for other threads, gives its processor away, which looks the same.
    const idles = row.question === "timers" || (question !== undefined && isOnThreads(question))
    return idles ? [] : Object.values(row.figures).map((figure) => figure.disturbed)
  })
  const share = shares.reduce((sum, one) => sum + one, 0) / Math.max(1, shares.length)
  if (share < 0.05) return undefined
  return `Other programs kept the processors busy in ${(share * 100).toFixed(0)} % of the turns: take these figures as upper bounds, and run again when it is quiet.`
}

/** Aligned columns; the first to the left, figures to the right. */
export function forTerminal(table: Table): string {
  const lines = [table.head, ...table.rows]
  const widths = table.head.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n")
}

export function forMarkdown(table: Table): string {
  const line = (cells: ReadonlyArray<string>) =>
    `| ${cells.map((cell) => cell.replace(/^ {2}/, "&emsp;")).join(" | ")} |`
  return [
    line(table.head),
    line(table.head.map((_, column) => (column === 0 ? "---" : "--:"))),
    ...table.rows.map(line),
  ].join("\n")
}

function ofOneThread(results: Results): ReadonlyArray<readonly [Question, Row]> {
  return answered(results).filter(([question]) => !isOnThreads(question))
}

function answered(results: Results): ReadonlyArray<readonly [Question, Row]> {
  return results.rows.flatMap((row) => {
    const question = questions.find((one) => one.name === row.question)
    return question === undefined ? [] : [[question, row] as const]
  })
}
