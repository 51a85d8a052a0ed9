/** The timeline of an open trace. */
import { useEffect, useMemo } from "preact/hooks"
import { count, duration, nanos } from "../model/figures.ts"
import { Legend } from "../parts/legend.tsx"
import { useKeys } from "../shell/keys.ts"
import { Cell, useCell } from "../state/cell.ts"
import { adjust, route } from "../state/route.ts"
import type { TraceModel } from "../trace/trace-model.ts"
import { Axis } from "./axis-view.tsx"
import { TimelineController } from "./controller.ts"
import { InWords } from "./in-words.tsx"
import { Minimap } from "./minimap.tsx"
import { isOrder, orders, rowsOf } from "./rows.ts"
import { timelineKeys } from "./timeline-keys.ts"
import { TrackList } from "./track-list.tsx"
import { formatView, parseView, whole } from "./view.ts"

/** More threads than these scroll. */
const MAX_THREAD_ROWS = 6

export function TimelineView({ model }: { readonly model: TraceModel }) {
  const { params } = useCell(route)
  const filter = params["filter"] ?? ""
  const order = isOrder(params["order"]) ? params["order"] : "running"
  const selected = params["g"] === undefined ? undefined : model.track(params["g"])
  const rows = useMemo(() => rowsOf(model, filter, order), [model, filter, order])
  const { threads: threadCount } = model.tracks
  const threadRows = useMemo(() => rows.slice(0, threadCount), [rows, threadCount])
  const goroutineRows = useMemo(() => rows.slice(threadCount), [rows, threadCount])
  const { threads, timeline } = useMemo(() => {
    const view = new Cell(parseView(params["t"], model) ?? whole(model))
    return { timeline: new TimelineController(model, view), threads: new TimelineController(model, view) }
  }, [model])
  // From elsewhere: "back", or a slice in a goroutine's history. What was written from here is where the window is already.
  useEffect(() => {
    const wanted = parseView(params["t"], model)
    if (wanted !== undefined && params["t"] !== formatView(timeline.view.value, model)) timeline.goTo(wanted)
  }, [timeline, params["t"]])
  useKeys(
    "Timeline",
    useMemo(() => timelineKeys(timeline, goroutineRows, selected), [timeline, goroutineRows, selected]),
  )
  // For the script that measures.
  useEffect(() => void Object.assign(globalThis, { weftTimeline: timeline }), [timeline])

  return (
    <section class="timeline" data-ready={model.timeline.records}>
      <h1 class="visually-hidden">Timeline</h1>
      <div class="toolbar">
        <input
          type="search"
          data-filter
          placeholder="Filter goroutines  /"
          aria-label="Filter goroutines"
          value={filter}
          onInput={(event) => adjust({ filter: event.currentTarget.value })}
        />
        <label>
          <span class="visually-hidden">Order</span>
          <select value={order} onChange={(event) => adjust({ order: event.currentTarget.value })}>
            {Object.entries(orders).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <span class="spring" />
        <Window timeline={timeline} />
        <div class="zoom">
          <button aria-label="Zoom out" title="-" onClick={() => timeline.zoomBy(2)}>
            −
          </button>
          <button aria-label="Zoom in" title="+" onClick={() => timeline.zoomBy(0.5)}>
            +
          </button>
          <button title="0" onClick={() => timeline.fit()}>
            Whole
          </button>
        </div>
      </div>
      <div class="tl-head">
        <Legend />
        <Minimap timeline={timeline} />
        <Axis timeline={timeline} />
      </div>
      <TrackList
        timeline={threads}
        rows={threadRows}
        selected={undefined}
        maxRows={MAX_THREAD_ROWS}
        label={`When each of ${threadCount} threads was busy. The same in words stands below.`}
      />
      <TrackList
        timeline={timeline}
        rows={goroutineRows}
        selected={selected}
        label={`Timeline of ${goroutineRows.length} goroutines over ${nanos(model.end - model.begin)}. The same in words stands below.`}
      />
      <InWords timeline={timeline} rows={rows} />
      <p class="tl-foot">
        {count(goroutineRows.length)} goroutines, {count(model.timeline.records)} records, read in{" "}
        {duration(model.tookMillis)}. Drag to pan, Ctrl and wheel to zoom, <kbd>?</kbd> for keys.
      </p>
    </section>
  )
}

function Window({ timeline }: { readonly timeline: TimelineController }) {
  const { from, to } = useCell(timeline.view)
  return (
    <span class="window-text">
      {nanos(to - from)} <span class="muted">from {nanos(Math.max(from - timeline.model.begin, 0))}</span>
    </span>
  )
}
