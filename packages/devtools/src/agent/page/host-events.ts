/** Stands in for `agent/host-events.ts` in pages: browsers don't tell of their garbage collections. */
import type { Recorder } from "../recorder.ts"
import { LoopLateness } from "./loop-lateness.ts"

/** A slice may last 4 ms, and a step of a goroutine as long as it likes. */
const lateMillis = 15

export function watchHost(recorder: Recorder, onDelay: (millis: number) => void): () => void {
  const lateness = new LoopLateness((late) => {
    if (late < lateMillis) return
    recorder.loopDelay(late)
    onDelay(late)
  })
  return () => lateness.close()
}
