import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Command, Flag } from "effect/cli"
import { endedByUser } from "../ended-by-user.ts"
import { lookInto } from "../look-into.ts"
import { print } from "../output.ts"
import { refuse } from "../refused.ts"
import { checkSeconds, ops, redact, seconds, target, values, valuesOf } from "../parameters.ts"
import type { Subcommand } from "../subcommand.ts"

const output = Flag.String("output").pipe(
  Flag.withAlias("o"),
  Flag.withDescription("The file to write; one named after the process and the time if not given"),
  Flag.optional,
)

const format = Flag.Literals("format", ["weft", "perfetto", "json"]).pipe(
  Flag.withDescription("weft for weft summary and weft ui; perfetto for ui.perfetto.dev; json for Chrome's DevTools"),
  Flag.withDefault("weft" as const),
)

export const trace: Subcommand<"trace"> = Command.make(
  "trace",
  { target, seconds, output, ops, values, redact, format },
  Effect.fnUntraced(function* ({ target, seconds, output, format, ...records }) {
    yield* checkSeconds(seconds, 0.1, 86_400)
    const values = yield* valuesOf(records.values, records.redact)
    const ops = records.ops || values !== false
    if (values !== false && format !== "weft")
      return yield* refuse(`--format ${format} has no place for values: leave out --format or --values.`)
    const { traceInto } = yield* Effect.promise(() => import("../trace-into.ts"))
    const attached = yield* lookInto(target)
    const path = Option.getOrElse(output, () => `weft-${attached.pid}-${timestamp()}${extensions[format]}`)
    yield* endedByUser
    yield* Effect.uninterruptible(Effect.flatMap(traceInto(path, format, attached, { seconds, ops, values }), print))
  }, Effect.scoped),
).pipe(
  Command.withShortDescription("Records what goroutines do, into a file"),
  Command.withDescription(
    "Records what the goroutines of a process do: when each runs, waits and for what, and who wakes whom; garbage collections and event loop delays; regions and logs of the program's own. What messages contain is recorded only with --values, which records each operation (--ops).",
  ),
  Command.withExamples([
    { command: "weft trace 4242 --seconds 10 -o slow.weft", description: "Ten seconds, for weft summary and weft ui" },
    {
      command: "weft trace 4242 --values --redact iban,phone",
      description: "With what is sent and received, but for what these keys, and those always left out, stand for",
    },
    { command: "weft trace server.ts --format perfetto", description: "Five seconds, to be opened at ui.perfetto.dev" },
  ]),
)

const extensions = { weft: ".weft", perfetto: ".perfetto-trace", json: ".trace.json" }

/** "20261127-221811" */
function timestamp(): string {
  return new Date().toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-")
}
