/**
 * A table of which only what is in sight is in the document: a hundred thousand rows scroll as ten do.
 *
 * Rows have one height, so where each lies needs no measuring. Browsers don't lay out more than some millions of pixels; a longer table is squeezed into that, and
 * its scroll bar moves it faster than a row a row. The table is one stop of the tab key; arrows move within it.
 */
import type { ComponentChildren } from "preact"
import { useLayoutEffect, useRef, useState } from "preact/hooks"

export interface Column<Row, Key extends string = string> {
  readonly key: Key
  readonly title: string
  /** Of the grid: "80px", "2fr". */
  readonly width: string
  readonly isNumber?: boolean
  readonly isSortable?: boolean
  readonly cell: (row: Row) => ComponentChildren
}

export interface TableProps<Row> {
  readonly label: string
  readonly rows: ReadonlyArray<Row>
  readonly rowKey: (row: Row) => string
  readonly columns: ReadonlyArray<Column<Row>>
  readonly selected?: string | undefined
  /** "wait", or "-wait" for the largest first. */
  readonly sort?: string
  readonly onSort?: (sort: string) => void
  readonly onOpen: (row: Row) => void
}

export const ROW = 28
const MAX_PIXELS = 8_000_000
const SPARE_ROWS = 6

export function VirtualTable<Row>(props: TableProps<Row>) {
  const { columns, label, onOpen, rowKey, rows, selected } = props
  const scroller = useRef<HTMLDivElement>(null)
  const [box, setBox] = useState({ top: 0, height: 600 })
  const [active, setActive] = useState(-1)
  useLayoutEffect(() => {
    const element = scroller.current!
    const read = (): void => setBox({ top: element.scrollTop, height: element.clientHeight })
    const observer = new ResizeObserver(read)
    observer.observe(element)
    element.addEventListener("scroll", read, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener("scroll", read)
    }
  }, [])

  const pixels = Math.min(rows.length * ROW, MAX_PIXELS)
  const squeeze = rows.length * ROW <= MAX_PIXELS ? 1 : (rows.length * ROW - box.height) / (MAX_PIXELS - box.height)
  const offset = box.top * squeeze
  const first = Math.max(0, Math.floor(offset / ROW) - SPARE_ROWS)
  const shown = rows.slice(first, Math.ceil((offset + box.height) / ROW) + SPARE_ROWS)
  const template = columns.map(({ width }) => width).join(" ")

  const moveTo = (row: number): void => {
    const next = Math.min(Math.max(row, 0), rows.length - 1)
    setActive(next)
    const element = scroller.current!
    const room = element.clientHeight - ROW
    const now = element.scrollTop * squeeze
    if (next * ROW < now) element.scrollTop = (next * ROW) / squeeze
    else if (next * ROW > now + room - ROW) element.scrollTop = (next * ROW - room + ROW) / squeeze
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor(box.height / ROW) - 2)
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: rows.length - 1,
    }
    const next = steps[event.key]
    if (next !== undefined) moveTo(next)
    else if (event.key === "Enter" && rows[active] !== undefined && event.target === scroller.current)
      onOpen(rows[active])
    else return
    event.preventDefault()
  }

  return (
    <div
      class="table"
      role="grid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-activedescendant={active >= first && active < first + shown.length ? `row-${active}` : undefined}
      tabIndex={0}
      ref={scroller}
      onKeyDown={onKeyDown}
    >
      <Head {...props} template={template} />
      <div class="table-body" role="rowgroup" style={{ height: `${pixels}px` }}>
        <div
          class="table-shift"
          role="presentation"
          style={{ transform: `translateY(${first * ROW - offset + box.top}px)` }}
        >
          {shown.map((row, i) => {
            const key = rowKey(row)
            const isActive = first + i === active
            return (
              <div
                key={key}
                id={`row-${first + i}`}
                role="row"
                aria-rowindex={first + i + 2}
                aria-selected={key === selected}
                class={`table-row${key === selected ? " selected" : ""}${isActive ? " active" : ""}`}
                style={{ gridTemplateColumns: template }}
                onClick={() => {
                  setActive(first + i)
                  onOpen(row)
                }}
              >
                {columns.map(({ cell, isNumber, key: column }) => (
                  <div key={column} role="gridcell" class={isNumber === true ? "number" : undefined}>
                    {cell(row)}
                  </div>
                ))}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

function Head<Row>({ columns, onSort, sort = "", template }: TableProps<Row> & { readonly template: string }) {
  const sorted = sort.replace(/^-/, "")
  return (
    <div class="table-head" role="rowgroup">
      <div class="table-row" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
        {columns.map(({ isNumber, isSortable, key, title }) => {
          const direction = sorted !== key ? "none" : sort.startsWith("-") ? "descending" : "ascending"
          const canSort = isSortable === true && onSort !== undefined
          return (
            <div
              key={key}
              role="columnheader"
              class={isNumber === true ? "number" : undefined}
              aria-sort={canSort ? direction : undefined}
            >
              {canSort ? (
                // Figures begin with the largest: that is what one looks for.
                <button onClick={() => onSort(nextSort(key, direction, isNumber === true))}>
                  {title}
                  <span aria-hidden="true">{{ none: "", ascending: " ↑", descending: " ↓" }[direction]}</span>
                </button>
              ) : (
                title
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}

function nextSort(key: string, direction: "none" | "ascending" | "descending", isNumber: boolean): string {
  if (direction === "none") return isNumber ? `-${key}` : key
  return direction === "ascending" ? `-${key}` : key
}
