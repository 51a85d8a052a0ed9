/**
 * Which goroutines could never be woken: the garbage collector tells (design: "Leak proof").
 *
 * A parked goroutine is held by its run's list and by what can wake it. The list is taken apart, the host's turn ends (a WeakRef holds its target until
 * then), everything is collected, and whoever survived is put back. What is said of those that are gone was copied before.
 *
 * No function here may have a goroutine in a variable across an `await`: that alone would hold it. So the parts are functions of their own.
 */
import type { AttachPoint, Goroutine } from "@weft/core"
import type { LeaksReply } from "../format/wire.ts"
import { collectGarbage } from "./inspected.ts"
import { node } from "./node.ts"
import { ParkedApart } from "./parked-apart.ts"
import { Rows } from "./rows.ts"

type Report = Pick<LeaksReply, "checked" | "gone" | "suspects"> & { readonly rows: Rows }

/** Rows: those that are gone, then suspects, longest wait first. */
export async function findLeaks(
  points: Iterable<AttachPoint>,
  suspectSeconds: number,
  mostStacks: number,
): Promise<Report> {
  // Taken once: whatever ends meanwhile, the client or the agent, these are the runs to be put back.
  const runs = runsOf(points)
  const before = new Map<number, number>()
  const copies = copyParked(runs, before, mostStacks)
  const apart: Array<ParkedApart> = []
  const gone: Array<number> = []
  let checked = 0
  try {
    for (const run of runs) {
      if (!run.isRunning) continue
      const parked = new ParkedApart(run)
      checked += parked.size
      apart.push(parked)
    }
    // Twice: what the first turn's end lets go of, the second one's microtasks have forgotten.
    await turn()
    await turn()
    await collectGarbage()
    await turn()
    await collectGarbage()
  } finally {
    // Also where the host can't collect: no run may stay apart.
    for (const parked of apart) for (const id of parked.putBack()) gone.push(id)
  }
  const suspects = findSuspects(runs, suspectSeconds)
  const places: Array<number> = []
  for (const ids of [gone, suspects])
    for (const id of ids) {
      const place = before.get(id)
      if (place !== undefined) places.push(place)
    }
  return { rows: copies.keep(places), checked, gone: gone.length, suspects: places.length - gone.length }
}

type Run = Goroutine["run"]

const runsOf = (points: Iterable<AttachPoint>): ReadonlyArray<Run> =>
  [...points].flatMap(({ processors }) => [...processors].flatMap(({ runs }) => [...runs]))

const turn = (): Promise<void> => new Promise((resolve) => node.timers.setImmediate(() => resolve()))

function copyParked(runs: ReadonlyArray<Run>, places: Map<number, number>, mostStacks: number): Rows {
  const rows = new Rows(mostStacks)
  for (const run of runs)
    for (const goroutine of run.goroutines()) {
      if (!goroutine.isParked) continue
      places.set(goroutine.id, rows.length)
      rows.add(goroutine)
    }
  return rows
}

function findSuspects(runs: ReadonlyArray<Run>, seconds: number): Array<number> {
  const found: Array<{ readonly id: number; readonly waitMillis: number }> = []
  for (const run of runs)
    for (const { id, isMain, isParked, waitMillis } of run.goroutines())
      if (isParked && !isMain && waitMillis >= seconds * 1000) found.push({ id, waitMillis })
  return found.sort((a, b) => b.waitMillis - a.waitMillis).map(({ id }) => id)
}
