/** Reads traces beside the page, so that it never stands still, and gives it the arrays without copying them. */
import { TraceReader } from "../../src/trace/reader.ts"
import { TimelineBuilder } from "../../src/trace/timeline.ts"
import { type Refusal, TOKEN_HEADER } from "../../src/web/api.ts"
import { layTracks } from "./lay-tracks.ts"
import type { FromWorker, ToWorker, TraceData } from "./messages.ts"
import { summarize } from "./summarize.ts"
import { buffersOf } from "./buffers-of.ts"

const PROGRESS_MILLIS = 100

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  run(data).catch((error: unknown) =>
    tell({ type: "failed", why: error instanceof Error ? error.message : String(error) }),
  )
})

async function run(request: ToWorker): Promise<void> {
  switch (request.type) {
    case "fetch":
      return open(await ask("GET", request))
    case "read":
      return open(request.file.stream())
    case "record": {
      const kept: Array<Uint8Array<ArrayBuffer>> = []
      await open(await ask("POST", request, JSON.stringify(request.body)), kept)
      return tell({ type: "recorded", blob: new Blob(kept) })
    }
  }
}

async function ask(
  method: "GET" | "POST",
  { base, token }: { readonly base: string; readonly token: string },
  body?: string,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const headers = { [TOKEN_HEADER]: token, "content-type": "application/json" }
  const response = await fetch(`${base}/api/trace`, { method, headers, ...(body === undefined ? {} : { body }) })
  if (response.ok) return response.body!
  throw new Error(((await response.json()) as Refusal).error)
}

async function open(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  kept?: Array<Uint8Array<ArrayBuffer>>,
): Promise<void> {
  let took = 0
  const reader = new TraceReader()
  const builder = new TimelineBuilder()
  let bytes = 0
  // The first bytes are told of at once: whoever records may then stop.
  let told = -Infinity
  const source = stream.getReader()
  for (;;) {
    const { done, value } = await source.read()
    if (done) break
    const begun = performance.now()
    bytes += value.length
    kept?.push(value)
    for (const frame of reader.read(value)) builder.add(frame)
    took += performance.now() - begun
    if (performance.now() - told > PROGRESS_MILLIS) {
      told = performance.now()
      tell({ type: "progress", bytes })
    }
  }
  const begun = performance.now()
  const { unreadBytes } = reader.end()
  const timeline = builder.timeline()
  const tracks = layTracks(timeline)
  const summary = summarize(timeline)
  const data: TraceData = { timeline, tracks, summary, unreadBytes, tookMillis: took + performance.now() - begun }
  tell({ type: "opened", data }, buffersOf(data))
}

function tell(message: FromWorker, transfer: Array<ArrayBuffer> = []): void {
  postMessage(message, { transfer })
}
