import { useMemo } from "preact/hooks"
import { waitingOverTime } from "../model/waiting-over-time.ts"
import type { ObjectSummary } from "../trace/summarize.ts"
import type { TraceModel } from "../trace/trace-model.ts"
import { LevelChart } from "./level-chart.tsx"

/** How many waited for a channel or a lock. */
export function WaitingChart({ model, summary }: { readonly model: TraceModel; readonly summary: ObjectSummary }) {
  const steps = useMemo(
    () => waitingOverTime(model.timeline.threads[summary.threadIndex]!, summary.id),
    [model, summary],
  )
  return <LevelChart title="Waiting for it" label="goroutines" color="c-lock" steps={steps} max={1} bounds={model} />
}
