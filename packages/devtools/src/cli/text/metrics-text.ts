/** Statistics in Prometheus' text format. One label for the thread and the wait reason at most: start sites are too many for a time series each. */
import type { ProcessStats, ThreadStats } from "../../format/stats.ts"

export function metricsText(stats: ProcessStats): string {
  const { threads } = stats
  const perThread = (value: (thread: ThreadStats) => number) =>
    threads.map((thread): Sample => [{ thread: threadLabel(thread) }, value(thread)])
  return [
    family("weft_goroutines", "gauge", "Goroutines that have not ended, by what they do.", byStatus(threads)),
    family("weft_goroutines_waiting", "gauge", "Waiting goroutines by what they wait for.", byReason(threads)),
    family(
      "weft_goroutines_created_total",
      "counter",
      "Goroutines started.",
      perThread((thread) => thread.created),
    ),
    family(
      "weft_heap_used_bytes",
      "gauge",
      "JavaScript heap in use.",
      perThread((thread) => thread.heapUsedBytes),
    ),
    family(
      "weft_event_loop_utilization_ratio",
      "gauge",
      "Share of the last second that the thread was busy, 0 to 1.",
      perThread((thread) => thread.utilization),
    ),
    family(
      "weft_event_loop_delay_seconds",
      "gauge",
      "How late the event loop was in the last second, at most.",
      perThread((thread) => thread.loopDelayMillis / 1000),
    ),
    family("weft_uptime_seconds", "gauge", "Since the process started.", [[{}, stats.uptimeSeconds]]),
    family("process_cpu_seconds_total", "counter", "User and system CPU time.", [[{}, stats.cpuSeconds]]),
    family("process_resident_memory_bytes", "gauge", "Resident memory.", [[{}, stats.rssBytes]]),
  ].join("")
}

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number]

function byStatus(threads: ReadonlyArray<ThreadStats>): ReadonlyArray<Sample> {
  const statuses = ["running", "runnable", "waiting"] as const
  return threads.flatMap((thread) =>
    statuses.map((status): Sample => [{ thread: threadLabel(thread), status }, thread[status]]),
  )
}

function byReason(threads: ReadonlyArray<ThreadStats>): ReadonlyArray<Sample> {
  return threads.flatMap((thread) => {
    const counts = new Map<string, number>()
    for (const { status, reason = "other", count } of thread.groups)
      if (status === "waiting") counts.set(reason, (counts.get(reason) ?? 0) + count)
    return [...counts].map(([reason, count]): Sample => [{ thread: threadLabel(thread), reason }, count])
  })
}

/** Workers may have one name: their number tells them apart. */
function threadLabel({ thread, name }: ThreadStats): string {
  return thread === 0 ? name : `${name}/${thread}`
}

function family(name: string, type: "gauge" | "counter", help: string, samples: ReadonlyArray<Sample>): string {
  const lines = samples.map(([labels, value]) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`)
    return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}\n`
  })
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`
}

function escaped(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n")
}
