/**
 * How long the event loop of the thread that spawns is kept from a timer, while ten goroutines spawn lots of 1,000 tasks that do nothing; the figure is
 * the 99th percentile.
 */
import { monitorEventLoopDelay } from "node:perf_hooks"
import { go, type Goroutine, run } from "@weft/core"
import { spawn } from "@weft/workers"
import { threads } from "../pools/pool.ts"
import { type PoolName, poolOf } from "../pools/started.ts"
import { maskedSum, type Program, type TimeQuestion } from "../question.ts"
import { noThreads } from "../tasks-question.ts"
import { tasks } from "../threads/tasks.ts"

const spawners = 10
const lots = 10
const size = 1000
const resolutionMillis = 1
let delay = 0

export const question: TimeQuestion = {
  name: "task-delay",
  title: "Delay of the event loop under a flood, 99th percentile",
  measures: "time",
  table: "threads",
  operation: "timer",
  operations: spawners * lots * size,
  threads,
  target: { nanoseconds: 5e6 },
  notInGo: "has no event loop",
  missing: noThreads,
  checksum: (batches) => batches * spawners * lots * maskedSum(size),
  reading: () => delay,
  weft: observed((batches) =>
    run(function* () {
      let sum = 0
      const all = Array.from({ length: spawners }, () => go(spawnLots, batches * lots))
      for (const spawner of all) sum += yield* spawner
      return sum
    }),
  ),
  rivals: {
    piscina: observed((batches) => inPool("piscina", batches)),
    poolifier: observed((batches) => inPool("poolifier", batches)),
    comlink: observed((batches) => inPool("comlink", batches)),
  },
}

function observed(program: Program): Program {
  return async (batches) => {
    const histogram = monitorEventLoopDelay({ resolution: resolutionMillis })
    histogram.enable()
    const sum = await program(batches)
    histogram.disable()
    // What it records is the whole time between two of its timers.
    delay = Math.max(0, histogram.percentile(99) - resolutionMillis * 1e6)
    return sum
  }
}

function* spawnLots(count: number) {
  let sum = 0
  for (let lot = 0; lot < count; lot++) {
    const all: Array<Goroutine<number, never>> = []
    for (let i = 0; i < size; i++) all.push(spawn(tasks.noop, i))
    for (const goroutine of all) sum += yield* goroutine
  }
  return sum
}

async function inPool(name: PoolName, batches: number): Promise<number> {
  const pool = await poolOf(name)
  const spawner = async () => {
    let sum = 0
    for (let lot = 0; lot < batches * lots; lot++) {
      const all: Array<Promise<number>> = []
      for (let i = 0; i < size; i++) all.push(pool.run("noop", i))
      for (const n of await Promise.all(all)) sum += n
    }
    return sum
  }
  const sums = await Promise.all(Array.from({ length: spawners }, spawner))
  return sums.reduce((a, b) => a + b)
}
