import * as Context from "effect/Context"
import * as Metric from "effect/Metric"
import type { ProcessStats, StatsGroup, ThreadStats } from "../format/stats.ts"

/**
 * Statistics of a process as Effect's metrics, in a registry of their own: nothing of the process that exports them is among them.
 *
 * Laws
 * - After `update` the metrics are those of the last statistics only: a group of goroutines that is gone has none.
 * - Counters say the process's own totals, however often or seldom they are read.
 * - At most `mostGroups` groups of each thread have series of their own: names may be as many as requests.
 */
export class ProcessMetrics {
  /** In which the metrics are: for Effect's exporters. */
  readonly context: Context.Context<never>
  readonly #registry: Metric.MetricRegistry = new Map()
  readonly #mostGroups: number

  constructor(options?: { readonly mostGroups?: number }) {
    this.context = Context.make(Metric.MetricRegistry, this.#registry)
    this.#mostGroups = options?.mostGroups ?? 50
  }

  update(stats: ProcessStats): void {
    this.#registry.clear()
    this.#gauge("process_resident_memory_bytes", "Resident memory of the process.", stats.rssBytes, { unit: "By" })
    this.#counter("process_cpu_seconds_total", "CPU time of the process since it started.", stats.cpuSeconds, {
      unit: "s",
    })
    this.#gauge("process_uptime_seconds", "How long the process has run.", stats.uptimeSeconds, { unit: "s" })
    const silent = "Threads that did not answer, and are in no other metric: they never give way to their event loop."
    this.#gauge("weft_silent_threads", silent, stats.silentThreads ?? 0, {})
    for (const thread of stats.threads) this.#thread(thread)
  }

  #thread(stats: ThreadStats): void {
    const thread = { thread: `${stats.thread}`, thread_name: stats.name }
    for (const status of ["running", "runnable", "waiting"] as const) {
      this.#gauge("weft_goroutines", "Goroutines that have not ended.", stats[status], { ...thread, status })
    }
    this.#counter(
      "weft_goroutines_created_total",
      "Goroutines created since the thread started.",
      stats.created,
      thread,
    )
    this.#gauge("weft_thread_heap_used_bytes", "Heap in use.", stats.heapUsedBytes, { ...thread, unit: "By" })
    const utilization = "Part of the time that the event loop was busy, since the statistics before."
    this.#gauge("weft_thread_utilization_ratio", utilization, stats.utilization, thread)
    const late = "How late the event loop was at most, since the statistics before."
    this.#gauge("weft_event_loop_delay_seconds", late, stats.loopDelayMillis / 1000, { ...thread, unit: "s" })
    const shown = stats.groups.toSorted((a, b) => b.count - a.count).slice(0, this.#mostGroups)
    for (const group of shown) this.#group(group, thread)
  }

  #group({ name, status, reason = "", startedAt = "", count, oldestWaitMillis }: StatsGroup, thread: Attributes): void {
    const group = { ...thread, goroutine: name, status, reason, started_at: startedAt }
    this.#gauge("weft_goroutine_group_size", "Goroutines of one name that do the same.", count, group)
    if (status !== "waiting") return
    const oldest = "How long the one that waits longest has waited."
    this.#gauge("weft_goroutine_group_oldest_wait_seconds", oldest, oldestWaitMillis / 1000, { ...group, unit: "s" })
  }

  #gauge(name: string, description: string, value: number, attributes: Attributes): void {
    Metric.gauge(name, { description, attributes }).updateUnsafe(value, this.context)
  }

  #counter(name: string, description: string, value: number, attributes: Attributes): void {
    Metric.counter(name, { description, attributes, incremental: true }).updateUnsafe(value, this.context)
  }
}

type Attributes = Readonly<Record<string, string>>
