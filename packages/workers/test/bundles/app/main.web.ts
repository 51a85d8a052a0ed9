/** A page's program, which a thread may come to load: then there is no document. */
import { run } from "@weft/core"
import { program } from "./program.ts"

document.title = "started"
void run(program).then(
  (report) => (document.title = JSON.stringify({ isIsolated: crossOriginIsolated, ...report })),
  (error: unknown) => (document.title = String(error)),
)
