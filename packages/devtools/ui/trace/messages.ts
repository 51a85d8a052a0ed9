/** Between the page and the worker that reads traces. */
import type { Timeline } from "../../src/trace/timeline.ts"
import type { TraceBody } from "../../src/web/api.ts"
import type { TraceSummary } from "./summarize.ts"
import type { Tracks } from "./tracks.ts"

export type ToWorker =
  /** The server's file. */
  | { readonly type: "fetch"; readonly base: string; readonly token: string }
  | { readonly type: "record"; readonly base: string; readonly token: string; readonly body: TraceBody }
  /** One of the user's own. */
  | { readonly type: "read"; readonly file: Blob }

export type FromWorker =
  | { readonly type: "progress"; readonly bytes: number }
  | { readonly type: "opened"; readonly data: TraceData }
  /** What was recorded, to be downloaded. */
  | { readonly type: "recorded"; readonly blob: Blob }
  | { readonly type: "failed"; readonly why: string }

export interface TraceData {
  readonly timeline: Timeline
  readonly tracks: Tracks
  readonly summary: TraceSummary
  /** Bytes of a frame that was cut off. */
  readonly unreadBytes: number
  /** Of work: waiting for the bytes of a recording is none. */
  readonly tookMillis: number
}
