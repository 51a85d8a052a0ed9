/** Channels, or locks: a table, and beside it whichever is selected. */
import type { ComponentChildren } from "preact"
import { count } from "../model/figures.ts"
import type { ObjectNow, ObjectRow, ObjectSort, ObjectThen } from "../model/object-row.ts"
import { Empty } from "../parts/empty.tsx"
import { PageHead } from "../parts/page-head.tsx"
import { type Column, VirtualTable } from "../parts/virtual-table.tsx"
import { useCell } from "../state/cell.ts"
import { adjust, route, select } from "../state/route.ts"
import type { TraceModel } from "../trace/trace-model.ts"
import { useObjects } from "./use-objects.ts"

export interface ObjectPageProps {
  readonly sort: ObjectSort
  readonly title: string
  /** What selecting one shows. */
  readonly hint: string
  readonly none: string
  readonly columnsNow: ReadonlyArray<Column<ObjectNow>>
  readonly columnsThen: ReadonlyArray<Column<ObjectThen>>
  readonly now: (row: ObjectNow) => ComponentChildren
  readonly then: (row: ObjectThen, model: TraceModel) => ComponentChildren
}

export function ObjectPage(props: ObjectPageProps) {
  const { none, sort, title } = props
  const objects = useObjects(sort)
  const rows = objects.from === "nowhere" ? undefined : objects.rows
  return (
    <section class="page filling">
      <PageHead title={title}>
        <span class="muted">{rows === undefined || rows.length === 0 ? "" : count(rows.length)}</span>
        {objects.from !== "nowhere" && objects.canSwitch ? <Switch isNow={objects.from === "dump"} /> : null}
      </PageHead>
      {objects.from === "nowhere" ? (
        <Empty title={`No ${title.toLowerCase()} yet`}>They are shown as soon as there is a dump or a trace.</Empty>
      ) : objects.rows.length === 0 ? (
        <Empty title={`No ${title.toLowerCase()}`}>{none}</Empty>
      ) : objects.from === "dump" ? (
        <Split {...props} rows={objects.rows} columns={props.columnsNow} detail={props.now} />
      ) : (
        <Split
          {...props}
          rows={objects.rows}
          columns={props.columnsThen}
          detail={(row: ObjectThen) => props.then(row, objects.model)}
        />
      )}
    </section>
  )
}

function Switch({ isNow }: { readonly isNow: boolean }) {
  const to = (of: string | undefined) => () => adjust({ of, o: undefined })
  return (
    <div class="zoom" role="group" aria-label="Of when">
      <button aria-pressed={!isNow} onClick={to(undefined)}>
        In the trace
      </button>
      <button aria-pressed={isNow} onClick={to("now")}>
        Now
      </button>
    </div>
  )
}

interface SplitProps<Row> extends Pick<ObjectPageProps, "hint" | "title" | "sort"> {
  readonly rows: ReadonlyArray<Row>
  readonly columns: ReadonlyArray<Column<Row>>
  readonly detail: (row: Row) => ComponentChildren
}

function Split<Row extends ObjectRow>({ columns, detail, hint, rows, sort, title }: SplitProps<Row>) {
  const { params } = useCell(route)
  const selected = rows.find(({ key }) => key === params["o"])
  return (
    <div class="split">
      <VirtualTable
        label={title}
        rows={rows}
        rowKey={(row) => row.key}
        columns={columns}
        selected={selected?.key}
        onOpen={(row) => select({ o: row.key })}
      />
      <div class="split-detail" tabIndex={0} role="region" aria-label={`The selected ${sort}`}>
        {selected === undefined ? (
          <p class="muted">{hint}</p>
        ) : (
          <>
            <h2>
              {selected.kind} <small>#{selected.id}</small>
            </h2>
            {detail(selected)}
          </>
        )}
      </div>
    </div>
  )
}
