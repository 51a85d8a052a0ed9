import { useMemo } from "preact/hooks"
import { type ObjectRow, objectRows, type ObjectSort } from "../model/object-row.ts"
import { useCell } from "../state/cell.ts"
import { dump } from "../state/observed.ts"
import { trace } from "../trace/opened-trace.ts"
import type { TraceModel } from "../trace/trace-model.ts"

export function useObjects(wanted: ObjectSort): {
  readonly rows: ReadonlyArray<ObjectRow>
  readonly traced: TraceModel | undefined
  readonly isKnown: boolean
} {
  const model = useCell(dump).value
  const opened = useCell(trace)
  const traced = opened.is === "open" ? opened.model : undefined
  const rows = useMemo(() => objectRows(model, traced, wanted), [model, traced, wanted])
  return { rows, traced, isKnown: model !== undefined || traced !== undefined }
}
