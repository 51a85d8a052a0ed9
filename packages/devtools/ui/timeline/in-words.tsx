import { useState } from "preact/hooks"
import { nanos } from "../model/figures.ts"
import { stateClasses } from "../model/reason-class.ts"
import { useCell } from "../state/cell.ts"
import type { TimelineController } from "./controller.ts"
import { windowShares } from "./window-shares.ts"

const MAX_ROWS = 60

/** The picture as a table: for who can't see it, and for figures. */
export function InWords({
  rows,
  timeline,
}: {
  readonly timeline: TimelineController
  readonly rows: ReadonlyArray<number>
}) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <details class="in-words" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>The same in words</summary>
      {isOpen ? <Shares timeline={timeline} rows={rows} /> : null}
    </details>
  )
}

function Shares({ rows, timeline }: { readonly timeline: TimelineController; readonly rows: ReadonlyArray<number> }) {
  const view = useCell(timeline.view)
  const { model } = timeline
  const shown = rows.slice(0, MAX_ROWS)
  return (
    <div class="in-words-table" tabIndex={0} role="region" aria-label="Shares of the window">
      <table>
        <caption>
          {nanos(view.to - view.from)} from {nanos(view.from - model.begin)}
          {rows.length > MAX_ROWS ? `; the first ${MAX_ROWS} of ${rows.length} rows` : ""}
        </caption>
        <thead>
          <tr>
            <th scope="col">Thread or goroutine</th>
            {stateClasses.slice(1).map(({ id, label }) => (
              <th key={id} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((track) => (
            <tr key={track}>
              <th scope="row">{model.name(track)}</th>
              {windowShares(model.tracks, track, view)
                .slice(1)
                .map((share, i) => (
                  <td key={i}>{share === 0 ? "" : `${(share * 100).toFixed(1)} %`}</td>
                ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
