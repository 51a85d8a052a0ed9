import { closeSync, openSync, writeSync } from "node:fs"
import { isMainThread } from "node:worker_threads"
import { attach } from "./attach.ts"

const bufferBytes = 16 * 1024 * 1024

/** Records this process into a file until it ends, which it does not keep up: `WEFT_TRACE=file`. `%p` in the name is the process's number. */
export async function traceFromStart(name: string): Promise<void> {
  if (!isMainThread) return
  const file = openSync(name.replaceAll("%p", String(process.pid)), "w")
  const attached = await attach(process.pid)
  await attached.trace({ ops: process.env.WEFT_TRACE_OPS === "1", bufferBytes }, (bytes) => void writeSync(file, bytes))
  attached.unref()
  process.on("exit", () => closeSync(file))
}
