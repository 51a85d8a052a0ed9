/**
 * serve: the web page of a process that is being looked at, or of a saved trace.
 *
 * On 127.0.0.1 only. What the page is made of is the same for everybody and needs no token; everything under `/api/` does (`guard.ts`). The token stands
 * behind the `#` of the address, which browsers send to nobody; the page takes it from there into its tab's storage.
 */
import * as Effect from "effect/Effect"
import type { Attached } from "../attach/attached.ts"
import { fileRoutes } from "./file-routes.ts"
import { processRoutes } from "./process-routes.ts"
import { startServer } from "./start-server.ts"

export interface ServeOptions {
  /** A process, or the path of a trace file. */
  readonly source: Attached | string
  /** A free one if left out. */
  readonly port?: number
}

export interface Served {
  /** With the token: whoever knows it sees what the page shows. */
  readonly url: string
  /** Leaves the source attached: it belongs to the caller. */
  close(): Promise<void>
}

export function serve({ source, port = 0 }: ServeOptions): Promise<Served> {
  const routes = typeof source === "string" ? fileRoutes(source) : processRoutes(source)
  return startServer(
    Effect.map(routes, (routes) => (path) => ({ routes, path })),
    port,
  )
}
