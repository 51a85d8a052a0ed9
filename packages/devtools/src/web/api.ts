/** What the page and its server say to each other. Every request to `/api/` carries the token in a header of its own. */

/** A header and not a cookie: cookies of 127.0.0.1 go to the servers on all of its ports. */
export const TOKEN_HEADER = "x-weft-token"

/** `GET /api/meta` */
export interface Meta {
  /** "pages": of itself there is nothing to see; those that have connected are below `/page/<number>/`. */
  readonly source: "process" | "file" | "pages"
  readonly title: string
  readonly pid?: number
  /** Of a page of a browser: its address. */
  readonly pageUrl?: string
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

/** `GET /api/pages` */
export interface PagesReply {
  /** What `connect` of `@weft/devtools/browser` is given. */
  readonly address: string
  readonly bookmarklet: string
  /** Origins that have asked, and are not allowed. */
  readonly refused: ReadonlyArray<string>
  readonly pages: ReadonlyArray<PageEntry>
}

/** A page that has connected. */
export interface PageEntry {
  readonly number: number
  readonly title: string
  readonly url: string
  readonly runtime: string
  readonly threads: number
  /** Milliseconds since the Unix epoch. */
  readonly connectedAt: number
  readonly ended?: string
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
