/** A Web Worker that adds 1 to an atomic, many times. */
import { AtomicInt32, type SharedHandle } from "@weft/sync"

interface Work {
  readonly counter: SharedHandle<"AtomicInt32">
  readonly times: number
}

addEventListener("message", ({ data }: MessageEvent<Work>) => {
  const counter = AtomicInt32.from(data.counter)
  for (let i = 0; i < data.times; i++) counter.add(1)
  postMessage("done")
})
