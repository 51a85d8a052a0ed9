import { useMemo } from "preact/hooks"
import { type ObjectNow, objectsNow, type ObjectSort, objectsThen, type ObjectThen } from "../model/object-row.ts"
import { useCell } from "../state/cell.ts"
import { dump } from "../state/observed.ts"
import { route } from "../state/route.ts"
import { trace } from "../trace/opened-trace.ts"
import type { TraceModel } from "../trace/trace-model.ts"

export type Objects =
  | { readonly from: "nowhere" }
  | { readonly from: "dump"; readonly rows: ReadonlyArray<ObjectNow>; readonly canSwitch: boolean }
  | {
      readonly from: "trace"
      readonly rows: ReadonlyArray<ObjectThen>
      readonly model: TraceModel
      readonly canSwitch: boolean
    }

/** Those of the trace where one is open, unless the address says otherwise; else those of the dump. */
export function useObjects(wanted: ObjectSort): Objects {
  const model = useCell(dump).value
  const opened = useCell(trace)
  const isDumpWanted = useCell(route).params["of"] === "now"
  return useMemo((): Objects => {
    const canSwitch = model !== undefined && opened.is === "open"
    if (opened.is === "open" && !(isDumpWanted && model !== undefined)) {
      return { from: "trace", rows: objectsThen(opened.model, wanted), model: opened.model, canSwitch }
    }
    if (model === undefined) return { from: "nowhere" }
    return { from: "dump", rows: objectsNow(model, wanted), canSwitch }
  }, [model, opened, isDumpWanted, wanted])
}
