/** Everything about one goroutine, beside whichever page is open. */
import { duration } from "../model/figures.ts"
import type { DumpModel } from "../model/dump-model.ts"
import type { GoroutineRow } from "../model/goroutine-row.ts"
import { useCell } from "../state/cell.ts"
import { dump } from "../state/observed.ts"
import { select } from "../state/route.ts"
import { trace } from "../trace/opened-trace.ts"
import { GoroutineLink, GoroutineList } from "./goroutine-link.tsx"
import { History } from "./history.tsx"
import { ObjectCard } from "./object-card.tsx"
import { Outlook } from "./outlook.tsx"
import { Part } from "./part.tsx"
import { Site, Stack } from "./stack.tsx"
import { StateBadge } from "./state-badge.tsx"

export function GoroutineDetail({ selected }: { readonly selected: string }) {
  const model = useCell(dump).value
  const opened = useCell(trace)
  const traced = opened.is === "open" ? opened.model : undefined
  const track = traced?.track(selected)
  const row = model?.row(selected) ?? (track === undefined ? undefined : traced?.rows()[track - traced.tracks.threads])
  return (
    <aside class="detail" aria-label="Goroutine" tabIndex={0}>
      <button class="quiet close" onClick={() => select({ g: undefined })}>
        Close <kbd>Esc</kbd>
      </button>
      {row === undefined ? <Gone selected={selected} /> : <About row={row} model={model} />}
      {traced === undefined || track === undefined ? null : <History model={traced} track={track} />}
    </aside>
  )
}

const Gone = ({ selected }: { readonly selected: string }) => (
  <>
    <h2>
      Goroutine <small>#{selected.split(":")[1]}</small>
    </h2>
    <p class="muted">It is not in this dump: it has ended, or had not begun.</p>
  </>
)

function About({ model, row }: { readonly row: GoroutineRow; readonly model: DumpModel | undefined }) {
  const parent = row.parent === undefined ? undefined : model?.row(`${row.thread}:${row.parent}`)
  const children = model?.children(row) ?? []
  const node = model?.node(row)
  return (
    <>
      <h2>
        {row.name || "goroutine"} <small>#{row.id}</small>
      </h2>
      <p class="detail-line">
        <StateBadge row={row} />
        {row.waitMillis > 0 ? <span>for {duration(row.waitMillis)}</span> : null}
        <span class="muted">
          in {row.threadName}
          {row.isMain ? ", main goroutine" : ""}
        </span>
      </p>
      {row.detail === "" ? null : <p class="muted">{row.detail}</p>}
      {(row.goroutine?.sends ?? []).map(({ on, value }, i) => (
        <p key={i} class="value">
          sends <code>{value}</code>
          {on === undefined ? null : <small> to #{on}</small>}
        </p>
      ))}
      {node === undefined || model === undefined ? null : <Outlook node={node} model={model} />}
      {node === undefined || model === undefined || node.objects.length === 0 ? null : (
        <Part title={node.objects.length === 1 ? "Waits on" : "Waits on one of"}>
          {node.objects.map((object) => (
            <ObjectCard key={object.id} {...{ model, object, row }} />
          ))}
        </Part>
      )}
      {(row.goroutine?.stack.length ?? 0) === 0 ? null : (
        <Part title={row.goroutine?.isStackOfGroup === true ? "Stack (of one that does the same)" : "Stack"}>
          <Stack lines={row.goroutine!.stack} />
        </Part>
      )}
      {row.startedAt === "" ? null : (
        <Part title="Started at">
          <Site text={row.startedAt} />
        </Part>
      )}
      {parent === undefined ? null : (
        <Part title="Started by">
          <GoroutineLink row={parent} />
        </Part>
      )}
      {children.length === 0 ? null : (
        <Part title={`Has started (${children.length})`}>
          <GoroutineList rows={children} />
        </Part>
      )}
    </>
  )
}
