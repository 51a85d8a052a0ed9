import * as Effect from "effect/Effect"
import type { Attached } from "../attach/attached.ts"
import type { ValueOptions } from "../format/value-options.ts"
import { attempt } from "./look-into.ts"
import type { Refused } from "./refused.ts"

export interface Recording {
  readonly seconds: number
  readonly ops: boolean
  readonly values?: boolean | ValueOptions
  readonly onBytes: (bytes: Uint8Array) => void | Promise<void>
}

export interface Recorded {
  readonly seconds: number
  /** Why it was not recorded for as long as was asked for. */
  readonly endedEarly: string | undefined
}

/** Of each thread; the memory is in the process that is traced. */
const bufferBytes = 16 * 1024 * 1024

/**
 * Records until the time is over, the process has ended, or somebody presses Ctrl-C.
 *
 * To be run uninterruptibly, with what is made of the recording: Ctrl-C ends the recording only, and what there is by then is kept.
 */
export const record: (attached: Attached, recording: Recording) => Effect.Effect<Recorded, Refused> = Effect.fnUntraced(
  function* (attached: Attached, { onBytes, ops, seconds, values = false }: Recording) {
    const running = yield* attempt(() => attached.trace({ ops, bufferBytes, values }, onBytes))
    const began = performance.now()
    const over = Effect.as(Effect.sleep(`${seconds * 1000} millis`), undefined)
    const ended = attempt(() => attached.ended)
    const exit = yield* Effect.exit(Effect.interruptible(Effect.raceFirst(over, ended)))
    const took = (performance.now() - began) / 1000
    yield* attempt(() => running.stop())
    return { seconds: took, endedEarly: exit._tag === "Success" ? exit.value : "you have stopped it" }
  },
)
