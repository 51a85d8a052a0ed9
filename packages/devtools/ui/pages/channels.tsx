import { useMemo } from "preact/hooks"
import { count, duration, nanos } from "../model/figures.ts"
import type { GoroutineRow } from "../model/goroutine-row.ts"
import type { ObjectNow, ObjectThen } from "../model/object-row.ts"
import { Doers } from "../parts/doers.tsx"
import { GoroutineList } from "../parts/goroutine-link.tsx"
import { LevelChart } from "../parts/level-chart.tsx"
import { Fill } from "../parts/object-card.tsx"
import { Part } from "../parts/part.tsx"
import type { Column } from "../parts/virtual-table.tsx"
import type { ObjectSummary } from "../trace/summarize.ts"
import type { TraceModel } from "../trace/trace-model.ts"
import { valuesOfObject, valueText } from "../trace/values-of.ts"
import { identity, waits } from "./object-columns.tsx"
import { ObjectPage } from "./object-page.tsx"

const columnsNow: ReadonlyArray<Column<ObjectNow>> = [
  ...identity<ObjectNow>("Channel"),
  {
    key: "fill",
    title: "Filled",
    width: "190px",
    cell: ({ capacity, length }) =>
      capacity === undefined ? (
        ""
      ) : length === undefined ? (
        `capacity ${capacity}`
      ) : (
        <Fill length={length} capacity={capacity} />
      ),
  },
  { key: "senders", title: "Senders wait", width: "110px", isNumber: true, cell: (row) => waitingTo(row, "send") },
  {
    key: "receivers",
    title: "Receivers wait",
    width: "120px",
    isNumber: true,
    cell: (row) => waitingTo(row, "receive"),
  },
  { key: "selects", title: "Selects wait", width: "100px", isNumber: true, cell: (row) => waitingTo(row, "select") },
  {
    key: "longest",
    title: "Longest",
    width: "100px",
    isNumber: true,
    cell: ({ waiting }) => (waiting[0] === undefined ? "" : duration(waiting[0].waitMillis)),
  },
]

const columnsThen: ReadonlyArray<Column<ObjectThen>> = [
  ...identity<ObjectThen>("Channel"),
  { key: "capacity", title: "Capacity", width: "80px", isNumber: true, cell: ({ capacity }) => capacity ?? "" },
  { key: "sends", title: "Sends", width: "80px", isNumber: true, cell: (row) => opsOf(row, "send") },
  { key: "receives", title: "Receives", width: "80px", isNumber: true, cell: (row) => opsOf(row, "receive") },
  ...waits,
]

export const Channels = () => (
  <ObjectPage
    sort="channel"
    title="Channels"
    hint="Select a channel: how full it was over time, who sends, who receives."
    none="Nobody waits on one. A trace also shows those that never make anybody wait."
    columnsNow={columnsNow}
    columnsThen={columnsThen}
    now={(row) => <Now row={row} />}
    then={(row, model) => <Then row={row} model={model} />}
  />
)

function Now({ row }: { readonly row: ObjectNow }) {
  return (
    <>
      {row.detail === "" ? null : <p class="muted">{row.detail}</p>}
      <Buffered row={row} />
      <div class="columns">
        <Waiting row={row} title="Wait to send" way="send" />
        <Waiting row={row} title="Wait to receive" way="receive" />
        <Waiting row={row} title="Select on it" way="select" />
      </div>
      <p class="muted">How full it was over time, who sends and who receives is known from a trace.</p>
    </>
  )
}

function Waiting({ row, title, way }: { readonly row: ObjectNow; readonly title: string; readonly way: string }) {
  const waiting = row.waiting.filter(({ reason }) => reason.includes(way))
  return (
    <Part title={waiting.length === 0 ? title : `${title} (${waiting.length})`}>
      {waiting.length === 0 ? (
        <p class="muted">Nobody.</p>
      ) : (
        <>
          <GoroutineList rows={waiting} />
          <Offered rows={waiting} id={row.id} />
          <p class="muted">the longest for {duration(waiting[0]!.waitMillis)}</p>
        </>
      )}
    </Part>
  )
}

/** What its buffer holds, where values were asked for. */
function Buffered({ row: { length = 0, values } }: { readonly row: ObjectNow }) {
  if (values.length === 0) return null
  return (
    <Part title={`In its buffer (${length})`}>
      <ol class="values">
        {values.map((value, i) => (
          <li key={i}>
            <code>{value}</code>
          </li>
        ))}
      </ol>
      {length > values.length ? <p class="muted">and {count(length - values.length)} more</p> : null}
    </Part>
  )
}

/** What they would send to it. */
function Offered({ id, rows }: { readonly rows: ReadonlyArray<GoroutineRow>; readonly id: number }) {
  const sends = rows.flatMap(({ goroutine }) => (goroutine?.sends ?? []).filter(({ on = id }) => on === id))
  if (sends.length === 0) return null
  return (
    <ul class="values">
      {sends.slice(0, MAX_OFFERED).map(({ value }, i) => (
        <li key={i}>
          <code>{value}</code>
        </li>
      ))}
      {sends.length > MAX_OFFERED ? <li class="muted">and {count(sends.length - MAX_OFFERED)} more</li> : null}
    </ul>
  )
}

const MAX_OFFERED = 8

function Then({ model, row: { capacity, summary } }: { readonly row: ObjectThen; readonly model: TraceModel }) {
  return (
    <>
      {summary.levels === undefined ? (
        capacity === 0 ? null : (
          <p class="muted">How full it was over time is known from a trace that records every op.</p>
        )
      ) : (
        <LevelChart
          title={capacity === undefined ? "Fill level" : `Fill level of ${capacity}`}
          label="values held"
          color="c-channel"
          steps={summary.levels}
          max={capacity ?? 1}
          bounds={model}
        />
      )}
      <Passing model={model} summary={summary} />
      <div class="columns">
        {[...summary.ops].map(([name, by]) => (
          <Part key={name} title={name === "chan send" ? "Who sends" : name === "chan receive" ? "Who receives" : name}>
            <Doers counts={by} model={model} threadIndex={summary.threadIndex} />
          </Part>
        ))}
        <Part title="Who ends waits for it">
          <Doers counts={summary.wakers} model={model} threadIndex={summary.threadIndex} />
        </Part>
      </div>
    </>
  )
}

/** What went through it last, where values were recorded. */
function Passing({ model, summary }: { readonly model: TraceModel; readonly summary: ObjectSummary }) {
  const { id, threadIndex } = summary
  const values = useMemo(() => valuesOfObject(model, threadIndex, id, MAX_PASSED), [model, threadIndex, id])
  if (values.length === 0) return null
  return (
    <Part title="Went through it last">
      <ol class="values" aria-label="Messages, latest first">
        {values.map((value) => (
          <li key={value.row}>
            <span class="number">{nanos(value.time - model.begin)}</span>{" "}
            {value.track === undefined ? "somebody" : model.name(value.track)} {value.isReceived ? "received" : "sent"}{" "}
            <code>{valueText(value)}</code>
          </li>
        ))}
      </ol>
    </Part>
  )
}

const MAX_PASSED = 24

function waitingTo({ waiting }: ObjectNow, way: string): string {
  const n = waiting.filter(({ reason }) => reason.includes(way)).length
  return n === 0 ? "" : count(n)
}

function opsOf({ summary }: ObjectThen, way: string): string {
  let sum = 0
  for (const [name, by] of summary.ops) if (name.includes(way)) for (const n of by.values()) sum += n
  return sum === 0 ? "" : count(sum)
}
