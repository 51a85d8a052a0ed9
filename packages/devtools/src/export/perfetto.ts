import type { Timeline } from "../trace/timeline.ts"
import { PerfettoPackets } from "./perfetto-packets.ts"
import { writeTracks } from "./tracks.ts"

/** A trace for Perfetto (ui.perfetto.dev): the bytes of a file `*.perfetto-trace`, in chunks. */
export function perfettoTrace(timeline: Timeline): Generator<Uint8Array<ArrayBuffer>, void, void> {
  return writeTracks(timeline, new PerfettoPackets())
}
