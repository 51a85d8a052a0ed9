import type { Palette } from "./palette.ts"
import { xOf } from "./scene.ts"
import { ticks } from "./ticks.ts"
import type { Bounds, View } from "./view.ts"

/** The scale of time, counted from where the trace begins. */
export function drawAxis(
  canvas: HTMLCanvasElement,
  { begin }: Bounds,
  view: View,
  palette: Palette,
  scale: number,
): void {
  const context = canvas.getContext("2d")!
  const width = canvas.width / scale
  const height = canvas.height / scale
  context.setTransform(scale, 0, 0, scale, 0, 0)
  context.clearRect(0, 0, width, height)
  context.font = "11px system-ui, sans-serif"
  context.textBaseline = "middle"
  for (const { label, time } of ticks(view.from, view.to, begin, width / 120)) {
    const x = Math.round(xOf(time, view, width))
    context.fillStyle = palette.line
    context.fillRect(x, height - 7, 1, 7)
    context.fillStyle = palette.muted
    context.fillText(label, x + 5, height / 2)
  }
}
