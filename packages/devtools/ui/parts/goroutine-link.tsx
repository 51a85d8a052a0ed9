import type { GoroutineRow } from "../model/goroutine-row.ts"
import { useCell } from "../state/cell.ts"
import { format, route } from "../state/route.ts"

/** A goroutine's name and number; opens it. */
export function GoroutineLink({ row }: { readonly row: Pick<GoroutineRow, "key" | "name" | "id"> }) {
  const { page, params } = useCell(route)
  return (
    <a class="goroutine" href={format({ page, params: { ...params, g: row.key } })}>
      {row.name || "goroutine"}
      <small>#{row.id}</small>
    </a>
  )
}

/** Some of them, and how many more there are. */
export function GoroutineList({
  max = 8,
  rows,
}: {
  readonly rows: ReadonlyArray<GoroutineRow>
  readonly max?: number
}) {
  return (
    <ul class="goroutine-list">
      {rows.slice(0, max).map((row) => (
        <li key={row.key}>
          <GoroutineLink row={row} />
        </li>
      ))}
      {rows.length > max ? <li class="muted">and {rows.length - max} more</li> : null}
    </ul>
  )
}
