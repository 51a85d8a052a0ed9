/** What users' code said: regions as a line below the bar, logs and panics as diamonds on it; and a deadlock through everything. */
import { messagesOf, regionsOf } from "../trace/marks-of.ts"
import { layout } from "./layout.ts"
import type { Palette } from "./palette.ts"
import { barTop, type Scene, xOf } from "./scene.ts"

const SIZE = 4

export function drawMarks(
  context: CanvasRenderingContext2D,
  scene: Scene,
  palette: Palette,
  first: number,
  last: number,
  width: number,
  height: number,
): void {
  const { model, rows, scroll, view } = scene
  for (let row = first; row <= last; row++) {
    const track = rows[row]!
    if (track < model.tracks.threads) continue
    const top = barTop(row, scroll)
    context.fillStyle = palette.text
    for (const { begin, end } of regionsOf(model, track, view.from, view.to)) {
      const left = Math.max(xOf(begin, view, width), 0)
      context.fillRect(left, top + layout.bar, Math.max(Math.min(xOf(end, view, width), width) - left - 1, 1), 2)
    }
    for (const { isPanic, time } of messagesOf(model, track, view.from, view.to)) {
      diamond(context, xOf(time, view, width), top, isPanic ? palette.bad : palette.text)
    }
  }
  context.fillStyle = palette.bad
  for (const { deadlocks } of model.timeline.threads) {
    for (const time of deadlocks.time) {
      if (time >= view.from && time <= view.to) context.fillRect(xOf(time, view, width) - 1, 0, 2, height)
    }
  }
}

function diamond(context: CanvasRenderingContext2D, x: number, y: number, color: string): void {
  context.fillStyle = color
  context.beginPath()
  context.moveTo(x, y - SIZE)
  context.lineTo(x + SIZE, y)
  context.lineTo(x, y + SIZE)
  context.lineTo(x - SIZE, y)
  context.fill()
}
