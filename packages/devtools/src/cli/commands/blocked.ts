import * as Effect from "effect/Effect"
import { Command } from "effect/cli"
import { askOnce } from "../look-into.ts"
import { Output, print, speechFor } from "../output.ts"
import { json, target } from "../parameters.ts"
import type { Subcommand } from "../subcommand.ts"

export const blocked: Subcommand<"blocked"> = Command.make(
  "blocked",
  { target, json },
  Effect.fnUntraced(function* ({ target, json }) {
    const dump = yield* askOnce(target, (attached) => attached.dump())
    if (json) {
      const { blockedAsJson } = yield* Effect.promise(() => import("../blocked-as-json.ts"))
      const { write } = yield* Output
      return yield* Effect.promise(() => write(`${JSON.stringify(blockedAsJson(dump), undefined, 2)}\n`))
    }
    const { blockedText } = yield* Effect.promise(() => import("../text/blocked-text.ts"))
    yield* print(blockedText(dump, yield* speechFor(dump.threads.length > 1)))
  }),
).pipe(
  Command.withShortDescription("Who waits for whom; deadlocks, also of a part of the program"),
  Command.withDescription(
    "Prints who waits for whom: goroutines that are deadlocked, though the rest of the program runs on, with the ring that they wait in and all who wait behind it; who holds up whom; and what goroutines wait on that anybody might do. Only certain deadlocks are named: one that began less than a moment ago shows when you ask again.",
  ),
  Command.withExamples([{ command: "weft blocked 4242", description: "What holds up the goroutines of process 4242" }]),
)
