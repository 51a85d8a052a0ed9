import { count, duration, nanos } from "../model/figures.ts"
import type { ObjectRow } from "../model/object-row.ts"
import { Empty } from "../parts/empty.tsx"
import { GoroutineList } from "../parts/goroutine-link.tsx"
import { LevelChart } from "../parts/level-chart.tsx"
import { Fill } from "../parts/object-card.tsx"
import { PageHead } from "../parts/page-head.tsx"
import { Part } from "../parts/part.tsx"
import { Doers } from "../parts/doers.tsx"
import { type Column, VirtualTable } from "../parts/virtual-table.tsx"
import { useCell } from "../state/cell.ts"
import { route, select } from "../state/route.ts"
import type { TraceModel } from "../trace/trace-model.ts"
import { useObjects } from "./use-objects.ts"

const columns: ReadonlyArray<Column<ObjectRow>> = [
  { key: "thread", title: "Thread", width: "64px", cell: ({ thread }) => thread },
  {
    key: "kind",
    title: "Channel",
    width: "minmax(130px, 1fr)",
    cell: ({ id, isClosed, kind }) => (
      <>
        {kind} <small>#{id}</small> {isClosed ? <span class="tag">closed</span> : null}
      </>
    ),
  },
  {
    key: "fill",
    title: "Filled",
    width: "150px",
    cell: ({ capacity, length }) =>
      capacity === undefined ? (
        ""
      ) : length === undefined ? (
        `capacity ${capacity}`
      ) : (
        <Fill length={length} capacity={capacity} />
      ),
  },
  { key: "senders", title: "Senders wait", width: "105px", isNumber: true, cell: (row) => waitingFor(row, "send") },
  {
    key: "receivers",
    title: "Receivers wait",
    width: "115px",
    isNumber: true,
    cell: (row) => waitingFor(row, "receive"),
  },
  { key: "sends", title: "Sends", width: "80px", isNumber: true, cell: (row) => ops(row, "send") },
  { key: "receives", title: "Receives", width: "80px", isNumber: true, cell: (row) => ops(row, "receive") },
  {
    key: "waited",
    title: "Waited in trace",
    width: "120px",
    isNumber: true,
    cell: ({ traced }) => (traced === undefined ? "" : nanos(traced.totalNanos)),
  },
]

export function Channels() {
  const { params } = useCell(route)
  const { isKnown, rows, traced } = useObjects("channel")
  const selected = rows.find(({ key }) => key === params["o"])
  return (
    <section class="page filling">
      <PageHead title="Channels">
        <span class="muted">{rows.length === 0 ? "" : count(rows.length)}</span>
      </PageHead>
      {rows.length === 0 ? (
        <Empty title={isKnown ? "No channel is in use" : "No channels yet"}>
          {isKnown
            ? "Nobody waits on one. A trace also shows those that never make anybody wait."
            : "They are shown as soon as there is a dump or a trace."}
        </Empty>
      ) : (
        <div class="split">
          <VirtualTable
            label="Channels"
            rows={rows}
            rowKey={(row) => row.key}
            columns={columns}
            selected={selected?.key}
            onOpen={(row) => select({ o: row.key })}
          />
          <div class="split-detail" tabIndex={0} role="region" aria-label="The selected channel">
            {selected === undefined ? (
              <p class="muted">Select a channel: how full it was over time, who sends, who receives.</p>
            ) : (
              <Channel row={selected} traced={traced} />
            )}
          </div>
        </div>
      )}
    </section>
  )
}

function Channel({ row, traced }: { readonly row: ObjectRow; readonly traced: TraceModel | undefined }) {
  const summary = row.traced
  return (
    <>
      <h2>
        {row.kind} <small>#{row.id}</small>
      </h2>
      {row.detail === "" ? null : <p class="muted">{row.detail}</p>}
      {summary?.levels === undefined || traced === undefined ? (
        <p class="muted">How full it was over time is known from a trace that records every op.</p>
      ) : (
        <LevelChart levels={summary.levels} capacity={row.capacity} begin={traced.begin} />
      )}
      <div class="columns">
        <Part title="Waits to send">
          <Waiting row={row} way="send" />
        </Part>
        <Part title="Waits to receive">
          <Waiting row={row} way="receive" />
        </Part>
        {summary === undefined || traced === undefined
          ? null
          : [...summary.ops].map(([name, by]) => (
              <Part
                key={name}
                title={name === "chan send" ? "Who sends" : name === "chan receive" ? "Who receives" : name}
              >
                <Doers counts={by} model={traced} threadIndex={summary.threadIndex} />
              </Part>
            ))}
      </div>
    </>
  )
}

function Waiting({ row, way }: { readonly row: ObjectRow; readonly way: "send" | "receive" }) {
  const waiting = row.waiting.filter(({ reason }) => reason.includes(way) || reason.startsWith("select"))
  if (waiting.length === 0) return <p class="muted">Nobody.</p>
  return (
    <>
      <GoroutineList rows={waiting} />
      <p class="muted">the longest for {duration(waiting[0]!.waitMillis)}</p>
    </>
  )
}

function waitingFor({ traced, waiting }: ObjectRow, way: string): string {
  const now = waiting.filter(({ reason }) => reason.includes(way)).length
  return now === 0 && traced === undefined ? "" : count(now)
}

function ops({ traced }: ObjectRow, way: string): string {
  let sum = 0
  for (const [name, by] of traced?.ops ?? []) if (name.includes(way)) for (const n of by.values()) sum += n
  return sum === 0 ? "" : count(sum)
}
