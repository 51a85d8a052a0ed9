/** A dump on its way: some thousands of goroutines a frame, each with the strings that are new in it. */
import type { AttachPoint, Goroutine } from "@weft/core"
import { WireKind } from "../format/wire.ts"
import type { Rows } from "./rows.ts"
import type { Outlet } from "./tracing.ts"
import { type Walked, walk } from "./walk.ts"

const rowsPerFrame = 16_384

/** Adds every goroutine to `rows`, and sends them. */
export async function sendAll(
  points: Iterable<AttachPoint>,
  rows: Rows,
  outlet: Outlet,
  thread: number,
): Promise<Walked> {
  const visit = (goroutine: Goroutine): void => {
    rows.add(goroutine)
    if (rows.length >= rowsPerFrame) sendRows(rows, outlet, thread)
  }
  const walked = await walk(points, visit, () => outlet.whenWritable())
  sendRows(rows, outlet, thread)
  return walked
}

/** Sends what has been added since it was called last. */
export function sendRows(rows: Rows, outlet: Outlet, thread: number): void {
  const strings = rows.strings.takeNew()
  if (strings !== undefined) outlet.sendJson(WireKind.DumpStrings, { thread, ...strings })
  outlet.send(WireKind.DumpRows, rows.takeBytes())
}
