import { formatUnsafe } from "effect/observability/PrometheusMetrics"
import type { ProcessStats } from "../format/stats.ts"
import { ProcessMetrics } from "./process-metrics.ts"

/** Of the HTTP response that has the text. */
export const prometheusContentType = "text/plain; version=0.0.4; charset=utf-8"

/** All but the line feed. */
const controls = /(?!\n)\p{Cc}/gu

/** Statistics in Prometheus' text format. `mostGroups`: how many groups of goroutines of each thread have series of their own, 50 unless said otherwise. */
export function prometheusText(stats: ProcessStats, options?: { readonly mostGroups?: number }): string {
  const metrics = new ProcessMetrics(options)
  metrics.update(stats)
  // Names are the program's, and may be seen in a terminal.
  return formatUnsafe(metrics.context).replace(controls, "\u{fffd}")
}
