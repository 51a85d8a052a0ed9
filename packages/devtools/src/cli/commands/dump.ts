import * as Effect from "effect/Effect"
import { Command, Flag } from "effect/cli"
import { askOnce } from "../look-into.ts"
import { Output, print, speechFor } from "../output.ts"
import { json, redact, target, values, valuesOf } from "../parameters.ts"
import type { Subcommand } from "../subcommand.ts"
import { longestValue, type ValueOptions, wantedValues } from "../../format/value-options.ts"
import { printDumpAsJson } from "../print-dump-as-json.ts"

const all = Flag.Boolean("all").pipe(
  Flag.withAlias("a"),
  Flag.withDescription("List each goroutine by itself instead of alike ones together"),
  Flag.withDefault(false),
)

export const dump: Subcommand<"dump"> = Command.make(
  "dump",
  { target, all, json, values, redact },
  Effect.fnUntraced(function* ({ target, all, json, ...shown }) {
    const { columns } = yield* Output
    const values = yield* valuesOf(shown.values, shown.redact)
    const dump = yield* askOnce(target, (attached) =>
      attached.dump({ values: json ? values : asWide(values, columns) }),
    )
    if (json) return yield* printDumpAsJson(dump)
    const { dumpText, oneByOne } = yield* Effect.promise(() => import("../text/dump-text.ts"))
    const speech = yield* speechFor(dump.threads.length > 1)
    yield* print(all ? dumpText(dump, speech, oneByOne(dump)) : dumpText(dump, speech))
  }),
).pipe(
  Command.withShortDescription("What every goroutine is doing, and where"),
  Command.withDescription(
    "Prints what every goroutine of a process is doing: its state, what it waits for and for how long, its stack, and where it was started. Goroutines that do the same at the same place stand together, most numerous first. What messages contain is shown only with --values: those in buffers of channels, and those of senders that wait.",
  ),
  Command.withExamples([
    { command: "weft dump 4242", description: "All goroutines of process 4242" },
    {
      command: "weft dump server.ts --json",
      description: "Those of the process that runs server.ts, for other programs",
    },
    { command: "weft dump 4242 --values", description: "With what waits in channels and with senders" },
  ]),
)

/** On a wide terminal longer ones than usual: as long as its lines. */
function asWide(values: boolean | ValueOptions, columns: number): boolean | ValueOptions {
  const usual = wantedValues(values)
  if (usual === undefined) return false
  return { ...usual, maxLength: Math.min(longestValue, Math.max(usual.maxLength, columns)) }
}
