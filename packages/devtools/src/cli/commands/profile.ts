import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Command, Flag } from "effect/cli"
import { endedByUser } from "../ended-by-user.ts"
import { attempt, lookInto } from "../look-into.ts"
import { Output, say } from "../output.ts"
import { checkSeconds, seconds, target } from "../parameters.ts"
import { refuse } from "../refused.ts"
import type { Subcommand } from "../subcommand.ts"
import { count } from "../text/quantity.ts"
import { silentText } from "../text/silent-text.ts"

const format = Flag.Literals("format", ["folded", "pprof", "speedscope"]).pipe(
  Flag.withDescription("folded for flame graphs, pprof for go tool pprof, speedscope for speedscope.app"),
  Flag.withDefault("folded" as const),
)

const output = Flag.String("output").pipe(
  Flag.withAlias("o"),
  Flag.withDescription("The file to write; standard output if not given"),
  Flag.optional,
)

export const profile: Subcommand<"profile"> = Command.make(
  "profile",
  { target, seconds, format, output },
  Effect.fnUntraced(function* ({ target, seconds, format, output }) {
    yield* checkSeconds(seconds, 0.1, 86_400)
    const { isTerminal, write } = yield* Output
    const path = Option.getOrUndefined(output)
    if (format === "pprof" && path === undefined && isTerminal)
      return yield* refuse("A pprof profile is no text: name a file with -o, or lead the output into one.")
    const { profileOf } = yield* Effect.promise(() => import("../profile-of.ts"))
    const { writeFile } = yield* Effect.promise(() => import("../private-file.ts"))
    // First: a file that can't be written shows before the time is spent.
    const file = path === undefined ? undefined : yield* writeFile(path)
    const attached = yield* lookInto(target)
    yield* say(`Recording process ${attached.pid} for ${seconds} s; Ctrl-C ends it before.`)
    yield* endedByUser
    yield* Effect.uninterruptible(
      Effect.gen(function* () {
        const { bytes, counter, recorded } = yield* profileOf(attached, format, { seconds, ops: false })
        const { dropped, records, silent, silentThreads } = counter
        yield* attempt(() => (file?.write ?? write)(bytes))
        if (recorded.endedEarly !== undefined)
          yield* say(`It ended early, after ${recorded.seconds.toFixed(1)} s: ${recorded.endedEarly}.`)
        if (records === 0) yield* say("Nothing was recorded: no goroutine has run meanwhile.")
        if (silentThreads > 0) yield* say(silentText(silentThreads, silent))
        if (dropped > 0) yield* say(`${count(dropped, "record")} were lost: the times are too low.`)
      }),
    )
  }, Effect.scoped),
).pipe(
  Command.withShortDescription("Where running and waiting time goes, by start site, for flame graphs and pprof"),
  Command.withDescription(
    "Adds up for how long goroutines run, could run, and wait for what, by where they were started. A CPU profile shows only the first of these.",
  ),
  Command.withExamples([
    { command: "weft profile 4242 | flamegraph.pl > profile.svg", description: "A flame graph of five seconds" },
    {
      command: "weft profile 4242 --format pprof -o profile.pb.gz",
      description: "Then: go tool pprof -http : profile.pb.gz",
    },
  ]),
)
