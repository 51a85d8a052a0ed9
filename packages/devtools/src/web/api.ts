/** What the page and its server say to each other. Every request to `/api/` carries the token in a header of its own. */

/** A header and not a cookie: cookies of 127.0.0.1 go to the servers on all of its ports. */
export const TOKEN_HEADER = "x-weft-token"

/** `GET /api/meta` */
export interface Meta {
  readonly source: "process" | "file"
  readonly title: string
  readonly pid?: number
  readonly argv: ReadonlyArray<string>
  readonly runtime?: string
  /** How long the inspector's port was open; 0 where it was not needed. */
  readonly inspectorOpenMillis?: number
  /** Of a file: how long it is. */
  readonly bytes?: number
  /** Why there is nothing new to come: the process has ended, the connection is lost. */
  readonly ended?: string
  readonly isTracing: boolean
}

/** The body of `POST /api/trace`; answered by the bytes of a trace file until `POST /api/trace/stop`. */
export interface TraceBody {
  readonly ops: boolean
  readonly bufferMegabytes: number
}

/** The body of each answer that is no success. */
export interface Refusal {
  readonly error: string
}
