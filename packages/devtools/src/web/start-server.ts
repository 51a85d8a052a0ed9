/** The HTTP server under the page: on 127.0.0.1 only, with a token and strict headers. */
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as Response from "effect/http/HttpServerResponse"
import * as Scope from "effect/Scope"
import { loadAssets } from "#ui-assets"
import type { Assets } from "./asset.ts"
import { Guard } from "./guard.ts"
import { failed, type Find, refused } from "./routes.ts"
import { securityHeaders } from "./security-headers.ts"
import type { Served } from "./serve.ts"

export async function startServer(find: Effect.Effect<Find, unknown, Scope.Scope>, port: number): Promise<Served> {
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
