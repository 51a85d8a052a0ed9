/** Rows of the Mandelbrot set, of which one in a hundred takes 100 times as long as the others; a batch is a lot of them. */
import { threads } from "../pools/pool.ts"
import { pools } from "../pools/started.ts"
import type { TimeQuestion } from "../question.ts"
import { divided, here, importing, inPools, type Lot, noThreads, spawning } from "../tasks-question.ts"
import { tasks } from "../threads/tasks.ts"
import { isLongRow, mandelbrotSkewed } from "../threads/work.ts"

const size = 2000
const lot: Lot = { work: "mandelbrotSkewed", size, argument: (i) => i }

/** The ideal schedule: the long ones divided first. */
const longestFirst = Array.from({ length: size }, (_, i) => i).sort(
  (a, b) => Number(isLongRow(b)) - Number(isLongRow(a)),
)

export const question: TimeQuestion = {
  name: "rows-skewed",
  title: "Mandelbrot, one row in a hundred 100 times as long",
  measures: "time",
  table: "threads",
  operation: "task",
  operations: size,
  threads,
  target: { advantage: { bare: 1 / 1.1 } },
  missing: noThreads,
  remarks: { multithreading: importing, bare: "the ideal schedule, by who knows which are the long ones" },
  checksum: (batches) => (batches * size * (99 * mandelbrotSkewed(0) + mandelbrotSkewed(50))) / 100,
  weft: spawning(tasks.mandelbrotSkewed, lot),
  rivals: {
    ...inPools(lot, ...pools),
    bare: divided(lot, longestFirst),
    here: here(lot),
  },
}
