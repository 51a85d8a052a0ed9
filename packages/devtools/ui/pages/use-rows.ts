import type { GoroutineRow } from "../model/goroutine-row.ts"
import { useCell } from "../state/cell.ts"
import { dump } from "../state/observed.ts"
import { trace } from "../trace/opened-trace.ts"

/** The goroutines of the dump; of the trace where there is no process to ask. */
export function useRows(): ReadonlyArray<GoroutineRow> | undefined {
  const model = useCell(dump).value
  const opened = useCell(trace)
  return model?.rows ?? (opened.is === "open" ? opened.model.rows() : undefined)
}
