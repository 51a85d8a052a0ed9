/** One request, bounded in time by a context: its deadline, or its parent's end, aborts what is on the wire. */
import { context, type Context, Op } from "@weft/core"
import type { Duration } from "effect"
import type { Body } from "./outcome.ts"

export type Attempt =
  | ({ readonly kind: "answer"; readonly status: number; readonly bytes: number } & Body)
  | { readonly kind: "refused"; readonly status: number; readonly reason: string; readonly retryAfterMillis?: number }
  | { readonly kind: "broken"; readonly reason: string; readonly isTransient: boolean }

export function* attempt(parent: Context, url: string, timeout: Duration.Duration) {
  const [ctx, cancel] = context.withTimeout(parent, timeout)
  try {
    const response = yield* Op.fromPromise(() => fetch(url, { signal: ctx.signal }))
    const bytes = yield* Op.fromPromise(() => response.arrayBuffer())
    return judge(response, bytes)
  } catch (error) {
    if (ctx.err !== undefined)
      return { kind: "broken", reason: "no answer in time", isTransient: true } satisfies Attempt
    return broken(error)
  } finally {
    cancel()
  }
}

function judge(response: Response, bytes: ArrayBuffer): Attempt {
  const { status, statusText } = response
  if (response.ok) return { kind: "answer", status, bytes: bytes.byteLength, ...parsed(bytes) }
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN)
  return {
    kind: "refused",
    status,
    reason: statusText === "" ? `status ${status}` : statusText,
    ...(seconds >= 0 ? { retryAfterMillis: seconds * 1_000 } : {}),
  }
}

/** Worth another try: the network's or the server's own trouble, or that it asks for patience; never a plain "no" (4xx). */
export function isTransient(failed: Exclude<Attempt, { kind: "answer" }>): boolean {
  if (failed.kind === "broken") return failed.isTransient
  return failed.status >= 500 || failed.status === 408 || failed.status === 429
}

function parsed(bytes: ArrayBuffer): Body {
  const text = new TextDecoder().decode(bytes)
  try {
    return { isJson: true, body: JSON.parse(text) as unknown }
  } catch {
    return { isJson: false, body: text }
  }
}

/** `fetch` only says "fetch failed"; why stands in its cause. With a code it comes from the network, without from the URL. */
function broken(error: unknown): Attempt {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (!(cause instanceof Error)) return { kind: "broken", reason: String(cause), isTransient: false }
  const { code } = cause as NodeJS.ErrnoException
  return { kind: "broken", reason: cause.message || (code ?? cause.name), isTransient: code !== undefined }
}
