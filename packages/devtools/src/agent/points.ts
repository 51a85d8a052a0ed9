/**
 * The copies of Weft in this thread: those that are there, and those that are loaded later.
 *
 * A thread may be attached to before its program has run. Then the set that Weft would make stands there already, and tells whoever watches of what is added to it.
 * Several may watch at once, of several versions: they share one list, and the last to go takes all of it away.
 */
import type { AttachPoint } from "@weft/core"

const place = Symbol.for("@weft/core.attach")
const watchersPlace = Symbol.for("@weft/devtools.watchers")

type Watcher = (point: AttachPoint) => void

const pointsHere = globalThis as unknown as { [key: symbol]: Set<AttachPoint> | undefined }
const watchersHere = globalThis as unknown as { [key: symbol]: Set<Watcher> | undefined }

/** Calls `found` for each, at once or later, until the answer is called. */
export function watchPoints(found: Watcher): () => void {
  const points = (pointsHere[place] ??= new Set())
  const watchers = (watchersHere[watchersPlace] ??= watch(points))
  watchers.add(found)
  for (const point of points) found(point)
  return () => {
    watchers.delete(found)
    if (watchers.size > 0 || watchersHere[watchersPlace] !== watchers) return
    Reflect.deleteProperty(globalThis, watchersPlace)
    Reflect.deleteProperty(points, "add")
    if (points.size === 0) Reflect.deleteProperty(globalThis, place)
  }
}

function watch(points: Set<AttachPoint>): Set<Watcher> {
  const watchers = new Set<Watcher>()
  // An own property before the prototype's: taken away again without a trace.
  Object.defineProperty(points, "add", {
    configurable: true,
    value: (point: AttachPoint) => {
      Set.prototype.add.call(points, point)
      for (const found of watchers) found(point)
      return points
    },
  })
  return watchers
}
