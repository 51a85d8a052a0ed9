/**
 * What an agent and its client say to each other: the frames of a trace file (`trace-file.ts`), and the following.
 *
 * The client sends `Command` frames only, of at most `longestCommand` bytes; whoever sends anything else is cut off.
 */
import type { WaitingSend } from "./dump.ts"
import type { SilentThread } from "./silent-thread.ts"
import type { WantedValues } from "./value-options.ts"

export const WireKind = {
  /** Agent: {@link Hello}, first. */
  Hello: 32,
  /** Client: {@link Command}. */
  Command: 33,
  /** Agent: {@link Reply}. */
  Reply: 34,
  /** Agent: goroutines of a dump: Int32 rows of `DumpColumn`, after the strings that they name (`DumpStrings`). */
  DumpRows: 35,
  /** Agent: `StringsFrame`, that the next rows name: a dump may be asked for while a trace runs. */
  DumpStrings: 36,
} as const

export const longestCommand = 65_536

export interface Hello {
  readonly token: string
  readonly pid: number
  readonly thread: number
  readonly name: string
  readonly title: string
  readonly argv: ReadonlyArray<string>
  readonly runtime: string
  readonly host: string
  readonly cores: number
  readonly uptimeSeconds: number
  /** The wall clock at the thread's zero. */
  readonly zero: number
}

export type Command =
  | { readonly id: number; readonly do: "dump"; readonly mostStacks: number; readonly values?: WantedValues }
  | { readonly id: number; readonly do: "stats" }
  | { readonly id: number; readonly do: "leaks"; readonly suspectSeconds: number }
  | {
      readonly id: number
      readonly do: "trace"
      readonly ops: boolean
      readonly bytes: number
      readonly isStreamed: boolean
      readonly values?: WantedValues
    }
  | { readonly id: number; readonly do: "snapshot"; readonly seconds: number }
  | { readonly id: number; readonly do: "stop" }
  | { readonly id: number; readonly do: "close inspector" }
  | { readonly id: number; readonly do: "detach" }

export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string }
  /** Said unasked: how many threads that this one has started there are, each with an agent, or about to have one; and which, as far as the host tells. */
  | { readonly id: 0; readonly threads: number; readonly known?: ReadonlyArray<SilentThread> }
  /** Said unasked: why a flight recorder is to be asked for a snapshot. */
  | { readonly id: 0; readonly event: "deadlock" | "panic" | "loop delay"; readonly detail: string }

/** Columns of a row, each an Int32; strings by number, 0 for none. */
export const DumpColumn = {
  Id: 0,
  /** bits 0..1 status (0 runnable, 1 running, 2 waiting), 2 main, 3 the stack is its group's. */
  Flags: 1,
  Name: 2,
  Reason: 3,
  Detail: 4,
  WaitMillis: 5,
  Stack: 6,
  StartedAt: 7,
  Parent: 8,
  /** The first object that it waits on; 0 for none. The others stand in the reply. */
  On: 9,
  /** The first goroutine of which one must do something; 0: nobody alone, -1: not known. */
  Waker: 10,
  Length: 11,
} as const

/** What the reply to "dump" has besides rows. */
export interface DumpReply {
  readonly heapUsedBytes: number
  readonly utilization: number
  readonly stacksTaken: number
  readonly longestPauseMillis: number
  readonly objects: ReadonlyArray<{
    readonly id: number
    readonly kind: string
    readonly detail?: string
    readonly length?: number
    readonly capacity?: number
    readonly isClosed?: boolean
    readonly owner?: number
    readonly values?: ReadonlyArray<string>
  }>
  /** By goroutine: all objects and wakers of those that have several. */
  readonly several: ReadonlyArray<{
    readonly id: number
    readonly on: ReadonlyArray<number>
    readonly wakers?: ReadonlyArray<number>
  }>
  /** By goroutine: what it would send. */
  readonly sends?: ReadonlyArray<{ readonly id: number; readonly sends: ReadonlyArray<WaitingSend> }>
  /** Goroutines and channels whose values were left out, as they are too many. */
  readonly valuesLeftOut?: number
}

/** What the reply to "leaks" has: rows of those that are gone and of suspects come as `DumpRows` before, gone ones first. */
export interface LeaksReply extends DumpReply {
  readonly checked: number
  readonly gone: number
  readonly suspects: number
}
