/** What the server answers, by method and path: "GET /api/dump". */
import * as Cause from "effect/Cause"
import type * as Effect from "effect/Effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as Response from "effect/http/HttpServerResponse"
import type * as Stream from "effect/Stream"
import type { Refusal } from "./api.ts"

export type Route = (request: HttpServerRequest) => Effect.Effect<Response.HttpServerResponse, unknown>
export type Routes = ReadonlyMap<string, Route>

/** What is asked about: who answers, and by what path. Undefined: there is no such thing. */
export type Find = (path: string) => { readonly routes: Routes; readonly path: string } | undefined

export const json = (body: unknown): Response.HttpServerResponse => Response.jsonUnsafe(body)

export const refused = (status: number, error: string): Response.HttpServerResponse =>
  Response.jsonUnsafe({ error } satisfies Refusal, { status })

/** The process or the file did not give what was asked for: its words reach the user, not a stack. */
export function failed(cause: Cause.Cause<unknown>): Response.HttpServerResponse {
  const error = Cause.squash(cause)
  return refused(502, error instanceof Error ? error.message : String(error))
}

export const bytes = (stream: Stream.Stream<Uint8Array>, contentType: string): Response.HttpServerResponse =>
  Response.stream(stream, { contentType })
