/** The whole job as one goroutine: outcomes as they come, a beat for the progress line, each record written to a file. */
import { open } from "node:fs/promises"
import { select, Ticker } from "@weft/channels"
import { context, Op, run } from "@weft/core"
import { fetchAll, type FetchOptions } from "./fetch-all.ts"
import { InOrder } from "./in-order.ts"
import { jsonLine, type Outcome } from "./outcome.ts"
import { Reporter } from "./reporter.ts"
import type { Screen } from "../terminal/screen.ts"

export interface JobOptions extends FetchOptions {
  readonly urls: ReadonlyArray<string>
  /** Lines in the order of the URLs, not of their arrival. */
  readonly ordered: boolean
  /** A JSON Lines file; "-" is stdout. */
  readonly output?: string
}

/** Answers how many failed. Ends early, and cleanly, when `signal` aborts. */
export function fetchJob(screen: Screen, options: JobOptions, signal: AbortSignal): Promise<number> {
  return run(function* () {
    const [ctx, cancel] = context.withCancel(context.background)
    signal.addEventListener("abort", () => cancel())
    const reporter = new Reporter(screen, options.urls.length)
    const records = yield* openRecords(options.output)
    const ticker = new Ticker("100 millis")
    const order = new InOrder()
    function* finish(outcome: Outcome) {
      reporter.line(outcome)
      if (outcome.kind !== "canceled") yield* records.write(jsonLine(outcome))
    }
    try {
      const outcomes = fetchAll(ctx, options.urls, options)
      for (;;) {
        const hit = yield* select({ outcome: outcomes.next(), beat: ticker.receive() })
        if (hit.case === "beat") {
          reporter.progress()
          continue
        }
        if (!hit.value.ok) break
        const outcome = hit.value.value
        reporter.count(outcome)
        for (const due of options.ordered ? order.add(outcome) : [outcome]) yield* finish(due)
      }
      for (const late of order.rest()) yield* finish(late)
    } finally {
      ticker.stop()
      yield* records.close()
    }
    reporter.summary(signal.aborted)
    return reporter.failed
  })
}

/** It can't be written to; nothing has been fetched. */
export class BadOutput extends Error {}

const refuse = (cause: Error): never => {
  throw new BadOutput(cause.message, { cause })
}

/** Where records go. A write waits until the record is out, so a slow disk slows the fetching, not fills the memory. */
function* openRecords(output: string | undefined) {
  const file =
    output === undefined || output === "-" ? undefined : yield* Op.fromPromise(() => open(output, "w").catch(refuse))
  return {
    *write(line: string) {
      if (file !== undefined) yield* Op.fromPromise(() => file.appendFile(line))
      else if (output === "-") process.stdout.write(line)
    },
    *close() {
      if (file !== undefined) yield* Op.fromPromise(() => file.close())
    },
  }
}
