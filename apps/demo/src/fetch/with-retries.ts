/** One URL to its outcome: attempts, with a pause between them that doubles and that a cancellation cuts short. */
import { select } from "@weft/channels"
import { type Context, sleep } from "@weft/core"
import type { Duration } from "effect"
import { attempt, isTransient } from "./attempt.ts"
import type { Job, Outcome } from "./outcome.ts"

/** No server that says "retry after" may park a worker for longer. */
const MAX_PAUSE_MILLIS = 30_000

export interface RetryOptions {
  readonly timeout: Duration.Duration
  readonly retries: number
  /** The first pause; every later one is twice as long. */
  readonly backoffMillis: number
}

export function* withRetries(ctx: Context, job: Job, options: RetryOptions) {
  const start = performance.now()
  for (let attempts = 1; ; attempts++) {
    const last = yield* attempt(ctx, job.url, options.timeout)
    const tried = { ...job, attempts, millis: Math.round(performance.now() - start) }
    if (last.kind === "answer") return { ...tried, ...last, kind: "fetched" } satisfies Outcome
    if (ctx.err !== undefined) return { ...tried, kind: "canceled" } satisfies Outcome
    if (attempts > options.retries || !isTransient(last)) {
      const status = last.kind === "refused" ? { status: last.status } : {}
      return { ...tried, ...status, kind: "failed", reason: last.reason } satisfies Outcome
    }
    const asked = last.kind === "refused" ? (last.retryAfterMillis ?? 0) : 0
    const pause = Math.min(MAX_PAUSE_MILLIS, Math.max(asked, options.backoffMillis * 2 ** (attempts - 1)))
    yield* select({ over: sleep(pause), canceled: ctx.done })
  }
}
