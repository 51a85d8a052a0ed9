/** The pools of this process, each started when it is first asked for and with it only its own library. */
import type { BareThreads } from "./bare.ts"
import type { TaskPool } from "./pool.ts"

const starters = {
  piscina: async () => (await import("./piscina.ts")).startPiscina("sync"),
  "piscina-async": async () => (await import("./piscina.ts")).startPiscina("async"),
  tinypool: async () => (await import("./tinypool.ts")).startTinypool(),
  workerpool: async () => (await import("./workerpool.ts")).startWorkerpool(),
  poolifier: async () => (await import("./poolifier.ts")).startPoolifier(),
  comlink: async () => (await import("./comlink.ts")).startComlink(),
  multithreading: async () => (await import("./multithreading.ts")).startMultithreading(),
} satisfies Record<string, () => Promise<TaskPool>>

export type PoolName = keyof typeof starters

/** All of them, for what all of them can do. */
export const pools = Object.keys(starters) as ReadonlyArray<PoolName>

const started = new Map<PoolName, Promise<TaskPool>>()
let bare: Promise<BareThreads> | undefined

export function poolOf(name: PoolName): Promise<TaskPool> {
  let pool = started.get(name)
  if (pool === undefined) started.set(name, (pool = starters[name]()))
  return pool
}

export function bareThreads(): Promise<BareThreads> {
  return (bare ??= import("./bare.ts").then(({ startBare }) => startBare()))
}

/** Ends them all: a process that goes on has other things to do. */
export async function endPools(): Promise<void> {
  const all: Array<Promise<BareThreads | TaskPool>> = [...started.values(), ...(bare === undefined ? [] : [bare])]
  started.clear()
  bare = undefined
  for (const pool of all) await (await pool).end()
}
