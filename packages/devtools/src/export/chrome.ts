import type { Timeline } from "../trace/timeline.ts"
import { ChromeEvents } from "./chrome-events.ts"
import { writeTracks } from "./tracks.ts"

/** A trace in the JSON of `chrome://tracing`, which Chrome's DevTools (Performance) and Perfetto open: the bytes of a file `*.json`, in chunks. */
export function chromeTrace(timeline: Timeline): Generator<Uint8Array<ArrayBuffer>, void, void> {
  return writeTracks(timeline, new ChromeEvents())
}
