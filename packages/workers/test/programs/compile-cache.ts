/** Says where it and its threads keep compiled code, once it has said so for itself. */
import { enableCompileCache, getCompileCacheDir } from "node:module"
import { run } from "@weft/core"
import { Pool, task } from "@weft/workers"

const folder = task(import.meta.url, "folder", function* () {
  return getCompileCacheDir()
})

await run(function* () {
  for (const wanted of [undefined, process.argv[2]]) {
    if (wanted !== undefined) enableCompileCache(wanted)
    const pool = new Pool({ threads: 1 })
    const there = yield* pool.spawn(folder)
    console.log(wanted === undefined ? there : there === getCompileCacheDir() && there?.startsWith(wanted))
    void pool.terminate()
  }
})
