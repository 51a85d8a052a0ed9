import type { TraceModel } from "../trace/trace-model.ts"

/** "Buffered #12, capacity 3" */
export function kindOf(model: TraceModel, track: number, object: number): string {
  const known = model.thread(track).thread.objects.get(object)
  const capacity = known?.capacity === undefined ? "" : `, capacity ${known.capacity}`
  return `${known?.kind ?? "object"} #${object}${capacity}`
}
