import type { MessageColumns, SpanColumns } from "./thread-timeline.ts"

/** Columns that a table starts with: they say its types. */
export const floats = (): Float64Array => new Float64Array(0)
export const ints = (): Int32Array => new Int32Array(0)
export const bytes = (): Uint8Array => new Uint8Array(0)
export const spans = (): SpanColumns => ({ begin: floats(), end: floats() })
export const messages = (): MessageColumns => ({ time: floats(), goroutine: ints(), text: ints() })
