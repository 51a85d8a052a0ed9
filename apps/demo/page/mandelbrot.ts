/** The Mandelbrot set, a row at a time. */
import type { Sender } from "@weft/channels"
import { threadId } from "@weft/core"
import { task } from "@weft/workers"

/** What is to be seen: the middle, and how wide it is. */
export interface View {
  readonly re: number
  readonly im: number
  readonly span: number
}

export interface Picture {
  readonly view: View
  readonly width: number
  readonly height: number
}

/** Some rows, one under the other. */
export interface Band {
  readonly y: number
  readonly rows: number
}

export interface PaintedBand extends Band {
  readonly pixels: Uint8ClampedArray<ArrayBuffer>
  readonly thread: number
}

export interface Job extends Band {
  readonly picture: Picture
  readonly painted: Sender<PaintedBand>
}

export const wholeSet: View = { re: -0.65, im: 0, span: 3.6 }

/** Computes rows, and sends them to whoever draws. Every thread imports this module for it. */
export const paint = task(import.meta.url, "paint", function* ({ painted, picture, rows, y }: Job) {
  yield* painted.send({ y, rows, pixels: pixelsOf(picture, { y, rows }), thread: threadId() })
})

export function pixelsOf(picture: Picture, { rows, y }: Band): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(picture.width * rows * 4)
  for (let row = 0; row < rows; row++) fillRow(picture, y + row, pixels, row * picture.width * 4)
  return pixels
}

/** Four points a pixel, so that the edges are smooth. */
const SAMPLES = [
  [0.25, 0.25],
  [0.75, 0.25],
  [0.25, 0.75],
  [0.75, 0.75],
] as const

function fillRow({ height, view, width }: Picture, y: number, pixels: Uint8ClampedArray, at: number): void {
  const step = view.span / width
  const most = stepsFor(view)
  for (let x = 0; x < width; x++) {
    let [red, green, blue] = [0, 0, 0]
    for (const [dx, dy] of SAMPLES) {
      const [r, g, b] = colour(
        escape(view.re + (x + dx - width / 2) * step, view.im + (y + dy - height / 2) * step, most),
      )
      red += r
      green += g
      blue += b
    }
    pixels[at++] = red / 4
    pixels[at++] = green / 4
    pixels[at++] = blue / 4
    pixels[at++] = 255
  }
}

/** The deeper, the more steps it takes to tell what runs off from what stays. */
const stepsFor = ({ span }: View): number => Math.round(400 + 120 * Math.log2(Math.max(1, wholeSet.span / span)))

/** How soon a point runs off, smoothly; -1: it has not. */
function escape(re: number, im: number, most: number): number {
  let x = 0
  let y = 0
  for (let n = 0; n < most; n++) {
    const xx = x * x
    const yy = y * y
    if (xx + yy > 64) return n + 1 - Math.log2(Math.log(xx + yy) / 2)
    y = 2 * x * y + im
    x = xx - yy + re
  }
  return -1
}

type Rgb = readonly [red: number, green: number, blue: number]

const STOPS: ReadonlyArray<Rgb> = [
  [14, 24, 66],
  [20, 92, 120],
  [84, 180, 160],
  [246, 236, 196],
  [236, 150, 72],
  [130, 40, 70],
]
const PALETTE: ReadonlyArray<Rgb> = Array.from({ length: 1024 }, (_, i) => {
  const at = (i / 1024) * STOPS.length
  const [from, to] = [STOPS[Math.floor(at)]!, STOPS[Math.ceil(at) % STOPS.length]!]
  return [0, 1, 2].map((c) => from[c]! + (to[c]! - from[c]!) * (at % 1)) as unknown as Rgb
})
const INSIDE: Rgb = [9, 11, 24]

const colour = (steps: number): Rgb =>
  steps < 0 ? INSIDE : PALETTE[Math.floor(Math.sqrt(Math.max(0, steps)) * 150) & 1023]!
