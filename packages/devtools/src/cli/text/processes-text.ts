import type { WeftProcess } from "../../attach/attached.ts"
import { cyan, dim, fit, fitMiddle, widthOf } from "./paint.ts"
import { uptime } from "./quantity.ts"
import { table } from "./table.ts"

/** What `weft ps` knows of a process: counts only where it could look inside. */
export interface ProcessRow extends WeftProcess {
  readonly goroutines?: number
  readonly threads?: number
}

export function processesText(rows: ReadonlyArray<ProcessRow>, columns: number): string {
  const optional = (n: number | undefined) => (n === undefined ? dim("?") : `${n}`)
  return table<ProcessRow>(
    [
      { title: "PID", align: "right", text: (row) => cyan(`${row.pid}`) },
      { title: "UP", align: "right", text: (row) => uptime(row.uptimeSeconds) },
      { title: "GOROUTINES", align: "right", text: (row) => optional(row.goroutines) },
      { title: "THREADS", align: "right", text: (row) => optional(row.threads) },
      { title: "BY", align: "left", text: (row) => row.by },
      { title: "COMMAND", align: "left", text: titled, shortened: titled, isElastic: true },
    ],
    rows,
    columns,
  ).join("\n")
}

/** The title first: a command begins with what all have in common. Its end tells which arguments it has, so it is its middle that goes. */
function titled({ command, title }: WeftProcess, columns = Infinity): string {
  // A program may stand in it, with its line feeds: `node -e`.
  const line = command.replace(/\s+/g, " ").trim()
  if (title === "" || title === "node") return fitMiddle(line, columns)
  const room = columns - widthOf(title) - 2
  return room < leastOfCommand ? fit(title, columns) : `${title}  ${dim(fitMiddle(line, room))}`
}

/** With less room it tells nothing. */
const leastOfCommand = 12
