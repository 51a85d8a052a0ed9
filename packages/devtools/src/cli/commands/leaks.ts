import * as Effect from "effect/Effect"
import { Command } from "effect/cli"
import { ask, lookInto } from "../look-into.ts"
import { Output, print, speechFor } from "../output.ts"
import { json, target } from "../parameters.ts"
import type { Subcommand } from "../subcommand.ts"

export const leaks: Subcommand<"leaks"> = Command.make(
  "leaks",
  { target, json },
  Effect.fnUntraced(function* ({ target, json }) {
    const { report, attached } = yield* Effect.scoped(
      Effect.gen(function* () {
        const attached = yield* lookInto(target)
        const report = yield* ask(attached, () => attached.leaks())
        return { report, attached }
      }),
    )
    if (json) {
      const { write } = yield* Output
      return yield* Effect.promise(() => write(`${JSON.stringify(report, undefined, 2)}\n`))
    }
    const { leaksText } = yield* Effect.promise(() => import("../text/leaks-text.ts"))
    const speech = yield* speechFor(report.threads.length > 1)
    yield* print(leaksText(report, speech.places.title(attached), speech))
  }),
).pipe(
  Command.withShortDescription("Goroutines that nothing can ever wake, proven by the garbage collector"),
  Command.withDescription(
    "Finds goroutines that nothing can ever wake again. For the check each thread collects its garbage once, which stops it for as long as that takes. What nothing in use reaches is then gone: a leaked goroutine's memory is freed, and its finally blocks do not run, as it could never have run again. Also lists suspects: goroutines that can still be woken and have waited for long.",
  ),
  Command.withExamples([
    { command: "weft leaks 4242", description: "Leaked goroutines of process 4242, and where each was started" },
  ]),
)
