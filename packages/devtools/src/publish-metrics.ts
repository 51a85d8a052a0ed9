import { channel } from "node:diagnostics_channel"
import { watch, type WatchOptions } from "./watch.ts"

/**
 * The name of the channel of `node:diagnostics_channel` on which {@link publishMetrics} publishes.
 *
 * @since 0.3.0
 */
export const metricsChannel = "weft.metrics"

/**
 * Publishes this process' {@link ProcessStats} on `node:diagnostics_channel`, for whoever collects metrics there: goroutines of every thread by name, state and wait
 * reason, how busy the threads are, how late their event loops.
 *
 * Laws
 * - Nothing is counted while nobody subscribes. Otherwise it costs what `weft top` does, once in `every` (10 seconds).
 * - It does not keep the process up. The answer stops it.
 *
 * @example
 * const stop = await publishMetrics({ every: "5 seconds" })
 * // Whoever collects metrics:
 * const { subscribe } = await import("node:diagnostics_channel")
 * subscribe(metricsChannel, (stats) => console.log((stats as ProcessStats).threads.map(({ live }) => live)))
 *
 * @see Go: runtime/metrics; Node: diagnostics_channel
 * @since 0.3.0
 */
export function publishMetrics({ every = "10 seconds" }: WatchOptions = {}): Promise<() => Promise<void>> {
  const metrics = channel(metricsChannel)
  return watch(every, async (attached) => {
    if (metrics.hasSubscribers) metrics.publish(await attached.stats())
  })
}
