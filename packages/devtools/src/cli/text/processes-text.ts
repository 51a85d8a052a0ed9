import type { WeftProcess } from "../../attach/attached.ts"
import { cyan, dim } from "./paint.ts"
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
      { title: "COMMAND", align: "left", text: titled, isElastic: true },
    ],
    rows,
    columns,
  ).join("\n")
}

/** The title first: a command begins with what all have in common, and its end may be cut. */
function titled({ command, title }: WeftProcess): string {
  return title === "" || title === "node" ? command : `${title}  ${dim(command)}`
}
