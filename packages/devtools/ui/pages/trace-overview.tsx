/** A saved trace in figures. */
import { count, nanos, percent } from "../model/figures.ts"
import { reasonClass, StateClasses } from "../model/reason-class.ts"
import { PageHead } from "../parts/page-head.tsx"
import { Dot } from "../parts/state-badge.tsx"
import { Tile } from "../parts/tile.tsx"
import type { TraceModel } from "../trace/trace-model.ts"

export function TraceOverview({ model }: { readonly model: TraceModel }) {
  const { summary, timeline } = model
  const length = model.end - model.begin
  const longest = Math.max(1, ...summary.reasons.map(({ totalNanos }) => totalNanos))
  return (
    <section class="page">
      <PageHead title="Overview">
        <span class="muted">
          {timeline.meta === undefined
            ? ""
            : `pid ${timeline.meta.pid}, ${timeline.meta.runtime}, ${new Date(timeline.zero).toLocaleString()}`}
        </span>
      </PageHead>
      <ul class="tiles">
        <Tile label="length" value={nanos(length)} />
        <Tile label="goroutines" value={count(model.goroutines.count)} />
        <Tile label="records" value={count(timeline.records)} note={`read in ${nanos(model.tookMillis * 1e6)}`} />
        <Tile
          label="dropped"
          value={count(timeline.dropped)}
          note={timeline.dropped > 0 ? "gaps are left blank" : "complete"}
        />
        <Tile label="runnable, median" value={nanos(summary.latency.p50)} dot="c-runnable" note="until it ran" />
        <Tile label="99 in 100" value={nanos(summary.latency.p99)} note={`longest ${nanos(summary.latency.max)}`} />
      </ul>
      <h2>Threads</h2>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">Thread</th>
            <th scope="col" class="number">
              Goroutines
            </th>
            <th scope="col" class="number">
              Runs
            </th>
            <th scope="col">Busy</th>
            <th scope="col" class="number">
              Garbage collections
            </th>
          </tr>
        </thead>
        <tbody>
          {timeline.threads.map(({ begin, collections, end, goroutines, name, runs, thread }, track) => (
            <tr key={thread}>
              <th scope="row">
                {name} <span class="muted">thread {thread}</span>
              </th>
              <td class="number">{count(goroutines.length)}</td>
              <td class="number">{count(runs.length)}</td>
              <td>
                <Busy running={model.total(track, StateClasses.RUNNING)} nanos={end - begin} />
              </td>
              <td class="number">{count(collections.length)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h2>What was waited for</h2>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">Reason</th>
            <th scope="col" class="number">
              Waits
            </th>
            <th scope="col">In all</th>
            <th scope="col" class="number">
              Mean
            </th>
            <th scope="col" class="number">
              Longest
            </th>
          </tr>
        </thead>
        <tbody>
          {summary.reasons.map(({ count: n, maxNanos, reason, totalNanos }) => (
            <tr key={reason}>
              <th scope="row">
                <Dot of={reasonClass(reason)} /> {reason}
              </th>
              <td class="number">{count(n)}</td>
              <td>
                <Bar share={totalNanos / longest} color="c-channel">
                  {nanos(totalNanos)}
                </Bar>
              </td>
              <td class="number">{nanos(totalNanos / n)}</td>
              <td class="number">{nanos(maxNanos)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** Of the time in which the thread was recorded. */
function Busy({ nanos, running }: { readonly nanos: number; readonly running: number }) {
  const share = nanos > 0 ? running / nanos : 0
  return (
    <Bar share={share} color="c-running">
      {percent(share)}
    </Bar>
  )
}

function Bar({
  children,
  color,
  share,
}: {
  readonly share: number
  readonly color: string
  readonly children: string
}) {
  return (
    <span class="bar-cell">
      <i class={color} style={{ width: `${Math.min(share, 1) * 100}%` }} aria-hidden="true" />
      <span>{children}</span>
    </span>
  )
}
