/** Renders a picture: goroutines of this thread hand out the rows and draw them, those of others compute them. */
import { chan } from "@weft/channels"
import { scope } from "@weft/core"
import { parallel } from "@weft/workers"
import { type Band, type Job, paint, type PaintedBand, type Picture, pixelsOf } from "./mandelbrot.ts"
import type { Pause } from "./pause.ts"

/** So many rows go to a thread at a time. */
const ROWS = 6

export interface Rendering {
  readonly picture: Picture
  /** How many threads; none: this one. */
  readonly threads: number
  /** How many there could be. */
  readonly cores: number
  readonly pause: Pause
  readonly draw: (band: PaintedBand) => void
}

export function* render({ cores, draw, pause, picture, threads }: Rendering) {
  if (threads === 0) {
    // As a page does that has never heard of threads: until it is through, there is nothing else.
    for (const band of bandsOf(picture)) draw({ ...band, pixels: pixelsOf(picture, band), thread: 0 })
    return
  }
  const painted = chan<PaintedBand>(64)
  const jobs = chan<Job>()
  yield* scope(function* (s) {
    s.go(function* () {
      for (const band of bandsOf(picture)) {
        yield* pause.passed()
        yield* jobs.send({ ...band, picture, painted })
      }
      jobs.close()
    })
    s.go(function* () {
      yield* painted.forEach(draw)
    })
    yield* parallel.map(jobs, paint, threads < cores ? { concurrency: threads } : {})
    painted.close()
  })
}

function* bandsOf({ height }: Picture): Generator<Band> {
  for (let y = 0; y < height; y += ROWS) yield { y, rows: Math.min(ROWS, height - y) }
}
