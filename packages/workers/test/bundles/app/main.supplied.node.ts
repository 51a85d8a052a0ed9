/** A program that supplies its workers, a pool's and those of the default pool. */
import { Worker } from "node:worker_threads"
import { run } from "@weft/core"
import { blocking, configureDefaultPool, Pool } from "@weft/workers"
import { program } from "./program.ts"
import { square } from "./tasks.ts"

const worker = () => new Worker(new URL("./worker.ts", import.meta.url))

configureDefaultPool({ worker, threads: 2 })
// No `await using`: Node 22 reads this file as it is.
const pool = new Pool({ worker, threads: 1 })
const report = await run(function* () {
  return { ...(yield* program()), pooled: yield* pool.spawn(square, 8), blocked: yield* blocking(square, 9) }
})
console.log(JSON.stringify(report))
await pool[Symbol.asyncDispose]()
