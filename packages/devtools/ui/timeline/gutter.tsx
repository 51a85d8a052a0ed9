import { StateClasses } from "../model/reason-class.ts"
import type { TraceModel } from "../trace/trace-model.ts"
import { layout } from "./layout.ts"

export interface GutterProps {
  readonly model: TraceModel
  readonly rows: ReadonlyArray<number>
  readonly scroll: number
  readonly height: number
  readonly selected: number | undefined
  readonly onSelect: (track: number) => void
}

/** The names beside the tracks: those in sight only. */
export function Gutter({ height, model, onSelect, rows, scroll, selected }: GutterProps) {
  const first = Math.max(0, Math.floor(scroll / layout.row))
  const visible = rows.slice(first, Math.ceil((scroll + height) / layout.row) + 1)
  return (
    <ul class="gutter" aria-label="Threads and goroutines">
      {visible.map((track, i) => (
        <li key={track} style={{ top: `${(first + i) * layout.row - scroll}px`, height: `${layout.row}px` }}>
          {track < model.tracks.threads ? (
            <span class="thread-name">
              {model.name(track)}
              <small>thread {model.thread(track).thread.thread}</small>
            </span>
          ) : (
            <button
              class={track === selected ? "selected" : model.total(track, StateClasses.RUNNING) === 0 ? "muted" : ""}
              onClick={() => onSelect(track)}
              tabIndex={-1}
            >
              {model.name(track)}
              <small>{whichOne(model, track)}</small>
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}

/** Numbers are unique in a thread only. */
function whichOne(model: TraceModel, track: number): string {
  const { row, thread } = model.thread(track)
  const number = `#${thread.goroutines.id[row]!}`
  return model.tracks.threads > 1 ? `${number} ${thread.name}` : number
}
