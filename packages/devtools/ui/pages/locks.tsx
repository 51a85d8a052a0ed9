import { count, duration, nanos } from "../model/figures.ts"
import type { ObjectRow } from "../model/object-row.ts"
import { waited } from "../model/object-row.ts"
import { Doers } from "../parts/doers.tsx"
import { Empty } from "../parts/empty.tsx"
import { GoroutineLink, GoroutineList } from "../parts/goroutine-link.tsx"
import { PageHead } from "../parts/page-head.tsx"
import { Part } from "../parts/part.tsx"
import { type Column, VirtualTable } from "../parts/virtual-table.tsx"
import { useCell } from "../state/cell.ts"
import { route, select } from "../state/route.ts"
import type { TraceModel } from "../trace/trace-model.ts"
import { useObjects } from "./use-objects.ts"

const columnsFor = (longest: number): ReadonlyArray<Column<ObjectRow>> => [
  { key: "thread", title: "Thread", width: "64px", cell: ({ thread }) => thread },
  {
    key: "kind",
    title: "Lock",
    width: "minmax(130px, 1fr)",
    cell: ({ id, kind }) => (
      <>
        {kind} <small>#{id}</small>
      </>
    ),
  },
  {
    key: "owner",
    title: "Held by",
    width: "minmax(130px, 1fr)",
    cell: ({ owner }) => (owner === undefined ? <span class="muted">—</span> : <GoroutineLink row={owner} />),
  },
  { key: "waiting", title: "Wait now", width: "90px", isNumber: true, cell: (row) => waitingNow(row) },
  {
    key: "longest",
    title: "Longest now",
    width: "105px",
    isNumber: true,
    cell: ({ waiting }) => (waiting[0] === undefined ? "" : duration(waiting[0].waitMillis)),
  },
  {
    key: "waits",
    title: "Waits",
    width: "80px",
    isNumber: true,
    cell: ({ traced }) => (traced === undefined ? "" : count(traced.waits)),
  },
  {
    key: "max",
    title: "Longest",
    width: "85px",
    isNumber: true,
    cell: ({ traced }) => (traced === undefined ? "" : nanos(traced.maxNanos)),
  },
  {
    key: "total",
    title: "Waited in trace",
    width: "minmax(150px, 1fr)",
    cell: (row) =>
      row.traced === undefined ? (
        ""
      ) : (
        <span class="bar-cell">
          <i style={{ width: `${(waited(row) / longest) * 100}%` }} aria-hidden="true" />
          <span>{nanos(row.traced.totalNanos)}</span>
        </span>
      ),
  },
]

export function Locks() {
  const { params } = useCell(route)
  const { isKnown, rows, traced } = useObjects("lock")
  const selected = rows.find(({ key }) => key === params["o"])
  const longest = Math.max(1, ...rows.slice(0, 10_000).map(waited))
  return (
    <section class="page filling">
      <PageHead title="Locks">
        <span class="muted">{rows.length === 0 ? "" : count(rows.length)}</span>
      </PageHead>
      {rows.length === 0 ? (
        <Empty title={isKnown ? "Nobody waits for a lock" : "No locks yet"}>
          {isKnown
            ? "Mutexes, semaphores and wait groups are shown once somebody waits for one, or a trace saw it."
            : "They are shown as soon as there is a dump or a trace."}
        </Empty>
      ) : (
        <div class="split">
          <VirtualTable
            label="Locks"
            rows={rows}
            rowKey={(row) => row.key}
            columns={columnsFor(longest)}
            selected={selected?.key}
            onOpen={(row) => select({ o: row.key })}
          />
          <div class="split-detail" tabIndex={0} role="region" aria-label="The selected lock">
            {selected === undefined ? (
              <p class="muted">Select a lock: who holds it, who waits, who has kept others waiting.</p>
            ) : (
              <Lock row={selected} traced={traced} />
            )}
          </div>
        </div>
      )}
    </section>
  )
}

function Lock({ row, traced }: { readonly row: ObjectRow; readonly traced: TraceModel | undefined }) {
  const summary = row.traced
  return (
    <>
      <h2>
        {row.kind} <small>#{row.id}</small>
      </h2>
      {row.detail === "" ? null : <p class="muted">{row.detail}</p>}
      <div class="columns">
        <Part title="Held by">
          {row.owner === undefined ? <p class="muted">Nobody, or not known.</p> : <GoroutineLink row={row.owner} />}
        </Part>
        <Part title={`Wait for it now (${row.waiting.length})`}>
          {row.waiting.length === 0 ? <p class="muted">Nobody.</p> : <GoroutineList rows={row.waiting} max={12} />}
        </Part>
        {summary === undefined || traced === undefined ? null : (
          <>
            <Part title="Let others go on">
              <Doers counts={summary.wakers} model={traced} threadIndex={summary.threadIndex} />
            </Part>
            <Part title="Waits in the trace">
              {[...summary.reasons.values()].map(({ count: n, maxNanos, reason, totalNanos }) => (
                <p key={reason}>
                  {reason}: {count(n)}×, {nanos(totalNanos)} in all
                  <br />
                  <span class="muted">
                    {nanos(totalNanos / n)} on average, {nanos(maxNanos)} at most
                  </span>
                </p>
              ))}
            </Part>
          </>
        )}
      </div>
    </>
  )
}

const waitingNow = ({ traced, waiting }: ObjectRow): string =>
  waiting.length === 0 && traced === undefined ? "" : count(waiting.length)
