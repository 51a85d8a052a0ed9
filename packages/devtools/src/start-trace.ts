import { open } from "node:fs/promises"
import { attach } from "./attach/attach.ts"

/** Memory for what a thread has recorded and not written yet. */
const bufferBytes = 16 * 1024 * 1024

export interface TraceOptions {
  /** Every op, and how full channels are; otherwise waits and wake-ups. */
  readonly ops?: boolean
}

export interface OwnTrace extends AsyncDisposable {
  /** Ends it. The file is whole then. */
  stop(): Promise<void>
}

/**
 * Records this process, all its threads, into a file for `weft summary` and `weft ui`, until it is stopped.
 *
 * @example
 * await using _ = await startTrace("work.weft")
 *
 * @see Go: runtime/trace.Start
 * @since 0.3.0
 */
export async function startTrace(path: string, { ops = false }: TraceOptions = {}): Promise<OwnTrace> {
  const file = await open(path, "w", 0o600)
  const attached = await attach(process.pid)
  attached.unref()
  const running = await attached.trace({ ops, bufferBytes }, async (bytes) => {
    await file.write(bytes)
  })
  let stopped: Promise<void> | undefined
  const end = async (): Promise<void> => {
    try {
      await running.stop()
    } finally {
      await attached.detach()
      await file.close()
    }
  }
  const stop = (): Promise<void> => (stopped ??= end())
  return { stop, [Symbol.asyncDispose]: stop }
}
