/** The timeline of an open trace. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks"
import { count, duration, nanos } from "../model/figures.ts"
import { Legend } from "../parts/legend.tsx"
import { isDark } from "../shell/theme.ts"
import { useKeys } from "../shell/keys.ts"
import { useCell } from "../state/cell.ts"
import { adjust, route, select } from "../state/route.ts"
import type { TraceModel } from "../trace/trace-model.ts"
import { TimelineController } from "./controller.ts"
import { followGestures } from "./gestures.ts"
import { Gutter } from "./gutter.tsx"
import { InWords } from "./in-words.tsx"
import { layout } from "./layout.ts"
import { Minimap } from "./minimap.tsx"
import { isOrder, orders, rowsOf } from "./rows.ts"
import { timelineKeys } from "./timeline-keys.ts"
import { Tooltip } from "./tooltip.tsx"
import { parseView } from "./view.ts"

export function TimelineView({ model }: { readonly model: TraceModel }) {
  const { params } = useCell(route)
  const filter = params["filter"] ?? ""
  const order = isOrder(params["order"]) ? params["order"] : "running"
  const selected = params["g"] === undefined ? undefined : model.track(params["g"])
  const rows = useMemo(() => rowsOf(model, filter, order), [model, filter, order])
  const timeline = useMemo(() => new TimelineController(model, parseView(params["t"], model)), [model])
  const scroller = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const axis = useRef<HTMLCanvasElement>(null)
  const { height, scroll } = useScroll(scroller, timeline)
  const dark = useCell(isDark)

  useLayoutEffect(() => timeline.show(rows, selected), [timeline, rows, selected])
  useEffect(() => timeline.attach(canvas.current!, axis.current!), [timeline])
  useEffect(() => timeline.repaint(), [timeline, dark])
  const actions = useMemo(
    () => ({
      select: (track: number) => select({ g: model.key(track) }),
      scrollBy: (pixels: number) => scroller.current?.scrollBy(0, pixels),
    }),
    [model],
  )
  useEffect(() => followGestures(canvas.current!, timeline, actions), [timeline, actions])
  useEffect(() => reveal(scroller.current!, selected === undefined ? -1 : rows.indexOf(selected)), [selected, rows])
  useKeys(
    "Timeline",
    useMemo(() => timelineKeys(timeline, rows, selected), [timeline, rows, selected]),
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
        <canvas class="axis" ref={axis} aria-hidden="true" />
      </div>
      <div class="tl-scroll" ref={scroller} tabIndex={-1}>
        <div class="tl-space" style={{ height: `${Math.max(rows.length * layout.row, 1)}px` }}>
          <div class="tl-window" style={{ height: `${height}px` }}>
            <Gutter {...{ model, rows, scroll, height, selected }} onSelect={actions.select} />
            <div class="tl-plot">
              <canvas
                ref={canvas}
                tabIndex={0}
                role="img"
                aria-label={`Timeline of ${model.goroutines.count} goroutines over ${nanos(model.end - model.begin)}. The same in words stands below.`}
              />
              <Tooltip timeline={timeline} />
            </div>
          </div>
        </div>
      </div>
      <InWords timeline={timeline} rows={rows} />
      <p class="tl-foot">
        {count(rows.length - model.tracks.threads)} goroutines, {count(model.timeline.records)} records, read in{" "}
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

function useScroll(scroller: { readonly current: HTMLDivElement | null }, timeline: TimelineController) {
  const [box, setBox] = useState({ scroll: 0, height: 400 })
  useLayoutEffect(() => {
    const element = scroller.current!
    const read = (): void => {
      timeline.scrollTo(element.scrollTop)
      setBox({ scroll: element.scrollTop, height: element.clientHeight })
    }
    const observer = new ResizeObserver(read)
    observer.observe(element)
    element.addEventListener("scroll", read, { passive: true })
    read()
    return () => {
      observer.disconnect()
      element.removeEventListener("scroll", read)
    }
  }, [timeline])
  return box
}

function reveal(scroller: HTMLElement, row: number): void {
  if (row === -1) return
  const top = row * layout.row
  const { clientHeight, scrollTop } = scroller
  if (top < scrollTop || top + layout.row > scrollTop + clientHeight) scroller.scrollTop = top - clientHeight / 2
}
