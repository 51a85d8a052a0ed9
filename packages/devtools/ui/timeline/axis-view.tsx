import { useEffect, useRef } from "preact/hooks"
import { isDark } from "../shell/theme.ts"
import { useCell } from "../state/cell.ts"
import type { TimelineController } from "./controller.ts"
import { drawAxis } from "./draw-axis.ts"
import { layout } from "./layout.ts"
import { readPalette } from "./palette.ts"

/** The scale of time. */
export function Axis({ timeline }: { readonly timeline: TimelineController }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const dark = useCell(isDark)
  const view = useCell(timeline.view)
  useEffect(() => {
    const element = canvas.current!
    const scale = devicePixelRatio
    const draw = (): void => {
      element.width = Math.round(element.clientWidth * scale)
      element.height = Math.round(layout.axis * scale)
      drawAxis(element, timeline.model, view, readPalette(), scale)
    }
    const observer = new ResizeObserver(draw)
    observer.observe(element)
    draw()
    return () => observer.disconnect()
  }, [timeline, view, dark])
  return <canvas class="axis" ref={canvas} aria-hidden="true" />
}
