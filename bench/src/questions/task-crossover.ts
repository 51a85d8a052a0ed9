/** How long a task must take so that spawning it beats running it here: 1,000 at once, their length found by trying; the figure is that length. */
import { threads } from "../pools/pool.ts"
import type { PoolName } from "../pools/started.ts"
import type { Program, TimeQuestion } from "../question.ts"
import { here, inPools, type Lot, noThreads, spawning } from "../tasks-question.ts"
import { tasks } from "../threads/tasks.ts"

const size = 1000
const mostColumns = 1024
let crossover = 0

export const question: TimeQuestion = {
  name: "task-crossover",
  title: "How long a task must take for spawn to beat running it here",
  measures: "time",
  table: "threads",
  operation: "task",
  operations: size,
  threads,
  target: { nanoseconds: 10_000, advantage: { piscina: 5 } },
  notInGo: "starts goroutines where they are",
  missing: noThreads,
  checksum: (batches) => batches,
  reading: () => crossover,
  weft: searched((lot) => spawning(tasks.mandelbrotColumns, lot)),
  rivals: {
    piscina: searched((lot) => others("piscina", lot)),
    poolifier: searched((lot) => others("poolifier", lot)),
  },
}

const others = (name: PoolName, lot: Lot): Program => inPools(lot, name)[name as "piscina"]!

/** Twice as long each time until it wins; in between a straight line. */
function searched(away: (lot: Lot) => Program): Program {
  return async (batches) => {
    let before = { excess: Number.NaN, length: 0 }
    for (let columns = 1; columns <= mostColumns; columns *= 2) {
      const lot: Lot = { work: "mandelbrotColumns", size, argument: () => columns }
      const length = (await timed(here(lot))) / size
      const excess = (await timed(away(lot))) / size - length
      crossover = length
      if (excess <= 0) {
        const share = before.excess / (before.excess - excess)
        if (columns > 1) crossover = before.length + (length - before.length) * share
        break
      }
      before = { excess, length }
    }
    return batches
  }
}

/** Nanoseconds; the least of three. */
async function timed(program: Program): Promise<number> {
  let least = Infinity
  for (let i = 0; i < 3; i++) {
    const began = performance.now()
    await program(1)
    least = Math.min(least, (performance.now() - began) * 1e6)
  }
  return least
}
