/** What can be asked about a saved trace: its bytes, which the page reads by itself. */
import { createReadStream } from "node:fs"
import { stat } from "node:fs/promises"
import { basename } from "node:path"
import type { Readable } from "node:stream"
import * as Effect from "effect/Effect"
import * as Response from "effect/http/HttpServerResponse"
import type { Meta } from "./api.ts"
import { json, type Route, type Routes } from "./routes.ts"

/** Fails when there is no such file, before anybody is told an address. */
export const fileRoutes = (path: string): Effect.Effect<Routes, unknown> =>
  Effect.map(
    Effect.tryPromise({ try: () => stat(path), catch: (error) => error }),
    ({ size }) =>
      new Map<string, Route>([
        [
          "GET /api/meta",
          () =>
            Effect.succeed(
              json({ source: "file", title: basename(path), argv: [], bytes: size, isTracing: false } satisfies Meta),
            ),
        ],
        ["GET /api/trace", () => Effect.sync(() => Response.raw(fileStream(path), { headers: OCTETS }))],
      ]),
  )

const OCTETS = { "content-type": "application/octet-stream" }

/** In large pieces: each costs the page a turn. */
const fileStream = (path: string): Readable => createReadStream(path, { highWaterMark: 2 ** 20 })
