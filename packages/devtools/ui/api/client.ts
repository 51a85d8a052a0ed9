/** Requests to the server that brought the page. */
import type { ProcessDump } from "../../src/format/dump.ts"
import type { ProcessLeaks } from "../../src/format/leaks.ts"
import { DumpLines } from "../../src/web/dump-lines.ts"
import { type Meta, type PagesReply, type Refusal, TOKEN_HEADER, type TraceBody } from "../../src/web/api.ts"
import { linesOf } from "./lines.ts"
import { base, token } from "./session.ts"

export const getMeta = async (): Promise<Meta> => (await ask("GET", "/api/meta")).json() as Promise<Meta>
export const getPages = async (): Promise<PagesReply> => (await ask("GET", "/api/pages")).json() as Promise<PagesReply>
/** Read a line at a time: of a million goroutines each line is a moment's work, and the page goes on in between. */
export async function getDump(): Promise<ProcessDump> {
  const dump = new DumpLines()
  for await (const line of linesOf((await ask("GET", "/api/dump")).body!)) dump.take(line)
  return dump.dump()
}
export const findLeaks = async (): Promise<ProcessLeaks> =>
  (await ask("POST", "/api/leaks")).json() as Promise<ProcessLeaks>
export const getStats = (signal: AbortSignal): Promise<Response> => ask("GET", "/api/stats", undefined, signal)
export const getTrace = (): Promise<Response> => ask("GET", "/api/trace")
export const startTrace = (body: TraceBody): Promise<Response> => ask("POST", "/api/trace", body)
export const stopTrace = (): Promise<Response> => ask("POST", "/api/trace/stop")

/** Refused, or nobody there: `status` 0. The message is for people. */
export class RequestError extends Error {
  override readonly name = "RequestError"
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

async function ask(method: "GET" | "POST", path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  let response: Response
  try {
    response = await fetch(base + path, {
      method,
      headers: {
        [TOKEN_HEADER]: token() ?? "",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (error) {
    if (signal?.aborted === true) throw error
    throw new RequestError(0, "`weft ui` no longer answers; was it stopped?")
  }
  if (response.ok) return response
  const refusal = (await response.json().catch(() => ({ error: response.statusText }))) as Refusal
  throw new RequestError(response.status, refusal.error)
}
