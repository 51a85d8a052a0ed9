/** What a ribbon costs: computed on other threads, which import this module for it. */
import { trace } from "@weft/core"
import { task } from "@weft/workers"

export const looms = ["broad", "narrow"] as const
export type Loom = (typeof looms)[number]

export interface Quote {
  readonly text: string
  readonly loom: Loom
  readonly threads: number
  readonly cents: number
}

/** How many warp threads a loom has to lift for a text, by trying each way to lay it out. */
export const price = task(import.meta.url, "price", function* (loom: Loom, text: string): Generator<never, Quote> {
  using _ = trace.region("lay out")
  const width = loom === "broad" ? 256 : 192
  let threads = Infinity
  for (let layout = 1; layout <= 40; layout++) threads = Math.min(threads, lifts(text, width, layout))
  return { text, loom, threads, cents: 200 + Math.ceil(threads / 40) }
})

function lifts(text: string, width: number, layout: number): number {
  let sum = 0
  for (let row = 0; row < 24; row++) {
    for (let column = 0; column < width; column++) {
      const letter = text.charCodeAt(Math.floor((column * text.length) / width))
      sum += (((letter * layout) ^ (row * 31 + column)) >> (letter & 3)) & 1
    }
  }
  return sum
}
