/** A page's program, which a thread may come to load: then there is no document. */
import { run } from "@weft/core"
import { bundled } from "./bundled.ts"

declare const document: { title: string }

document.title = "started"
void run(bundled).then(
  (report) => (document.title = JSON.stringify({ isIsolated: crossOriginIsolated, ...report })),
  (error: unknown) => (document.title = String(error)),
)
