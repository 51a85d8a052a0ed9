import type { ProcessDump } from "../format/dump.ts"
import type { ProcessLeaks } from "../format/leaks.ts"
import type { ProcessStats } from "../format/stats.ts"
import type { ValueOptions } from "../format/value-options.ts"

/** A process that runs Weft, found without attaching. */
export interface WeftProcess {
  readonly pid: number
  readonly title: string
  readonly command: string
  readonly uptimeSeconds: number
  /** How `attach` gets in: by the inspector, or by the socket that it listens on (`@weft/devtools/agent`). */
  readonly by: "inspector" | "socket"
}

/** Which records to make. */
export interface TraceRequest {
  /** Every op, and how full channels are; otherwise waits and wake-ups. */
  readonly ops: boolean
  /** Bytes of memory for each thread's ring. */
  readonly bufferBytes: number
  /** Values of messages: with ops those of each send and receive, otherwise those of which a goroutine waited. */
  readonly values?: boolean | ValueOptions
}

/** A process that is being looked at. Ended by `detach`, or by its own end. */
export interface Attached extends AsyncDisposable {
  readonly pid: number
  readonly title: string
  readonly argv: ReadonlyArray<string>
  readonly runtime: string
  /** How long the inspector's port was open; 0 where it was not needed. */
  readonly inspectorOpenMillis: number
  /** Settles when the process has ended or the connection is lost; says why. */
  readonly ended: Promise<string>

  /** `values`: also those in the buffers of channels and of senders that wait. */
  dump(options?: { readonly values?: boolean | ValueOptions }): Promise<ProcessDump>
  /** Cheap: counts by group, no stacks. */
  stats(): Promise<ProcessStats>
  /** Collects garbage. Suspects wait for longer than `suspectSeconds`, 60 if not given. */
  leaks(options?: { readonly suspectSeconds?: number }): Promise<ProcessLeaks>
  /** Streams a trace, in the form of a trace file, until `stop` is called or the process ends. `onBytes` may answer a promise: nothing more is read until then. */
  trace(request: TraceRequest, onBytes: (bytes: Uint8Array) => void | Promise<void>): Promise<RunningTrace>
  /** Removes everything from the process. */
  detach(): Promise<void>
}

export interface RunningTrace {
  /** Resolves when the last bytes have been given to `onBytes`. */
  stop(): Promise<void>
}

/** What a flight recorder is asked for, unasked. */
export type RecordedEvent = "deadlock" | "panic" | "loop delay"

export interface Recording {
  /** What the threads have done in the last seconds, as far as their rings go: a trace file. It goes on recording. */
  snapshot(seconds: number): Promise<Uint8Array>
}

/** What `attach` gives. */
export interface AttachedProcess extends Attached {
  /** Records into the threads' memory, until it is detached from: nothing is sent before a snapshot is taken. */
  record(request: TraceRequest, onEvent: (event: RecordedEvent, detail: string) => void): Promise<Recording>
  /** This process may end though it is attached, but not while something is asked. For who attaches to himself. */
  unref(): void
}
