/** The statistics of each second while somebody looks: a hidden page asks for nothing, so the process is left alone. */
import type { ProcessStats } from "../../src/format/stats.ts"
import { getStats } from "./client.ts"
import { events } from "./events.ts"

export interface StatsListener {
  onStats(stats: ProcessStats): void
  /** There is nothing to tell, for now: `weft` looks again each second. */
  onRefused(reason: string): void
  onEnded(reason: string): void
  /** The stream broke off; it is tried again. */
  onLost(error: unknown): void
}

const RETRY_MILLIS = 3_000

/** Until `signal` is aborted. */
export function followStats(listener: StatsListener, signal: AbortSignal): void {
  let current: AbortController | undefined
  const look = (): void => {
    if (document.hidden || signal.aborted) {
      current?.abort()
      current = undefined
    } else if (current === undefined) {
      const mine = (current = new AbortController())
      void follow(listener, mine.signal).then((isOver) => {
        if (mine.signal.aborted) return
        current = undefined
        if (!isOver) setTimeout(look, RETRY_MILLIS)
      })
    }
  }
  document.addEventListener("visibilitychange", look, { signal })
  signal.addEventListener("abort", look)
  look()
}

/** Whether the process has ended, so that no more is to come. */
async function follow(listener: StatsListener, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await getStats(signal)
    for await (const { data, name } of events(response.body!)) {
      const value: unknown = JSON.parse(data)
      if (name === "stats") listener.onStats(value as ProcessStats)
      if (name === "refused") listener.onRefused((value as { reason: string }).reason)
      if (name === "ended") {
        listener.onEnded((value as { reason: string }).reason)
        return true
      }
    }
    return false
  } catch (error) {
    if (!signal.aborted) listener.onLost(error)
    return false
  }
}
