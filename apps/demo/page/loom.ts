/** The loom: an animation that shows each frame that is missed. */
import { fitted } from "./canvas.ts"

const WARPS = 26
const ROWS = 5

export class Loom {
  readonly #canvas: HTMLCanvasElement
  #time = 0

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas
  }

  draw(millis: number): void {
    this.#time += millis
    const context = fitted(this.#canvas)
    const { height, width } = this.#canvas
    const style = getComputedStyle(this.#canvas)
    const gap = width / WARPS
    const lane = height / ROWS
    const thick = gap * 0.42
    context.clearRect(0, 0, width, height)
    context.lineCap = "round"

    // Each sweep of the shuttle lays one weft; those below have been laid.
    const sweep = this.#time / 1_300
    const row = Math.floor(sweep) % ROWS
    const rightwards = Math.floor(sweep) % 2 === 0
    const along = rightwards ? sweep % 1 : 1 - (sweep % 1)
    const quiet = style.getPropertyValue("--line")
    const shades = ["#0b8f95", "#d98236", "#8c3b63", "#4d7fc4", "#c2a63a"]

    for (let i = 0; i < WARPS; i++) this.#line(context, quiet, thick, (i + 0.5) * gap, 0, (i + 0.5) * gap, height)
    for (let r = 0; r < ROWS; r++) {
      const isLaid = r < row
      if (!isLaid && r !== row) continue
      const y = height - (r + 0.5) * lane
      const x = isLaid ? (rightwards === (row - r) % 2 > 0 ? 0 : width) : along * width
      const from = isLaid ? 0 : rightwards ? 0 : width
      this.#line(context, shades[r % shades.length]!, lane * 0.5, from, y, isLaid ? width : x, y)
      for (let i = 0; i < WARPS; i++) {
        const at = (i + 0.5) * gap
        const isUnder = (i + r) % 2 === 0
        const isPassed = isLaid || (rightwards ? at < x : at > x)
        if (isUnder && isPassed) this.#line(context, quiet, thick, at, y - lane * 0.42, at, y + lane * 0.42)
      }
      if (!isLaid) this.#shuttle(context, style.getPropertyValue("--text"), x, y, lane)
    }
  }

  #line(
    context: CanvasRenderingContext2D,
    colour: string,
    wide: number,
    x: number,
    y: number,
    toX: number,
    toY: number,
  ): void {
    context.strokeStyle = colour
    context.lineWidth = wide
    context.beginPath()
    context.moveTo(x, y)
    context.lineTo(toX, toY)
    context.stroke()
  }

  #shuttle(context: CanvasRenderingContext2D, colour: string, x: number, y: number, lane: number): void {
    context.fillStyle = colour
    context.beginPath()
    context.ellipse(x, y, lane * 0.95, lane * 0.3, 0, 0, 2 * Math.PI)
    context.fill()
  }
}
