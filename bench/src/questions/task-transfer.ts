/** Tasks that are given a megabyte to keep and give it back, four at once; a batch is all of them. */
import { type Goroutine, run } from "@weft/core"
import { spawn, transfer } from "@weft/workers"
import type { TimeQuestion } from "../question.ts"
import { threads } from "../pools/pool.ts"
import { type PoolName, poolOf } from "../pools/started.ts"
import { noThreads } from "../tasks-question.ts"
import { passBack } from "../threads/tasks.ts"
import { megabyte } from "../threads/work.ts"

const size = 4
const names = [
  "piscina",
  "piscina-async",
  "tinypool",
  "workerpool",
  "comlink",
  "multithreading",
] as const satisfies ReadonlyArray<PoolName>

export const question: TimeQuestion = {
  name: "task-transfer",
  title: "Tasks given 1 MB without a copy, and back, 4 at once",
  measures: "time",
  table: "threads",
  operation: "task",
  operations: size,
  threads,
  target: { advantage: { piscina: 1, "piscina-async": 1, tinypool: 1, workerpool: 1, comlink: 1 } },
  notInGo: "bytes go by their address",
  missing: noThreads,
  remarks: { poolifier: "not asked, as what its tasks answer is copied, and can't be given away" },
  checksum: (batches) => batches * size * megabyte,
  weft: (batches) =>
    run(function* () {
      let sum = 0
      let all = Array.from({ length: size }, () => new Uint8Array(megabyte))
      for (let batch = 0; batch < batches; batch++) {
        const goroutines: Array<Goroutine<Uint8Array, never>> = []
        for (const bytes of all) goroutines.push(spawn(passBack, transfer(bytes)))
        all = []
        for (const goroutine of goroutines) all.push((yield* goroutine) as Uint8Array<ArrayBuffer>)
        for (const { length } of all) sum += length
      }
      return sum
    }),
  rivals: Object.fromEntries(names.map((name) => [name, (batches: number) => passingBack(name, batches)])),
}

async function passingBack(name: PoolName, batches: number): Promise<number> {
  const passBack = (await poolOf(name)).passBack!
  let sum = 0
  let all: Array<Uint8Array> = Array.from({ length: size }, () => new Uint8Array(megabyte))
  for (let batch = 0; batch < batches; batch++) {
    all = await Promise.all(all.map((bytes) => passBack(bytes)))
    for (const { length } of all) sum += length
  }
  return sum
}
