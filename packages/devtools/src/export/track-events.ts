export const categories = ["run", "wait", "wake", "region", "log", "panic", "deadlock", "gc", "loop", "lost"] as const
export type Category = (typeof categories)[number]

/** What an event says beside its name. */
export const annotations = ["goroutine", "started at", "object", "message", "kind", "records"] as const
export type Annotated = Partial<Record<(typeof annotations)[number], number | string>>

type Bytes = Generator<Uint8Array<ArrayBuffer>>

/**
 * A format of events on tracks: slices that nest, instants, counts.
 *
 * Tracks have numbers from 1 on, and are declared before anything is written to them, their parents first. Times are whole nanoseconds since the zero that
 * `begin` declares, in any order, none negative.
 */
export interface TrackEvents {
  /** `zeroMillis`: the zero, since the Unix epoch. */
  begin(zeroMillis: number): void
  process(track: number, pid: number, name: string, cmdline: ReadonlyArray<string>): void
  thread(track: number, parent: number, pid: number, tid: number, name: string): void
  track(track: number, parent: number, name: string): void
  counter(track: number, parent: number, name: string): void
  /** `flow`: the number of what leads here, 0 for none. */
  slice(track: number, from: number, to: number, category: Category, name: string, says: Annotated, flow?: number): void
  /** `flow`: the number of what leads from here, 0 for none. */
  instant(track: number, at: number, category: Category, name: string, says: Annotated, flow?: number): void
  count(track: number, at: number, value: number): void
  /** What has been written since the last chunk, if it is enough for one. */
  chunk(): Bytes
  /** What has been written since the last chunk, and the end. */
  rest(): Bytes
}
