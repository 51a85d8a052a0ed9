import { isMainThread } from "node:worker_threads"
import { startTrace } from "../start-trace.ts"

/**
 * Records this process into a file until it ends, which it does not keep up: `WEFT_TRACE=file`. `%p` in the name is the process's number; with `WEFT_TRACE_OPS=1` every op is
 * recorded. What ends by `process.exit` or a signal loses its last tenth of a second.
 */
export async function traceFromStart(name: string): Promise<void> {
  if (!isMainThread) return
  const trace = await startTrace(name.replaceAll("%p", String(process.pid)), {
    ops: process.env.WEFT_TRACE_OPS === "1",
  })
  process.once("beforeExit", () => void trace.stop())
}
