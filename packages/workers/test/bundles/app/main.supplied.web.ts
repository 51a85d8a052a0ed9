/** A page that supplies its workers. */
import { run } from "@weft/core"
import { configureDefaultPool } from "@weft/workers"
import { program } from "./program.ts"

declare const document: { title: string }

configureDefaultPool({ worker: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }) })
document.title = "started"
void run(program).then(
  (report) => (document.title = JSON.stringify({ isIsolated: crossOriginIsolated, ...report })),
  (error: unknown) => (document.title = String(error)),
)
