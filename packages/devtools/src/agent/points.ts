/**
 * The copies of Weft in this thread: those that are there, and those that are loaded later.
 *
 * A thread may be attached to before its program has run. Then the set that Weft would make stands there already, and tells of what is added to it.
 */
import type { AttachPoint } from "@weft/core"

const place = Symbol.for("@weft/core.attach")
const places = globalThis as { [key: symbol]: Set<AttachPoint> | undefined }

/** Calls `found` for each, at once or later, until the answer is called. */
export function watchPoints(found: (point: AttachPoint) => void): () => void {
  const points = (places[place] ??= new Set())
  for (const point of points) found(point)
  // Own property before the prototype's: removed again without a trace.
  Object.defineProperty(points, "add", {
    configurable: true,
    value: (point: AttachPoint) => {
      Set.prototype.add.call(points, point)
      found(point)
      return points
    },
  })
  return () => {
    delete (points as { add?: unknown }).add
    if (points.size === 0) delete places[place]
  }
}
