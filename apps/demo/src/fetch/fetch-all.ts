/** A worker pool over a channel of URLs; outcomes come out of another channel, which closes after the last. */
import { chan, type Receiver, select } from "@weft/channels"
import { type Context, go } from "@weft/core"
import { WaitGroup } from "@weft/sync"
import type { Job, Outcome } from "./outcome.ts"
import { type RetryOptions, withRetries } from "./with-retries.ts"

export interface FetchOptions extends RetryOptions {
  /** Requests under way at a time. */
  readonly concurrency: number
}

/** Once `ctx` ends no further URL is begun, and those under way come out as canceled. */
export function fetchAll(ctx: Context, urls: ReadonlyArray<string>, options: FetchOptions): Receiver<Outcome> {
  const jobs = chan<Job>()
  const outcomes = chan<Outcome>()
  const workers = new WaitGroup()

  for (let i = 0; i < Math.min(options.concurrency, urls.length); i++) {
    workers.go(function* () {
      yield* jobs.forEach(function* (job) {
        yield* outcomes.send(yield* withRetries(ctx, job, options))
      })
    })
  }

  go(function* () {
    for (const [index, url] of urls.entries()) {
      const hit = yield* select.ordered({ canceled: ctx.done, sent: jobs.send({ index, url }) })
      if (hit.case === "canceled") break
    }
    jobs.close()
    yield* workers.wait()
    outcomes.close()
  })

  return outcomes
}
