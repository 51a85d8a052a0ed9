import { RecordKind } from "../format/record-kind.ts"
import { bytes, floats, ints, messages, spans } from "./empty-columns.ts"
import { Table } from "./table.ts"
import type {
  CollectionColumns,
  IdleColumns,
  LevelColumns,
  MessageColumns,
  OpColumns,
  RegionColumns,
  SpanColumns,
  ValueColumns,
} from "./thread-timeline.ts"

/** What happened on one thread beside scheduling. `goroutine` is the row of whoever did it, -1 for none. */
export class Marks {
  readonly ops: Table<OpColumns> = new Table({ time: floats(), goroutine: ints(), name: ints(), object: ints() })
  readonly levels: Table<LevelColumns> = new Table({ time: floats(), object: ints(), value: ints() })
  readonly values: Table<ValueColumns> = new Table({ ...messages(), object: ints(), isReceived: bytes() })
  readonly regions: Table<RegionColumns> = new Table({ ...spans(), goroutine: ints(), name: ints() })
  readonly logs: Table<MessageColumns> = new Table(messages())
  readonly panics: Table<MessageColumns> = new Table(messages())
  readonly deadlocks: Table<{ readonly time: Float64Array }> = new Table({ time: floats() })
  readonly collections: Table<CollectionColumns> = new Table({ ...spans(), kind: bytes() })
  readonly loopDelays: Table<SpanColumns> = new Table(spans())
  readonly idles: Table<IdleColumns> = new Table({ time: floats(), isBusy: bytes() })
  /** Rows of regions that were not left, by number. */
  readonly #open = new Map<number, number>()

  /** Makes room: `counts` says how many records of each kind come. */
  reserve(counts: Int32Array): void {
    this.ops.reserve(counts[RecordKind.Op]!)
    this.levels.reserve(counts[RecordKind.Level]!)
    // And the one that stands at the end of the frame before, if its goroutine is woken in this one.
    this.values.reserve(counts[RecordKind.Value]! + 1)
    this.regions.reserve(counts[RecordKind.RegionBegin]!)
    this.logs.reserve(counts[RecordKind.Log]!)
    this.panics.reserve(counts[RecordKind.Panic]!)
    this.deadlocks.reserve(counts[RecordKind.Deadlock]!)
    this.collections.reserve(counts[RecordKind.Gc]!)
    this.loopDelays.reserve(counts[RecordKind.LoopDelay]!)
    this.idles.reserve(counts[RecordKind.Idle]!)
  }

  op(time: number, goroutine: number, name: number, object: number): void {
    const row = this.ops.length++
    const { columns } = this.ops
    columns.time[row] = time
    columns.goroutine[row] = goroutine
    columns.name[row] = name
    columns.object[row] = object
  }

  level(time: number, object: number, value: number): void {
    const row = this.levels.length++
    const { columns } = this.levels
    columns.time[row] = time
    columns.object[row] = object
    columns.value[row] = value
  }

  value(time: number, goroutine: number, object: number, isReceived: number, text: number): void {
    const row = this.values.length++
    const { columns } = this.values
    columns.time[row] = time
    columns.goroutine[row] = goroutine
    columns.object[row] = object
    columns.isReceived[row] = isReceived
    columns.text[row] = text
  }

  regionBegin(time: number, goroutine: number, name: number, region: number): void {
    const row = this.regions.length++
    const { columns } = this.regions
    columns.begin[row] = time
    columns.end[row] = Infinity
    columns.goroutine[row] = goroutine
    columns.name[row] = name
    this.#open.set(region, row)
  }

  regionEnd(time: number, region: number): void {
    const row = this.#open.get(region)
    if (row === undefined) return
    this.regions.columns.end[row] = time
    this.#open.delete(region)
  }

  log(time: number, goroutine: number, text: number): void {
    addMessage(this.logs, time, goroutine, text)
  }

  panic(time: number, goroutine: number, text: number): void {
    addMessage(this.panics, time, goroutine, text)
  }

  deadlock(time: number): void {
    this.deadlocks.columns.time[this.deadlocks.length++] = time
  }

  collection(time: number, micros: number, kind: number): void {
    this.collections.columns.kind[this.collections.length] = kind
    addSpanBefore(this.collections, time, micros)
  }

  loopDelay(time: number, micros: number): void {
    addSpanBefore(this.loopDelays, time, micros)
  }

  idle(time: number, isBusy: number): void {
    const row = this.idles.length++
    this.idles.columns.time[row] = time
    this.idles.columns.isBusy[row] = isBusy
  }
}

function addMessage(table: Table<MessageColumns>, time: number, goroutine: number, text: number): void {
  const row = table.length++
  table.columns.time[row] = time
  table.columns.goroutine[row] = goroutine
  table.columns.text[row] = text
}

function addSpanBefore<Columns extends SpanColumns & Record<keyof Columns, Float64Array | Uint8Array>>(
  table: Table<Columns>,
  time: number,
  micros: number,
): void {
  const row = table.length++
  table.columns.begin[row] = time - micros * 1000
  table.columns.end[row] = time
}
