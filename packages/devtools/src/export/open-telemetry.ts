import * as Effect from "effect/Effect"
import * as OtlpMetrics from "effect/observability/OtlpMetrics"
import * as OtlpTracer from "effect/observability/OtlpTracer"
import * as Stream from "effect/Stream"
import type { ProcessStats } from "../format/stats.ts"
import type { Timeline } from "../trace/timeline.ts"
import { traceSpans } from "./goroutine-spans.ts"
import { type NotCollected, OtlpCollector, type OtlpOptions } from "./otlp-collector.ts"
import { ProcessMetrics } from "./process-metrics.ts"

/**
 * Sends a trace as spans by OTLP: goroutines, with their waits as events, and regions. Says how many.
 *
 * Memory: a batch of spans, and an id for each goroutine of a thread.
 *
 * Errors: {@link NotCollected}; what was taken before stays there.
 */
export function exportSpans(timeline: Timeline, options: OtlpOptions): Effect.Effect<number, NotCollected> {
  const collector = new OtlpCollector(options)
  return Effect.gen(function* () {
    const tracer = yield* OtlpTracer.make({
      url: collector.url("/v1/traces"),
      resource: resource(options, timeline.meta),
      headers: options.headers,
      // Sent when it is said so below: never two at a time, and never without looking at the answer.
      exportInterval: "1 day",
      maxBatchSize: 2 * BATCH_SPANS,
    })
    let spans = 0
    for (const _ of traceSpans(timeline, tracer)) if (++spans % BATCH_SPANS === 0) yield* collector.flush
    if (spans % BATCH_SPANS > 0) yield* collector.flush
    return spans
  }).pipe(Effect.scoped, Effect.provide(collector.layer))
}

const BATCH_SPANS = 1000

/**
 * Sends each of the statistics as metrics by OTLP, as they come.
 *
 * Errors: {@link NotCollected}, and those of `stats`.
 */
export function exportMetrics<E, R>(
  stats: Stream.Stream<ProcessStats, E, R>,
  options: OtlpOptions,
): Effect.Effect<void, E | NotCollected, R> {
  const collector = new OtlpCollector(options)
  const metrics = new ProcessMetrics()
  return Effect.gen(function* () {
    yield* OtlpMetrics.make({
      url: collector.url("/v1/metrics"),
      resource: resource(options),
      headers: options.headers,
      exportInterval: "1 day",
    }).pipe(Effect.provide(metrics.context))
    yield* Stream.runForEach(stats, (each) => {
      metrics.update(each)
      return collector.flush
    })
  }).pipe(Effect.scoped, Effect.provide(collector.layer))
}

interface Described {
  readonly title: string
  readonly pid: number
  readonly host: string
  readonly runtime: string
}

function resource({ serviceName }: OtlpOptions, meta?: Described) {
  const described =
    meta === undefined
      ? {}
      : { "process.pid": meta.pid, "host.name": meta.host, "process.runtime.description": meta.runtime }
  return { serviceName: serviceName ?? (meta?.title || "weft"), attributes: described }
}
