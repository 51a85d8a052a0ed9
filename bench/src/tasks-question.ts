/**
 * What the questions about tasks share: a lot of them is spawned at once, and joined; a batch is a lot.
 */
import { type Goroutine, run } from "@weft/core"
import { spawn, type Task } from "@weft/workers"
import { bareThreads, type PoolName, poolOf } from "./pools/started.ts"
import { threads } from "./pools/pool.ts"
import type { Program, Rival } from "./question.ts"
import { work, type WorkName } from "./threads/work.ts"

export interface Lot {
  readonly work: WorkName
  /** So many tasks at once. */
  readonly size: number
  readonly argument: (i: number) => unknown
}

/** By Weft's `spawn`: the default pool. */
export function spawning<A>(task: Task<number, never, [A]>, { argument, size }: Lot): Program {
  return (batches) =>
    run(function* () {
      let sum = 0
      for (let batch = 0; batch < batches; batch++) {
        const all: Array<Goroutine<number, never>> = []
        for (let i = 0; i < size; i++) all.push(spawn(task, argument(i) as A))
        for (const goroutine of all) sum += yield* goroutine
      }
      return sum
    })
}

/** By the pools of others. */
export function inPools(lot: Lot, ...names: ReadonlyArray<PoolName>): Partial<Record<Rival, Program>> {
  return Object.fromEntries(names.map((name) => [name, inPool(name, lot)]))
}

function inPool(name: PoolName, lot: Lot): Program {
  return async (batches) => {
    const pool = await poolOf(name)
    let sum = 0
    for (let batch = 0; batch < batches; batch++) {
      const all: Array<Promise<number>> = []
      for (let i = 0; i < lot.size; i++) all.push(pool.run(lot.work, lot.argument(i)))
      for (const result of await Promise.all(all)) sum += result
    }
    return sum
  }
}

/** On bare threads, each of which is told its share beforehand: what the machine itself can do. */
export function divided({ argument, size, work }: Lot, order = inOrder(size)): Program {
  const shares = Array.from({ length: threads }, (_, thread) =>
    order.filter((_, at) => at % threads === thread).map((i) => argument(i)),
  )
  return async (batches) => {
    const bare = await bareThreads()
    let sum = 0
    for (let batch = 0; batch < batches; batch++) {
      const sums = await Promise.all(shares.map((all, thread) => bare.order(thread, { name: work, all })))
      sum += sums.reduce((a, b) => a + b)
    }
    return sum
  }
}

const inOrder = (size: number): ReadonlyArray<number> => Array.from({ length: size }, (_, i) => i)

/** In this thread alone. */
export function here({ argument, size, work: name }: Lot): Program {
  const f = work[name] as (argument: unknown) => number
  return async (batches) => {
    let sum = 0
    for (let batch = 0; batch < batches; batch++) for (let i = 0; i < size; i++) sum += f(argument(i))
    return Promise.resolve(sum)
  }
}

/** What a lot adds up to, if results come again after so many. */
export function sumOf({ argument, size, work: name }: Lot, period: number): (batches: number) => number {
  let lot: number | undefined
  return (batches) => {
    if (lot === undefined) {
      const f = work[name] as (argument: unknown) => number
      const results = Array.from({ length: Math.min(period, size) }, (_, i) => f(argument(i)))
      lot = inOrder(size).reduce((sum, i) => sum + results[i % period]!, 0)
    }
    return batches * lot
  }
}

/** Why those have no program that the other tables have. */
export const noThreads: Partial<Record<Rival, string>> = {
  promises: "run on one thread",
  effect: "its workers come with a platform package; piscina and its like are asked instead",
  "thi.ng": "has no threads",
  "js-csp": "has no threads",
}

/** What is to be said of multithreading where the function is longer than a line. */
export const importing = "sends functions as text, so that each of its tasks begins with an import"
