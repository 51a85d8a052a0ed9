import * as Effect from "effect/Effect"
import type { Attached } from "../attach/attached.ts"
import { TimelineBuilder } from "../trace/timeline.ts"
import { attempt } from "./look-into.ts"
import { type Output, say } from "./output.ts"
import { type PrivateFile, writeFile } from "./private-file.ts"
import { record, type Recorded, type Recording } from "./record.ts"
import type { Refused } from "./refused.ts"
import { bold, yellow } from "./text/paint.ts"
import { bytes, count } from "./text/quantity.ts"
import { silentText } from "./text/silent-text.ts"
import { TraceCounter } from "./trace-counter.ts"

export type TraceFormat = "weft" | "perfetto" | "json"

/** Records a trace into a file. Answers what there is to say about it. */
export const traceInto = (
  path: string,
  format: TraceFormat,
  attached: Attached,
  recording: Omit<Recording, "onBytes">,
): Effect.Effect<string, Refused, Output> =>
  Effect.scoped(
    Effect.gen(function* () {
      // First: a file that can't be written shows before the time is spent.
      const file = yield* writeFile(path)
      yield* say(`Recording process ${attached.pid} for ${recording.seconds} s; Ctrl-C ends it before.`)
      const into = format === "weft" ? asItComes(file) : converted(file, format)
      const recorded = yield* record(attached, { ...recording, onBytes: into.take })
      yield* into.finish
      return facts(file, format, recorded, into.counter)
    }),
  )

interface Into {
  readonly counter: TraceCounter
  readonly take: (bytes: Uint8Array) => void | Promise<void>
  readonly finish: Effect.Effect<void, Refused>
}

function asItComes(file: PrivateFile): Into {
  const counter = new TraceCounter()
  return {
    counter,
    take: (bytes) => {
      counter.take(bytes)
      return file.write(bytes)
    },
    finish: Effect.void,
  }
}

function converted(file: PrivateFile, format: "perfetto" | "json"): Into {
  const builder = new TimelineBuilder()
  const counter = new TraceCounter((frame) => builder.add(frame))
  const write = async (): Promise<void> => {
    for (const chunk of (await converter(format))(builder.timeline())) await file.write(chunk)
  }
  return { counter, take: (bytes) => counter.take(bytes), finish: attempt(write) }
}

async function converter(format: "perfetto" | "json") {
  return format === "perfetto"
    ? (await import("../export/perfetto.ts")).perfettoTrace
    : (await import("../export/chrome.ts")).chromeTrace
}

const openIt: Record<TraceFormat, (path: string) => string> = {
  weft: (path) => `weft summary ${path} says what took the time, weft ui ${path} shows it.`,
  perfetto: () => "Open it at https://ui.perfetto.dev, which keeps it in your browser.",
  json: () => "Load it in the Performance panel of Chrome's DevTools.",
}

function facts(
  file: PrivateFile,
  format: TraceFormat,
  recorded: Recorded,
  { dropped, droppedValues, records, silent, silentThreads }: TraceCounter,
): string {
  const lines = [
    `${bold(file.path)}: ${bytes(file.size())}, ${count(records, "record")} of ${recorded.seconds.toFixed(1)} s`,
    openIt[format](file.path),
  ]
  if (silentThreads > 0) lines.push(yellow(silentText(silentThreads, silent)))
  if (recorded.endedEarly !== undefined) lines.push(yellow(`It ended early: ${recorded.endedEarly}.`))
  if (dropped > 0)
    lines.push(
      yellow(`${count(dropped, "record")} more were lost, as the program made them faster than they could be sent.`),
    )
  if (droppedValues > 0)
    lines.push(
      yellow(
        `${count(droppedValues, "value")} of messages were lost, as the program made them faster than they could be sent.`,
      ),
    )
  return lines.join("\n")
}
