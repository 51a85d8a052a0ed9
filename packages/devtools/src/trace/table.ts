/** One field of many rows. */
export type Column = Float64Array | Int32Array | Uint8Array

/** Columns of one length. */
export type Rows<Columns> = Columns & { readonly length: number }

/**
 * Rows by columns: ten million of them are a few arrays, not objects.
 *
 * Write to `columns` at `length` after `reserve`, and count `length` up; `reserve` replaces the arrays, so don't hold on to them.
 */
export class Table<Columns extends Record<keyof Columns, Column>> {
  length = 0
  /** As long as there is room, or longer than `length`. */
  columns: Columns
  #capacity = 0

  /** `empty` says which type each column has. */
  constructor(empty: Columns) {
    this.columns = empty
  }

  /** Makes room for so many rows more. */
  reserve(rows: number): void {
    const needed = this.length + rows
    if (needed <= this.#capacity) return
    const capacity = Math.max(needed, Math.ceil(this.#capacity * GROWTH), MIN_CAPACITY)
    // Memory that was never written to is the operating system's still, so room costs nothing.
    this.columns = this.#map((column) => {
      const grown = new (column.constructor as new (length: number) => Column)(capacity)
      grown.set(column.subarray(0, this.length))
      return grown
    })
    this.#capacity = capacity
  }

  /** The rows as they are, without copying. */
  rows(): Rows<Columns> {
    return { ...this.#map((column) => column.subarray(0, this.length)), length: this.length }
  }

  #map(change: (column: Column) => Column): Columns {
    const entries = Object.entries<Column>(this.columns).map(([name, column]) => [name, change(column)])
    return Object.fromEntries(entries) as Columns
  }
}

const GROWTH = 1.5
const MIN_CAPACITY = 64
