/** A loop shared out among all cores, beside the same loop here: a picture of the Mandelbrot set, row by row. */
import { availableParallelism } from "node:os"
import { type Body, go, run, threadId, type Yieldable } from "@weft/core"
import { parallel, task } from "@weft/workers"
import type { Stage } from "../stage.ts"

const ROWS = 15
const SHADES = "@%#*+=~-:· "

/** A character is the mean of 256 points: how soon they run off to infinity, if they do. */
const paint = task(
  import.meta.url,
  "paint",
  function* ({ row, width }: { readonly row: number; readonly width: number }) {
    let text = ""
    for (let column = 0; column < width; column++) {
      let sum = 0
      for (let i = 0; i < 256; i++) {
        sum += shade(-2.3 + (3.3 * (column + (i % 16) / 16)) / width, -1.2 + (2.4 * (row + i / 256)) / ROWS)
      }
      text += SHADES[Math.round(sum / 256)]!
    }
    return { text, thread: threadId() }
  },
)

function shade(re: number, im: number): number {
  let [x, y] = [0, 0]
  for (let n = 1; n < 400; n++) {
    ;[x, y] = [x * x - y * y + re, 2 * x * y + im]
    if (x * x + y * y > 4) return Math.max(0, 10 - 1.5 * Math.log2(n))
  }
  return 0
}

export async function main({ columns, explain, print }: Stage): Promise<void> {
  const cores = availableParallelism()
  const rows = Array.from({ length: ROWS }, (_, row) => ({ row, width: Math.min(columns, 48) }))

  await run(function* () {
    const here = yield* best(function* () {
      for (const row of rows) yield* go(paint, row)
    })

    let painted = yield* parallel.map(rows, paint)
    const threads = () => new Set(painted.map(({ thread }) => thread)).size
    for (let i = 0; i < 20 && threads() < cores; i++) painted = yield* parallel.map(rows, paint) // they start first
    const there = yield* best(function* () {
      painted = yield* parallel.map(rows, paint)
    })

    print(painted.map(({ text }) => text).join("\n"))
    print(`a loop here   ${here.millis.toFixed(0).padStart(4)} ms`)
    print(
      `parallel.map  ${there.millis.toFixed(0).padStart(4)} ms, ${(here.millis / there.millis).toFixed(1)} times as fast`,
    )
    print(`${cores} cores here; ${threads()} threads had ${there.cores.toFixed(1)} of them, others the rest`)
  })

  explain(
    "A thread takes a few rows at a time, fewer towards the end, so that all end together. More than the cores it has been given no program can win.",
  )

  /** Of three, as other programs have their share of the machine, too. */
  function* best<Y extends Yieldable>(body: Body<void, Y>) {
    let least = { millis: Infinity, cores: 0 }
    for (let i = 0; i < 3; i++) {
      const [start, used] = [performance.now(), process.cpuUsage()]
      yield* go(body)
      const [millis, { system, user }] = [performance.now() - start, process.cpuUsage(used)]
      if (millis < least.millis) least = { millis, cores: (user + system) / 1_000 / millis }
    }
    return least
  }
}
