import { count } from "../model/figures.ts"
import type { TraceModel } from "../trace/trace-model.ts"
import { GoroutineLink } from "./goroutine-link.tsx"

const MAX = 8

/** Goroutines of a trace by how often they did something. */
export function Doers({
  counts,
  model,
  threadIndex,
}: {
  /** By row. */
  readonly counts: ReadonlyMap<number, number>
  readonly model: TraceModel
  readonly threadIndex: number
}) {
  const sorted = [...counts].filter(([row]) => row >= 0).sort((a, b) => b[1] - a[1])
  const { goroutines } = model.timeline.threads[threadIndex]!
  if (sorted.length === 0) return <p class="muted">Nobody.</p>
  return (
    <ul class="doers">
      {sorted.slice(0, MAX).map(([row, n]) => {
        const track = model.trackOf(threadIndex, row)
        return (
          <li key={row}>
            <GoroutineLink row={{ key: model.key(track), name: model.name(track), id: goroutines.id[row]! }} />
            <span class="number">{count(n)}×</span>
          </li>
        )
      })}
      {sorted.length > MAX ? <li class="muted">and {sorted.length - MAX} more</li> : null}
    </ul>
  )
}
