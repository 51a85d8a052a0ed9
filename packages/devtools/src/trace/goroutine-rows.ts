import type { TracedGoroutine } from "../format/trace-file.ts"
import { bytes, floats, ints } from "./empty-columns.ts"
import { NumberIndex } from "./number-index.ts"
import { type Rows, Table } from "./table.ts"
import type { Texts } from "./texts.ts"
import { type GoroutineColumns, GoroutineState } from "./thread-timeline.ts"

/** `epoch` counts the gaps that came before what is known of it. */
type GoroutineStates = GoroutineColumns & { readonly epoch: Int32Array }

/** A thread's goroutines, a row for each that anything was said of. */
export class GoroutineRows {
  readonly #table = new Table<GoroutineStates>({
    ...{ id: ints(), name: ints(), site: ints(), parent: ints() },
    ...{ created: floats(), ended: floats(), ending: bytes(), isMain: bytes() },
    ...{ state: bytes(), since: floats(), wait: ints(), epoch: ints() },
  })
  readonly #index = new NumberIndex()
  readonly #texts: Texts

  constructor(texts: Texts) {
    this.#texts = texts
  }

  get length(): number {
    return this.#table.length
  }

  /** Replaced whenever a goroutine is added. */
  get columns(): GoroutineStates {
    return this.#table.columns
  }

  /** The row of goroutine `id`. One that was not heard of before is of this epoch. */
  row(id: number, epoch: number): number {
    const row = this.#index.get(id)
    return row === -1 ? this.#add(id, epoch) : row
  }

  /** Fills in what records don't say of who was there when recording began. Returns its row. */
  describe(goroutine: TracedGoroutine, epoch: number): number {
    const row = this.row(goroutine.id, epoch)
    const parent = goroutine.parent === undefined || goroutine.parent === 0 ? -1 : this.row(goroutine.parent, epoch)
    const { name, site, isMain, parent: parents } = this.columns
    name[row] = this.#texts.number(goroutine.name)
    if (goroutine.startedAt !== undefined) site[row] = this.#texts.number(goroutine.startedAt)
    isMain[row] = goroutine.isMain ? 1 : 0
    parents[row] = parent
    return row
  }

  rows(): Rows<GoroutineColumns> {
    return this.#table.rows()
  }

  #add(id: number, epoch: number): number {
    this.#table.reserve(1)
    const row = this.#table.length++
    const columns = this.columns
    columns.id[row] = id
    columns.parent[row] = -1
    columns.created[row] = -Infinity
    columns.ended[row] = Infinity
    columns.ending[row] = NOT_ENDED
    columns.state[row] = GoroutineState.Unknown
    columns.since[row] = NaN
    columns.wait[row] = -1
    columns.epoch[row] = epoch
    this.#index.set(id, row)
    return row
  }
}

const NOT_ENDED = 255
