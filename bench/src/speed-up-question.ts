/**
 * What the questions about computing share: a lot of tasks of one length, on all threads and in this one alone. How many times longer the latter takes
 * is the speed-up. Bare threads, told beforehand who does what, show how much of it the machine has to give.
 */
import { threads } from "./pools/pool.ts"
import { pools } from "./pools/started.ts"
import type { Program, TimeQuestion } from "./question.ts"
import { divided, here, importing, inPools, type Lot, noThreads, spawning, sumOf } from "./tasks-question.ts"
import { tasks } from "./threads/tasks.ts"

interface SpeedUp {
  readonly name: string
  readonly title: string
  readonly work: Exclude<keyof typeof tasks, "noop" | "weigh" | "sizeOf" | "mandelbrotColumns">
  /** So many times as fast as this thread alone, divided by the cores. */
  readonly efficiency: number
  readonly notInGo?: string
}

/** About 100 ms of work on each of two threads. */
const millis = 200

export function longTasks(of: Omit<SpeedUp, "efficiency">): TimeQuestion {
  return speedUp({ ...of, efficiency: 0.95 }, millis)
}

export function shortTasks(of: Omit<SpeedUp, "efficiency">): TimeQuestion {
  return speedUp({ ...of, efficiency: 0.8 }, millis * 10)
}

function speedUp({ efficiency, name, notInGo, title, work }: SpeedUp, size: number): TimeQuestion {
  const lot: Lot = { work, size, argument: (i) => i }
  const weft: Program = spawning(tasks[work], lot)
  return {
    name,
    title,
    measures: "time",
    table: "threads",
    operation: "task",
    operations: size,
    threads,
    target: { advantage: { here: efficiency * threads, bare: efficiency } },
    ...(notInGo === undefined ? {} : { notInGo }),
    missing: noThreads,
    remarks: {
      multithreading: importing,
      bare: "each thread is told its share beforehand, in one message: what the machine itself can do",
    },
    checksum: sumOf(lot, 16),
    weft,
    rivals: { ...inPools(lot, ...pools), bare: divided(lot), here: here(lot) },
  }
}
