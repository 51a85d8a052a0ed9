/** What is painted: the trace, the window, the rows and what is pointed at. */
import type { TraceModel } from "../trace/trace-model.ts"
import { layout } from "./layout.ts"
import type { View } from "./view.ts"

export interface Scene {
  readonly model: TraceModel
  readonly view: View
  /** Tracks from top to bottom. */
  readonly rows: ReadonlyArray<number>
  /** How far it is scrolled, in CSS pixels. */
  readonly scroll: number
  /** The selected goroutine's track. */
  readonly selected: number | undefined
  readonly hover: { readonly row: number; readonly slice: number } | undefined
}

export const barTop = (row: number, scroll: number): number => row * layout.row + (layout.row - layout.bar) / 2 - scroll

export const xOf = (time: number, { from, to }: View, width: number): number => ((time - from) / (to - from)) * width
