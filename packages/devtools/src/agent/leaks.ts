/**
 * Which goroutines could never be woken: the garbage collector tells (design: "Leak proof").
 *
 * A parked goroutine is held by its run's list and by what can wake it. The list is taken apart, the host's turn ends (a WeakRef holds its target until
 * then), everything is collected, and whoever survived is put back. What is said of those that are gone was copied before.
 *
 * No function here may have a goroutine in a variable across an `await`: that alone would hold it. So the parts are functions of their own.
 */
import type { AttachPoint } from "@weft/core"
import type { LeaksReply } from "../format/wire.ts"
import { collectGarbage } from "./inspected.ts"
import { node } from "./node.ts"
import { Rows } from "./rows.ts"

type Report = Pick<LeaksReply, "checked" | "gone" | "suspects"> & { readonly rows: Rows }

/** Rows: those that are gone, then suspects, longest wait first. */
export async function findLeaks(
  points: ReadonlySet<AttachPoint>,
  suspectSeconds: number,
  mostStacks: number,
): Promise<Report> {
  const before = new Map<number, number>()
  const copies = copyParked(points, before, mostStacks)
  const checked = letGo(points)
  const gone: Array<number> = []
  try {
    // Twice: what the first turn's end lets go of, the second one's microtasks have forgotten.
    await turn()
    await turn()
    await collectGarbage()
    await turn()
    await collectGarbage()
  } finally {
    // Also where the host can't collect: a run must not stay apart.
    gone.push(...putBack(points))
  }
  const suspects = findSuspects(points, suspectSeconds)
  const rows = copies.keep([...gone, ...suspects].flatMap((id) => before.get(id) ?? []))
  return { rows, checked, gone: gone.length, suspects: suspects.length }
}

const turn = (): Promise<void> => new Promise((resolve) => node.timers.setImmediate(() => resolve()))

function copyParked(points: ReadonlySet<AttachPoint>, places: Map<number, number>, mostStacks: number): Rows {
  const rows = new Rows(mostStacks)
  for (const point of points)
    for (const processor of point.processors)
      for (const run of processor.runs)
        for (const goroutine of run.goroutines()) {
          if (!goroutine.isParked) continue
          places.set(goroutine.id, rows.length)
          rows.add(goroutine)
        }
  return rows
}

function letGo(points: ReadonlySet<AttachPoint>): number {
  let checked = 0
  for (const point of points)
    for (const processor of point.processors) for (const run of processor.runs) checked += run.letGoOfParked()
  return checked
}

function putBack(points: ReadonlySet<AttachPoint>): Array<number> {
  const gone: Array<number> = []
  for (const point of points)
    for (const processor of point.processors) for (const run of processor.runs) gone.push(...run.putBack())
  return gone
}

function findSuspects(points: ReadonlySet<AttachPoint>, seconds: number): Array<number> {
  const found: Array<{ readonly id: number; readonly waitMillis: number }> = []
  for (const point of points)
    for (const processor of point.processors)
      for (const run of processor.runs)
        for (const { id, isMain, isParked, waitMillis } of run.goroutines())
          if (isParked && !isMain && waitMillis >= seconds * 1000) found.push({ id, waitMillis })
  return found.sort((a, b) => b.waitMillis - a.waitMillis).map(({ id }) => id)
}
