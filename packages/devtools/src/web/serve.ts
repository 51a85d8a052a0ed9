/**
 * serve: the web page of a process that is being looked at, or of a saved trace; or of pages of browsers, each below a path of its own.
 *
 * On 127.0.0.1 only. What the page is made of is the same for everybody and needs no token; everything under `/api/` does (`guard.ts`). The token stands
 * behind the `#` of the address, which browsers send to nobody; the page takes it from there into its tab's storage.
 */
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as Response from "effect/http/HttpServerResponse"
import * as Scope from "effect/Scope"
import { loadAssets } from "#ui-assets"
import type { Attached } from "../attach/attached.ts"
import type { Pages } from "../pages/pages.ts"
import type { Assets } from "./asset.ts"
import { Guard } from "./guard.ts"
import { fileRoutes } from "./file-routes.ts"
import { findPage } from "./pages-routes.ts"
import { processRoutes } from "./process-routes.ts"
import { failed, type Find, refused } from "./routes.ts"
import { securityHeaders } from "./security-headers.ts"

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
  return start(
    Effect.map(routes, (routes) => (path) => ({ routes, path })),
    port,
  )
}

/** @internal Of pages that connect while it runs. */
export const servePages = (pages: Pages, port = 0): Promise<Served> => start(findPage(pages), port)

async function start(find: Effect.Effect<Find, unknown, Scope.Scope>, port: number): Promise<Served> {
  const assets = await loadAssets()
  const scope = Scope.makeUnsafe()
  const server = createServer()
  const close = async (): Promise<void> => {
    // Before the scope: it would wait for streams that nobody ends.
    server.closeAllConnections()
    await Effect.runPromise(Scope.close(scope, Exit.void))
  }
  try {
    const token = await Effect.runPromise(Scope.provide(listening(server, port, find, assets), scope))
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/#token=${token}`, close }
  } catch (error) {
    await close()
    throw error
  }
}

const listening = Effect.fnUntraced(function* (
  server: Server,
  port: number,
  finding: Effect.Effect<Find, unknown, Scope.Scope>,
  assets: Assets,
) {
  const find = yield* finding
  const http = yield* NodeHttpServer.make(() => server, { host: "127.0.0.1", port, gracefulShutdownTimeout: 0 })
  const guard = new Guard((server.address() as AddressInfo).port)
  const app = Effect.map(
    Effect.flatMap(HttpServerRequest, (request) => answer(request, guard, find, assets)),
    Response.setHeaders(securityHeaders),
  )
  yield* http.serve(app)
  return guard.token
})

function answer(
  request: HttpServerRequest,
  guard: Guard,
  find: Find,
  assets: Assets,
): Effect.Effect<Response.HttpServerResponse> {
  const path = request.url.split("?", 1)[0] ?? "/"
  const [below = ""] = /^\/page\/\d+(?=\/)/.exec(path) ?? []
  const asset = request.method === "GET" ? assets.get(path.slice(below.length)) : undefined
  // Whatever is no file of the page tells something of what is looked at.
  const no = guard.refuse(request.headers, asset === undefined)
  if (no !== undefined) return Effect.succeed(refused(no.status, no.error))
  const found = find(path)
  const route = found?.routes.get(`${request.method} ${found.path}`)
  if (route !== undefined) return Effect.catchCause(route(request), (cause) => Effect.succeed(failed(cause)))
  if (asset === undefined) return Effect.succeed(refused(404, "There is nothing here."))
  return Effect.succeed(Response.uint8Array(asset.body, { contentType: asset.type }))
}
