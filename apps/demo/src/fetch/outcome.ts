/** Outcome: what became of one URL. */
export interface Job {
  readonly index: number
  readonly url: string
}

interface Tried extends Job {
  /** Requests made for it, the first one included. */
  readonly attempts: number
  /** From the first request to the outcome, waiting between attempts included. */
  readonly millis: number
}

export interface Body {
  readonly isJson: boolean
  /** Parsed if it is JSON, else as text. */
  readonly body: unknown
}

export interface Fetched extends Tried, Body {
  readonly kind: "fetched"
  readonly status: number
  readonly bytes: number
}

export interface Failed extends Tried {
  readonly kind: "failed"
  /** The last attempt's status, if it got so far. */
  readonly status?: number
  readonly reason: string
}

export interface Canceled extends Tried {
  readonly kind: "canceled"
}

export type Outcome = Fetched | Failed | Canceled

/** One line of a JSON Lines file. */
export function jsonLine(outcome: Outcome): string {
  const { index: _, kind, url, ...rest } = outcome
  return `${JSON.stringify({ url, ok: kind === "fetched", ...rest })}\n`
}
