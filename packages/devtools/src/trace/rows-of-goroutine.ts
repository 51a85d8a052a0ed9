/** Which rows belong to which goroutine: those of goroutine `g` are `rows[first[g]]` to `rows[first[g + 1] - 1]`, in their order. */
export interface RowsOfGoroutine {
  readonly first: Int32Array
  readonly rows: Int32Array
}

/** Groups the rows of a `goroutine` column, in linear time. Rows that belong to none (-1) are left out. */
export function rowsOfGoroutines(goroutine: Int32Array, goroutines: number): RowsOfGoroutine {
  const first = new Int32Array(goroutines + 1)
  for (const row of goroutine) if (row >= 0) first[row + 1]!++
  for (let g = 0; g < goroutines; g++) first[g + 1]! += first[g]!
  const next = first.slice()
  const rows = new Int32Array(first[goroutines]!)
  for (let row = 0; row < goroutine.length; row++) {
    const owner = goroutine[row]!
    if (owner >= 0) rows[next[owner]!++] = row
  }
  return { first, rows }
}
