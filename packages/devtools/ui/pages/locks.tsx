import { count, duration, nanos } from "../model/figures.ts"
import type { ObjectNow, ObjectThen } from "../model/object-row.ts"
import { Doers } from "../parts/doers.tsx"
import { GoroutineLink, GoroutineList } from "../parts/goroutine-link.tsx"
import { Part } from "../parts/part.tsx"
import { WaitingChart } from "../parts/waiting-chart.tsx"
import type { Column } from "../parts/virtual-table.tsx"
import type { TraceModel } from "../trace/trace-model.ts"
import { identity, waits } from "./object-columns.tsx"
import { ObjectPage } from "./object-page.tsx"

const columnsNow: ReadonlyArray<Column<ObjectNow>> = [
  ...identity<ObjectNow>("Lock"),
  {
    key: "owner",
    title: "Held by",
    width: "minmax(150px, 1fr)",
    cell: ({ owner }) => (owner === undefined ? <span class="muted">—</span> : <GoroutineLink row={owner} />),
  },
  {
    key: "waiting",
    title: "Wait",
    width: "90px",
    isNumber: true,
    cell: ({ waiting }) => (waiting.length === 0 ? "" : count(waiting.length)),
  },
  {
    key: "longest",
    title: "Longest",
    width: "105px",
    isNumber: true,
    cell: ({ waiting }) => (waiting[0] === undefined ? "" : duration(waiting[0].waitMillis)),
  },
  {
    key: "detail",
    title: "",
    width: "minmax(160px, 1.4fr)",
    cell: ({ detail }) => <span class="muted">{detail}</span>,
  },
]

const columnsThen: ReadonlyArray<Column<ObjectThen>> = [...identity<ObjectThen>("Lock"), ...waits]

export const Locks = () => (
  <ObjectPage
    sort="lock"
    title="Locks"
    hint="Select a lock: who holds it, who waits, who has kept others waiting."
    none="Mutexes, semaphores and wait groups are shown once somebody waits for one."
    columnsNow={columnsNow}
    columnsThen={columnsThen}
    now={(row) => <Now row={row} />}
    then={(row, model) => <Then row={row} model={model} />}
  />
)

const Now = ({ row: { detail, owner, waiting } }: { readonly row: ObjectNow }) => (
  <>
    {detail === "" ? null : <p class="muted">{detail}</p>}
    <div class="columns">
      <Part title="Held by">
        {owner === undefined ? <p class="muted">Nobody, or not known.</p> : <GoroutineLink row={owner} />}
      </Part>
      <Part title={`Wait for it (${waiting.length})`}>
        {waiting.length === 0 ? <p class="muted">Nobody.</p> : <GoroutineList rows={waiting} max={40} />}
      </Part>
    </div>
  </>
)

const Then = ({ model, row: { summary } }: { readonly row: ObjectThen; readonly model: TraceModel }) => (
  <>
    <WaitingChart model={model} summary={summary} />
    <div class="columns">
      <Part title="Let others go on">
        <Doers counts={summary.wakers} model={model} threadIndex={summary.threadIndex} />
      </Part>
      <Part title="Waits">
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
    </div>
  </>
)
