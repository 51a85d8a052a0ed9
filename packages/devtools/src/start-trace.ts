import { open } from "node:fs/promises"
import { attach } from "./attach/attach.ts"
import { type ValueOptions, wantedValues } from "./format/value-options.ts"

/** Memory for what a thread has recorded and not written yet. */
const bufferBytes = 16 * 1024 * 1024

export interface TraceOptions {
  /** Every op, and how full channels are; otherwise waits and wake-ups. */
  readonly ops?: boolean
  /** What each message contains, as a short text, secrets left out by their keys ({@link ValueOptions}). Never unless asked for. Records every op. */
  readonly values?: boolean | ValueOptions
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
export async function startTrace(path: string, { ops = false, values }: TraceOptions = {}): Promise<OwnTrace> {
  // Before a file is made.
  const isOfAll = ops || wantedValues(values) !== undefined
  const file = await open(path, "w", 0o600)
  // Also one that was there is its owner's alone from now on.
  if ((await file.stat()).isFile()) await file.chmod(0o600)
  const attached = await attach(process.pid)
  attached.unref()
  const running = await attached.trace(
    { ops: isOfAll, bufferBytes, ...(values === undefined ? {} : { values }) },
    async (bytes) => {
      await file.write(bytes)
    },
  )
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
