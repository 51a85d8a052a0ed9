/** The summary for the terminal, in the marks of `paint.ts`: `render` it. */
import { bold, dim, fit, red, yellow } from "../cli/text/paint.ts"
import { count, number, percent } from "../cli/text/quantity.ts"
import { silentText } from "../cli/text/silent-text.ts"
import { type Column, table } from "../cli/text/table.ts"
import { wrap } from "../cli/text/wrap.ts"
import { durationText } from "../trace/duration-text.ts"
import type { ObjectSummary } from "../trace/object-summary.ts"
import type { RegionSummary } from "../trace/region-summary.ts"
import type { Spent } from "../trace/spent.ts"
import type { Percentiles } from "../trace/latency.ts"
import type { ReasonSummary, Stretch, ThreadSummary, TraceSummary } from "../trace/summary.ts"

export interface SummaryTextOptions {
  readonly columns: number
  /** How a start site is shown: as it is unless said otherwise. */
  readonly place?: (site: string) => string
  /** Lines of each table: 10 unless said otherwise. */
  readonly most?: number
}

export function summaryText(summary: TraceSummary, options: SummaryTextOptions): string {
  const { columns, place = (site: string) => site, most = 10 } = options
  const hasThreads = summary.threads.length > 1
  const objects = summary.objects.filter(({ kind }) => kind !== "join")
  const waits = summary.spent.filter(({ state }) => state === "waiting")
  const sections = [
    head(summary, columns),
    section("Threads", table(threadColumns, summary.threads, columns)),
    section(
      "Waiting, by reason",
      few(summary.reasons, most, (rows) => table(reasonColumns, rows, columns)),
    ),
    section(
      "Waiting, by start",
      few(waits, most, (rows) => table(waitColumns(place), rows, columns)),
    ),
    latency(summary.latency, columns),
    section(
      "Longest runnable, while others ran",
      few(summary.longestRunnable, most, (rows) => table(stretchColumns(hasThreads, place), rows, columns), ""),
    ),
    section(
      "Longest runs: meanwhile the event loop stood still",
      few(summary.longestRuns, most, (rows) => table(stretchColumns(hasThreads, place), rows, columns), ""),
    ),
    section(
      "Channels, locks and the like",
      few(objects, most, (rows) => table(objectColumns(hasThreads), rows, columns), "more", [objectLegend(columns)]),
    ),
    section(
      "Regions",
      few(summary.regions, most, (rows) => table(regionColumns, rows, columns)),
    ),
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join("\n")}\n`)
    .join("\n")
}

function head(summary: TraceSummary, columns: number): Array<string> {
  const {
    pid,
    title,
    argv,
    runtime,
    nanos,
    records,
    dropped,
    ended,
    goroutines,
    threads,
    deadlocks,
    panics,
    silent,
    silentThreads,
  } = summary
  const lines = [
    fit(`${bold(`process ${pid}`)}: ${argv.slice(1).join(" ") || title}  ${dim(`(${runtime})`)}`, columns),
    fit(
      `${durationText(nanos)} of ${count(threads.length, "thread")} and ${count(goroutines, "goroutine")}, ${count(records, "record")}`,
      columns,
    ),
  ]
  if (dropped > 0) {
    const part = ((100 * dropped) / (dropped + records)).toPrecision(2)
    const lost = `${count(dropped, "record")} (${part} %) lost, as nobody read them in time: what they would have said is missing below.`
    lines.push(yellow(wrap(lost, columns)))
  }
  if (ended === undefined) lines.push(yellow("The trace was cut off: its end is missing."))
  else if (ended !== "asked") lines.push(yellow(fit(`The trace ended early: ${ended}.`, columns)))
  if (silentThreads > 0) lines.push(yellow(wrap(silentText(silentThreads, silent), columns)))
  if (deadlocks > 0) lines.push(red(`${count(deadlocks, "deadlock")}: all goroutines were asleep.`))
  for (const { thread, id, time, text } of panics.slice(0, MOST_PANICS)) {
    const who = `Goroutine ${threads.length > 1 ? `${thread}/` : ""}${id}`
    lines.push(red(fit(`${who} panicked after ${durationText(time)}: ${text}`, columns)))
  }
  if (panics.length > MOST_PANICS) lines.push(red(`and ${count(panics.length - MOST_PANICS, "more panic")}`))
  return lines
}

const MOST_PANICS = 5

function section(title: string, lines: ReadonlyArray<string>): Array<string> {
  return lines.length === 0 ? [] : [bold(title), ...lines]
}

/** The first few rows, and how many more there are. */
function few<Row>(
  rows: ReadonlyArray<Row>,
  most: number,
  show: (rows: ReadonlyArray<Row>) => ReadonlyArray<string>,
  more = "more",
  legend: ReadonlyArray<string> = [],
): ReadonlyArray<string> {
  if (rows.length === 0) return []
  const lines = [...show(rows.slice(0, most)), ...legend]
  return rows.length > most && more !== "" ? [...lines, dim(`and ${number(rows.length - most)} ${more}`)] : lines
}

function latency({ count: n, p50, p90, p99, max }: Percentiles, columns: number): Array<string> {
  if (n === 0) return []
  const parts = [
    `p50 ${durationText(p50)}`,
    `p90 ${durationText(p90)}`,
    `p99 ${durationText(p99)}`,
    `max ${durationText(max)}`,
  ]
  return [bold("From runnable to running"), fit(`${parts.join("   ")}   ${dim(`of ${number(n)}`)}`, columns)]
}

const right = <Row>(title: string, text: (row: Row) => string): Column<Row> => ({ title, align: "right", text })
const left = <Row>(title: string, text: (row: Row) => string): Column<Row> => ({ title, align: "left", text })
const elastic = <Row>(title: string, text: (row: Row) => string): Column<Row> => ({
  ...left(title, text),
  isElastic: true,
})

const times: ReadonlyArray<Column<{ readonly count: number; readonly nanos: number; readonly longest: number }>> = [
  right("WAITS", (row) => number(row.count)),
  right("TOTAL", (row) => durationText(row.nanos)),
  right("MEAN", (row) => durationText(row.nanos / row.count)),
  right("LONGEST", (row) => durationText(row.longest)),
]

const threadColumns: ReadonlyArray<Column<ThreadSummary>> = [
  right("THREAD", ({ thread }) => `${thread}`),
  elastic("NAME", ({ name }) => name),
  right("GOROUTINES", ({ goroutines }) => number(goroutines)),
  right("RUNS", ({ runs }) => number(runs)),
  right("RUNNING", ({ runningNanos, nanos }) => (nanos === 0 ? "" : percent(runningNanos / nanos))),
  right("GC", ({ collections }) => (collections.count === 0 ? "" : durationText(collections.nanos))),
  right("LONGEST GC", ({ collections }) => (collections.count === 0 ? "" : durationText(collections.longest))),
  right("LOOP LATE BY", ({ loopDelays }) => (loopDelays.count === 0 ? "" : durationText(loopDelays.longest))),
  right("LOST", ({ dropped }) => (dropped === 0 ? "" : number(dropped))),
]

const reasonText = (reason: string): string => (reason === "" ? "(beginning not seen)" : reason)

const reasonColumns: ReadonlyArray<Column<ReasonSummary>> = [
  elastic("REASON", ({ reason }) => reasonText(reason)),
  ...times,
]

const waitColumns = (place: (site: string) => string): ReadonlyArray<Column<Spent>> => [
  left("NAME", ({ name }) => name),
  left("REASON", ({ reason }) => reasonText(reason)),
  ...times,
  elastic("STARTED AT", ({ site }) => place(site)),
]

const stretchColumns = (hasThreads: boolean, place: (site: string) => string): ReadonlyArray<Column<Stretch>> => [
  right("FOR", ({ nanos, isAtLeast }) => (isAtLeast ? `> ${durationText(nanos)}` : durationText(nanos))),
  right("AFTER", ({ begin }) => durationText(Math.max(0, begin))),
  right("GOROUTINE", ({ thread, id }) => (hasThreads ? `${thread}/${id}` : `${id}`)),
  left("NAME", ({ name }) => name),
  elastic("STARTED AT", ({ site }) => place(site)),
]

const objectLegend = (columns: number): string =>
  dim(
    wrap(
      "HAND-OVERS: waits that another goroutine ended, by what it sent, took, closed or let go. NOW: who still waited at the end.",
      columns,
    ),
  )

const objectColumns = (hasThreads: boolean): ReadonlyArray<Column<ObjectSummary>> => [
  elastic("OBJECT", ({ thread, object, kind, capacity }) => {
    const fill = capacity === undefined ? "" : ` (of ${capacity})`
    return `${kind} #${hasThreads ? `${thread}/` : ""}${object}${fill}`
  }),
  right("WAITS", ({ waits }) => number(waits)),
  right("SELECTS", ({ selects }) => (selects === 0 ? "" : number(selects))),
  right("TOTAL", ({ nanos }) => durationText(nanos)),
  right("LONGEST", ({ longest }) => durationText(longest)),
  right("HAND-OVERS", ({ handOvers }) => number(handOvers)),
  right("NOW", ({ stillWaiting }) => (stillWaiting === 0 ? "" : number(stillWaiting))),
  left("MOSTLY", ({ reasons }) => reasonText(reasons[0] ?? "")),
]

const ofLeft = (title: string, nanos: (row: RegionSummary) => number): Column<RegionSummary> =>
  right(title, (row) => (row.count === 0 ? "" : durationText(nanos(row))))

const regionColumns: ReadonlyArray<Column<RegionSummary>> = [
  elastic("REGION", ({ name }) => name),
  right("COUNT", ({ count }) => number(count)),
  ofLeft("TOTAL", ({ nanos }) => nanos),
  ofLeft("P50", ({ p50 }) => p50),
  ofLeft("P99", ({ p99 }) => p99),
  ofLeft("LONGEST", ({ longest }) => longest),
  right("NOT LEFT", ({ open }) => (open === 0 ? "" : number(open))),
]
