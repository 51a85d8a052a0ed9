/**
 * The script of a pool's own workers: import it first, and then the modules of the tasks.
 *
 *     // worker.ts
 *     import "@weft/workers/thread"
 *     import "./tasks.ts"
 *
 *     // elsewhere
 *     const pool = new Pool({ worker: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }) })
 */
import { loadWithoutRuns } from "@weft/core"
import { platform } from "./platform/platform.ts"
import { begin } from "./thread-main.ts"

let loaded: () => void
const script = new Promise<void>((resolve) => (loaded = resolve))
const isSupplied = platform?.whenBooted((side) => {
  begin(side)
  loaded()
})
// Its modules have been evaluated by the time the first message comes.
if (isSupplied === true) void loadWithoutRuns(script)
