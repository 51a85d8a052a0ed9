/** The process over the last ten minutes, and what of it needs looking at. */
import { useMemo } from "preact/hooks"
import { cpuShare, createdPerSecond } from "../../src/analysis/rates.ts"
import { bytes, count, duration, percent } from "../model/figures.ts"
import { reasonClass, stateClasses } from "../model/reason-class.ts"
import { Chart, type Series } from "../parts/chart.tsx"
import { PageHead } from "../parts/page-head.tsx"
import { Tile } from "../parts/tile.tsx"
import { useCell } from "../state/cell.ts"
import { meta, type Sample } from "../state/observed.ts"
import { Attention } from "./attention.tsx"

export function LiveOverview({ samples }: { readonly samples: ReadonlyArray<Sample> }) {
  const times = useMemo(() => samples.map(({ at }) => at / 1_000), [samples])
  const threads = useThreads(samples)
  const states = useMemo(() => stateSeries(samples), [samples])
  const reasons = useMemo(() => reasonSeries(samples), [samples])
  const cpus = useMemo(() => cpuSeries(samples), [samples])
  const common = { times, minSeconds: MIN_SECONDS }
  const { stats } = samples.at(-1)!
  const before = samples.at(-2)?.stats
  const created = before && createdPerSecond(stats, before)
  const cpu = before && cpuShare(stats, before)
  // Browsers tell a page neither.
  const isPage = useCell(meta)?.pageUrl !== undefined
  const sum = (of: "live" | "running" | "runnable" | "waiting"): number =>
    stats.threads.reduce((all, thread) => all + thread[of], 0)
  return (
    <section class="page">
      <PageHead title="Overview" />
      <ul class="tiles">
        <Tile
          label="goroutines"
          value={count(sum("live"))}
          note={created === undefined ? "" : `${count(Math.round(created))} created/s`}
        />
        <Tile label="running" value={count(sum("running"))} dot="c-running" />
        <Tile label="runnable" value={count(sum("runnable"))} dot="c-runnable" />
        <Tile label="waiting" value={count(sum("waiting"))} dot="c-channel" />
        {isPage ? null : (
          <>
            <Tile label="CPU" value={cpu === undefined ? "…" : percent(cpu)} note="of one core" />
            <Tile label="memory" value={bytes(stats.rssBytes)} note="resident" />
          </>
        )}
        <Tile
          label="event loop late"
          value={duration(Math.max(...stats.threads.map(({ loopDelayMillis }) => loopDelayMillis)))}
          note="at most, last second"
        />
      </ul>
      <Attention />
      <div class="charts">
        <Chart title="Goroutines" {...common} series={states} format={count} isStacked />
        <Chart title="Waiting for" {...common} series={reasons} format={count} isStacked />
        {isPage ? null : (
          <Chart title="Utilization" {...common} series={threads("utilization")} format={percent} max={1} />
        )}
        <Chart title="Event loop delay" {...common} series={threads("loopDelayMillis")} format={duration} />
        <Chart title="Heap" {...common} series={threads("heapUsedBytes")} format={bytes} />
        {isPage ? null : <Chart title="CPU" {...common} series={cpus} format={percent} max={1} isFilled />}
      </div>
    </section>
  )
}

const MIN_SECONDS = 60

/** One line a thread. */
function useThreads(samples: ReadonlyArray<Sample>) {
  const all = useMemo(() => {
    const known = new Map<number, string>()
    for (const { stats } of samples) for (const { name, thread } of stats.threads) known.set(thread, name)
    const series = (of: "utilization" | "loopDelayMillis" | "heapUsedBytes"): ReadonlyArray<Series> =>
      [...known].slice(0, THREAD_COLORS).map(([thread, label], i) => ({
        label,
        color: `t-${i}`,
        values: samples.map(({ stats }) => stats.threads.find((one) => one.thread === thread)?.[of] ?? null),
      }))
    return {
      utilization: series("utilization"),
      loopDelayMillis: series("loopDelayMillis"),
      heapUsedBytes: series("heapUsedBytes"),
    }
  }, [samples])
  return (of: keyof typeof all): ReadonlyArray<Series> => all[of]
}

/** As many as there are colours, in `tokens.css`. */
const THREAD_COLORS = 8

function stateSeries(samples: ReadonlyArray<Sample>): ReadonlyArray<Series> {
  const of = (field: "running" | "runnable" | "waiting") =>
    samples.map(({ stats }) => stats.threads.reduce((sum, thread) => sum + thread[field], 0))
  return [
    { label: "running", color: "c-running", values: of("running") },
    { label: "runnable", color: "c-runnable", values: of("runnable") },
    { label: "waiting", color: "c-channel", values: of("waiting") },
  ]
}

function reasonSeries(samples: ReadonlyArray<Sample>): ReadonlyArray<Series> {
  const counts = samples.map(({ stats }) => {
    const byClass = stateClasses.map(() => 0)
    for (const { groups } of stats.threads) {
      for (const { count: n, reason, status } of groups)
        if (status === "waiting") byClass[reasonClass(reason ?? "")]! += n
    }
    return byClass
  })
  return stateClasses
    .map(({ id, label }, i) => ({ label, color: `c-${id}`, values: counts.map((byClass) => byClass[i]!) }))
    .filter(({ values }) => values.some((value) => value > 0))
}

/** Of one core, from each sample to the next. */
const cpuSeries = (samples: ReadonlyArray<Sample>): ReadonlyArray<Series> => [
  {
    label: "process",
    color: "t-0",
    values: samples.map(({ stats }, i) => {
      const before = samples[i - 1]?.stats
      if (before === undefined) return null
      return cpuShare(stats, before) ?? null
    }),
  },
]
