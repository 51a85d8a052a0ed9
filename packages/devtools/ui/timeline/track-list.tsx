/** Tracks with their names: those of threads stand still above, those of goroutines scroll. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks"
import { isDark } from "../shell/theme.ts"
import { useCell } from "../state/cell.ts"
import { select } from "../state/route.ts"
import type { TimelineController } from "./controller.ts"
import { followGestures } from "./gestures.ts"
import { Gutter } from "./gutter.tsx"
import { layout } from "./layout.ts"
import { Tooltip } from "./tooltip.tsx"

export interface TrackListProps {
  readonly timeline: TimelineController
  readonly rows: ReadonlyArray<number>
  readonly selected: number | undefined
  /** The picture in a sentence. */
  readonly label: string
  /** No more rows than these are in sight; otherwise as many as there is room for. */
  readonly maxRows?: number
}

export function TrackList({ label, maxRows, rows, selected, timeline }: TrackListProps) {
  const { model } = timeline
  const scroller = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const { height, scroll } = useScroll(scroller, timeline)
  const dark = useCell(isDark)
  useLayoutEffect(() => timeline.show(rows, selected), [timeline, rows, selected])
  useEffect(() => timeline.attach(canvas.current!), [timeline])
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
  const fixed = maxRows === undefined ? {} : { height: `${Math.min(rows.length, maxRows) * layout.row + 1}px` }
  return (
    <div class={maxRows === undefined ? "tl-scroll" : "tl-scroll tl-fixed"} ref={scroller} tabIndex={-1} style={fixed}>
      <div class="tl-space" style={{ height: `${Math.max(rows.length * layout.row, 1)}px` }}>
        <div class="tl-window" style={{ height: `${height}px` }}>
          <Gutter {...{ model, rows, scroll, height, selected }} onSelect={actions.select} />
          <div class="tl-plot">
            <canvas ref={canvas} tabIndex={0} role="img" aria-label={label} />
            <Tooltip timeline={timeline} />
          </div>
        </div>
      </div>
    </div>
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
