import { isMainThread } from "node:worker_threads"
import { keysIn, type ValueOptions } from "../format/value-options.ts"
import { startTrace } from "../start-trace.ts"

/**
 * Records this process into a file until it ends, which it does not keep up: `WEFT_TRACE=file`. `%p` in the name is the process's number; with `WEFT_TRACE_OPS=1` every op is
 * recorded, with `WEFT_TRACE_VALUES=1` also what messages contain, and with a list of keys (`WEFT_TRACE_VALUES=iban,phone`) the values of these are left out too. What ends by `process.exit` or a signal loses its last tenth of a second.
 */
export async function traceFromStart(name: string): Promise<void> {
  if (!isMainThread) return
  const trace = await startTrace(name.replaceAll("%p", String(process.pid)), {
    ops: process.env.WEFT_TRACE_OPS === "1",
    values: valuesOf(process.env.WEFT_TRACE_VALUES),
  })
  process.once("beforeExit", () => void trace.stop())
}

function valuesOf(setting = ""): boolean | ValueOptions {
  if (setting === "" || setting === "0") return false
  return setting === "1" ? true : { redact: keysIn(setting) }
}
