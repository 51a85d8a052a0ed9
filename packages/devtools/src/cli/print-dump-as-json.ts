import * as Effect from "effect/Effect"
import type { GoroutineDump, ProcessDump } from "../format/dump.ts"
import { Output } from "./output.ts"

/** A part at a time: the JSON of a million goroutines is longer than a string can be. */
export const printDumpAsJson: (dump: ProcessDump) => Effect.Effect<void, never, Output> = Effect.fnUntraced(function* (
  dump: ProcessDump,
) {
  const { write } = yield* Output
  for (const part of jsonParts(dump)) yield* Effect.promise(() => write(part))
})

const goroutinesInPart = 1000

export function* jsonParts(dump: ProcessDump): Generator<string, void> {
  const { threads, ...rest } = dump
  yield `${JSON.stringify(rest).slice(0, -1)},"threads":[`
  for (const [i, { goroutines, ...thread }] of threads.entries()) {
    yield `${i === 0 ? "" : ","}\n${JSON.stringify(thread).slice(0, -1)},"goroutines":[`
    for (let at = 0; at < goroutines.length; at += goroutinesInPart)
      yield (at === 0 ? "\n" : ",\n") + lines(goroutines.slice(at, at + goroutinesInPart))
    yield "]}"
  }
  yield "]}\n"
}

/** One a line, for grep. */
function lines(goroutines: ReadonlyArray<GoroutineDump>): string {
  return goroutines.map((goroutine) => JSON.stringify(goroutine)).join(",\n")
}
