/** What can be asked about a process. Looking only: nothing here changes what it does. */
import { Readable } from "node:stream"
import * as Effect from "effect/Effect"
import * as Response from "effect/http/HttpServerResponse"
import type * as Scope from "effect/Scope"
import type { Attached } from "../attach/attached.ts"
import { Page } from "../pages/page.ts"
import type { ProcessDump } from "../format/dump.ts"
import type { Meta, TraceBody } from "./api.ts"
import { Recording } from "./recording.ts"
import { dumpLines } from "./dump-lines.ts"
import { bytes, json, refused, type Route, type Routes } from "./routes.ts"
import { statsFeed } from "./stats-feed.ts"

export const processRoutes = (source: Attached): Effect.Effect<Routes, never, Scope.Scope> =>
  Effect.map(statsFeed(source), (feed) => {
    const recording = new Recording(source)
    const dumps = new Dumps(source)
    return new Map<string, Route>([
      ["GET /api/meta", () => Effect.sync(() => json(meta(source, dumps.ended, recording.isRunning)))],
      [
        "GET /api/dump",
        () =>
          Effect.map(
            asked(() => dumps.take()),
            (dump) => Response.raw(Readable.from(dumpLines(dump)), { headers: LINES }),
          ),
      ],
      ["GET /api/stats", () => Effect.succeed(bytes(feed, "text/event-stream"))],
      [
        "POST /api/leaks",
        () =>
          Effect.map(
            asked(() => source.leaks()),
            json,
          ),
      ],
      ["POST /api/trace", (request) => Effect.flatMap(request.json, (body) => record(recording, body))],
      [
        "POST /api/trace/stop",
        () =>
          Effect.as(
            asked(() => recording.stop()),
            json({}),
          ),
      ],
    ])
  })

const LINES = { "content-type": "application/x-ndjson" }

/** The process's own words where it refuses. */
const asked = <A>(ask: () => Promise<A>): Effect.Effect<A, unknown> =>
  Effect.tryPromise({ try: ask, catch: (error) => error })

function record(recording: Recording, body: unknown): Effect.Effect<Response.HttpServerResponse, unknown> {
  if (!isTraceBody(body)) {
    return Effect.succeed(refused(400, "Say which records to make: { ops, bufferMegabytes }."))
  }
  return Effect.map(
    asked(() => recording.start(body)),
    (stream) =>
      stream === undefined
        ? refused(409, "A recording is under way already.")
        : bytes(stream, "application/octet-stream"),
  )
}

/** Dumps, the last of which outlives its process: a page that is opened again still shows it. */
class Dumps {
  readonly #source: Attached
  #last: ProcessDump | undefined
  #ended: string | undefined

  constructor(source: Attached) {
    this.#source = source
    void source.ended.then((reason) => (this.#ended = reason))
  }

  get ended(): string | undefined {
    return this.#ended
  }

  async take(): Promise<ProcessDump> {
    if (this.#ended !== undefined && this.#last !== undefined) return this.#last
    return (this.#last = await this.#source.dump())
  }
}

const meta = (source: Attached, ended: string | undefined, isTracing: boolean): Meta => ({
  source: "process",
  title: source.title,
  ...(source instanceof Page ? { pageUrl: source.url } : { pid: source.pid }),
  argv: source.argv,
  runtime: source.runtime,
  inspectorOpenMillis: source.inspectorOpenMillis,
  ...(ended === undefined ? {} : { ended }),
  isTracing,
})

const isTraceBody = (body: unknown): body is TraceBody =>
  typeof body === "object" &&
  body !== null &&
  "ops" in body &&
  typeof body.ops === "boolean" &&
  "bufferMegabytes" in body &&
  Number.isFinite(body.bufferMegabytes)
