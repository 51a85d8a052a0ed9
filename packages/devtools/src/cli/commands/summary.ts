import { createReadStream } from "node:fs"
import * as Effect from "effect/Effect"
import { Argument, Command } from "effect/cli"
import { attempt } from "../look-into.ts"
import { Output, print, speechFor, tableWidth } from "../output.ts"
import { json } from "../parameters.ts"
import type { Subcommand } from "../subcommand.ts"
import { checkTraceFile } from "../trace-file.ts"

const file = Argument.String("file").pipe(Argument.withDescription("A file that weft trace has written"))

export const summary: Subcommand<"summary"> = Command.make(
  "summary",
  { file, json },
  Effect.fnUntraced(function* ({ file, json }) {
    yield* checkTraceFile(file)
    const { readTimeline } = yield* Effect.promise(() => import("../../trace/timeline.ts"))
    const { summarize } = yield* Effect.promise(() => import("../../trace/summary.ts"))
    const timeline = yield* attempt(() => readTimeline(createReadStream(file)))
    const summary = summarize(timeline)
    if (json) {
      const { write } = yield* Output
      return yield* Effect.promise(() => write(`${JSON.stringify(summary, undefined, 2)}\n`))
    }
    const { summaryText } = yield* Effect.promise(() => import("../../export/summary-text.ts"))
    const { places } = yield* speechFor(false)
    const columns = yield* tableWidth
    yield* print(summaryText(summary, { columns, place: (site) => places.show(site) }).trimEnd())
  }),
).pipe(
  Command.withShortDescription("What took the time in a recorded trace"),
  Command.withDescription(
    "Prints what took the time in a trace: waits by reason and by where goroutines were started, how long those that could run had to wait for it, the longest runs, the channels and locks most waited for.",
  ),
  Command.withExamples([{ command: "weft summary slow.weft", description: "What was slow?" }]),
)
