import * as Effect from "effect/Effect"
import type { Attached } from "../attach/attached.ts"
import { type Timeline, TimelineBuilder } from "../trace/timeline.ts"
import { attempt } from "./look-into.ts"
import { record, type Recorded, type Recording } from "./record.ts"
import type { Refused } from "./refused.ts"
import { TraceCounter } from "./trace-counter.ts"

export type ProfileFormat = "folded" | "pprof" | "speedscope"

export interface Profile {
  readonly bytes: Uint8Array
  readonly recorded: Recorded
  readonly counter: TraceCounter
}

/** Records for a while, and adds up where the time went. To be run uninterruptibly, like `record`. */
export const profileOf = (
  attached: Attached,
  format: ProfileFormat,
  recording: Omit<Recording, "onBytes">,
): Effect.Effect<Profile, Refused> =>
  Effect.gen(function* () {
    const builder = new TimelineBuilder()
    const counter = new TraceCounter((frame) => builder.add(frame))
    const recorded = yield* record(attached, { ...recording, onBytes: (bytes) => counter.take(bytes) })
    const bytes = yield* attempt(() => formatted(builder.timeline(), format))
    return { bytes, recorded, counter }
  })

async function formatted(timeline: Timeline, format: ProfileFormat): Promise<Uint8Array> {
  if (format === "pprof") return (await import("../export/pprof.ts")).pprofProfile(timeline)
  if (format === "folded") return Buffer.from((await import("../export/folded.ts")).foldedStacks(timeline))
  return Buffer.from(JSON.stringify((await import("../export/speedscope.ts")).speedscopeFile(timeline)))
}
