/** Goroutines as tracks of their own in the Performance panel of Chrome's DevTools, in pages, their workers and Node. */
import type { AttachPoint, Goroutine, Op, TraceHooks } from "@weft/core"

type G = Goroutine<unknown, unknown>
type Color = "primary" | "secondary" | "tertiary" | "warning" | "error"

const group = "Weft"

interface Waiting {
  readonly since: number
  readonly reason: string
}

class Tracks implements TraceHooks {
  readonly #waiting = new WeakMap<G, Waiting>()
  readonly #regions = new Map<number, number>()
  #runningSince = 0
  #running: G | null = null

  start(goroutine: G): void {
    const now = performance.now()
    this.#running = goroutine
    this.#runningSince = now
    const waiting = this.#waiting.get(goroutine)
    if (waiting === undefined) return
    this.#waiting.delete(goroutine)
    show(waiting.reason, waiting.since, now, labelOf(goroutine), "secondary")
  }

  park(goroutine: G, op: Op<unknown, unknown>): void {
    const now = this.#stop(goroutine)
    this.#waiting.set(goroutine, { since: now, reason: op.name })
  }

  yield(goroutine: G): void {
    this.#stop(goroutine)
  }

  end(goroutine: G): void {
    this.#stop(goroutine)
  }

  regionBegin(_goroutine: G | null, _name: string, id: number): void {
    this.#regions.set(id, performance.now())
  }

  regionEnd(goroutine: G | null, name: string, id: number): void {
    const since = this.#regions.get(id)
    this.#regions.delete(id)
    if (since !== undefined) show(name, since, performance.now(), `regions of ${labelOf(goroutine)}`, "tertiary")
  }

  #stop(goroutine: G): number {
    const now = performance.now()
    if (this.#running === goroutine) show(labelOf(goroutine), this.#runningSince, now, "running", "primary")
    this.#running = null
    return now
  }
}

function labelOf(goroutine: G | null): string {
  return goroutine === null ? "no goroutine" : `${goroutine.name || "goroutine"} #${goroutine.id}`
}

function show(name: string, start: number, end: number, track: string, color: Color): void {
  const devtools = { dataType: "track-entry", track, trackGroup: group, color }
  performance.measure(name, { start, end, detail: { devtools } })
  // The panel has it by now; kept, the entries of a long recording would fill the memory.
  performance.clearMeasures(name)
}

/**
 * Shows goroutines in the Performance panel of Chrome's DevTools, while it records: who runs, a track for each goroutine with what it waits for, and the regions of `trace.region`.
 *
 * An entry costs a few microseconds: call it when you are about to record, and what it answers afterwards.
 *
 * @example
 * const stop = performanceTracks()
 *
 * @since 0.3.0
 */
export function performanceTracks(): () => void {
  const places = globalThis as { [key: symbol]: Set<AttachPoint> | undefined }
  const tracks = new Tracks()
  const stops = [...(places[Symbol.for("@weft/core.attach")] ?? [])].map((point) => point.trace(tracks))
  return () => {
    for (const stop of stops) stop()
  }
}
