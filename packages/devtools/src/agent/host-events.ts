/** What the host does beside Weft: garbage collections, and how late its event loop is. Watched only while something is recorded. */
import type { Recorder } from "./recorder.ts"
import { LoopLateness } from "./loop-lateness.ts"
import { node } from "./node.ts"

/** A slice may last 4 ms, and a step of a goroutine as long as it likes. */
const lateMillis = 15

/** Answers what ends it. `onDelay` is told of each delay. */
export function watchHost(recorder: Recorder, onDelay: (millis: number) => void): () => void {
  const { performance, PerformanceObserver } = node.performance
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { kind = 0 } = (entry as { detail?: { kind?: number } }).detail ?? {}
      recorder.gc(kind, entry.duration, performance.now() - entry.startTime - entry.duration)
    }
  })
  observer.observe({ entryTypes: ["gc"] })
  const lateness = new LoopLateness((late) => {
    if (late < lateMillis) return
    recorder.loopDelay(late)
    onDelay(late)
  })
  return () => {
    observer.disconnect()
    lateness.close()
  }
}
