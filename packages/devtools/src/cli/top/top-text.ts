/** What `weft top` shows, as lines. */
import type { ProcessStats, StatsGroup } from "../../format/stats.ts"
import { stateWord } from "../text/goroutine-text.ts"
import { bold, cyan, dim, fit, inverse, padEnd, yellow } from "../text/paint.ts"
import type { Places } from "../text/place.ts"
import { age, number } from "../text/quantity.ts"
import { type Column, table } from "../text/table.ts"
import { stateOf, topRows } from "./top-rows.ts"
import { summaryLines, topSummary } from "./top-summary.ts"
import type { TopState } from "./top-state.ts"

export interface TopView {
  /** What the process is called. */
  readonly title: string
  readonly stats: ProcessStats
  /** The statistics before these: rates come from the difference. */
  readonly before: ProcessStats | undefined
  readonly state: TopState
  readonly places: Places
  readonly columns: number
  /** Why nothing new comes. */
  readonly ended: string | undefined
}

/** Everything, in as many lines as it takes. */
export function topText(view: TopView): ReadonlyArray<string> {
  return [...topSummary(view), "", ...groupTable(view)]
}

/** Exactly as many lines as the screen has, and where the first row shown really is. */
export function topScreen(
  view: TopView,
  height: number,
): { readonly lines: ReadonlyArray<string>; readonly top: number } {
  const [heading = "", ...rows] = groupTable(view)
  const above = [...topSummary(view), "", inverse(padEnd(heading, view.columns))]
  const room = roomForRows(view.stats, height)
  const top = Math.min(view.state.top, Math.max(0, rows.length - room))
  const shown = rows.slice(top, top + room)
  const filled = [...above, ...shown, ...Array.from({ length: room - shown.length }, () => "")]
  const position = rows.length > room ? `${top + 1}–${top + shown.length} of ${number(rows.length)}` : ""
  const lines = [...filled.slice(0, height - 1), keys(view, position)]
  return { lines: lines.map((line) => fit(line, view.columns)), top }
}

/** How many rows of the table the screen has room for. */
export function roomForRows(stats: ProcessStats, height: number): number {
  // An empty line, the heading, and the keys.
  return Math.max(1, height - summaryLines(stats) - 3)
}

/** A heading, and a line a row. */
function groupTable({ columns, places, state, stats }: TopView): ReadonlyArray<string> {
  const rows = topRows(stats, state)
  if (rows.length > 0) return table(columnsFor(state, places), rows, columns)
  return ["", dim(state.filter === "" ? "No goroutines." : `Nothing contains "${state.filter}".`)]
}

function columnsFor({ isReversed, sort }: TopState, places: Places): ReadonlyArray<Column<StatsGroup>> {
  const marked = (title: string, is: boolean) => (is ? `${title}${isReversed ? "▲" : "▼"}` : title)
  return [
    { title: marked("COUNT", sort === "count"), align: "right", text: (row) => cyan(number(row.count)) },
    {
      title: marked("OLDEST", sort === "wait"),
      align: "right",
      text: (row) => (row.status === "waiting" ? age(row.oldestWaitMillis) : ""),
    },
    { title: marked("STATE", sort === "state"), align: "left", text: (row) => stateWord(row.status, stateOf(row)) },
    { title: marked("NAME", sort === "name"), align: "left", text: (row) => fit(row.name, 32) },
    { title: "STARTED AT", align: "left", text: (row) => dim(places.show(row.startedAt ?? "")), isElastic: true },
  ]
}

function keys({ state }: TopView, position: string): string {
  if (state.typingOver !== undefined)
    return `${bold("filter:")} ${state.filter}█  ${dim("enter keeps it, esc takes it back")}`
  const key = (name: string, does: string, isOn = false) => `${bold(name)} ${isOn ? yellow(does) : dim(does)}`
  return [
    key("q", "quit"),
    key("c", "count", state.sort === "count"),
    key("w", "wait", state.sort === "wait"),
    key("s", "state", state.sort === "state"),
    key("n", "name", state.sort === "name"),
    key("r", "reverse", state.isReversed),
    key("/", state.filter === "" ? "filter" : `filter: ${state.filter} (esc clears)`, state.filter !== ""),
    key("p", state.isPaused ? "go on" : "pause", state.isPaused),
    key("↑↓", position === "" ? "scroll" : position),
  ].join("  ")
}
