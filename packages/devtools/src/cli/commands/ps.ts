import * as Effect from "effect/Effect"
import { Command, Flag } from "effect/cli"
import type { WeftProcess } from "../../attach/attached.ts"
import { askOnce, attempt } from "../look-into.ts"
import { Output, print, say } from "../output.ts"
import { json } from "../parameters.ts"
import type { Subcommand } from "../subcommand.ts"
import { Processes } from "../processes.ts"
import type { ProcessRow } from "../text/processes-text.ts"

const counts = Flag.Boolean("counts").pipe(
  Flag.withAlias("c"),
  Flag.withDescription("Look into each process for its goroutines and threads, also by the inspector"),
  Flag.withDefault(false),
)

export const ps: Subcommand<"ps"> = Command.make(
  "ps",
  { counts, json },
  Effect.fnUntraced(function* ({ counts, json }) {
    const processes = yield* Processes
    const found = yield* attempt(() => processes.list())
    const rows = yield* Effect.forEach(
      found,
      (each) => (counts || each.by === "socket" ? counted(each) : Effect.succeed<ProcessRow>(each)),
      {
        concurrency: 4,
      },
    )
    if (json) {
      const { write } = yield* Output
      return yield* Effect.promise(() => write(`${JSON.stringify(rows, undefined, 2)}\n`))
    }
    if (rows.length === 0) return yield* say("No process of yours runs Weft.")
    const { processesText } = yield* Effect.promise(() => import("../text/processes-text.ts"))
    // Cut in files and pipes too: a command may be of many thousand characters.
    yield* print(processesText(rows, (yield* Output).columns))
    if (!counts && rows.some((row) => row.goroutines === undefined))
      yield* say("Goroutines and threads of those that don't listen by themselves: weft ps --counts")
  }),
).pipe(
  Command.withShortDescription("The processes that run Weft"),
  Command.withDescription(
    "Lists your processes that run Weft. Nothing is attached to for it, except to processes that listen by themselves (@weft/devtools/agent); --counts attaches to the others as well, for a moment each. Commands that are longer than the line lose their middle; --json has the whole.",
  ),
  Command.withExamples([
    { command: "weft ps", description: "Process ids, uptimes and commands" },
    { command: "weft ps --counts", description: "With the goroutines and threads of each" },
  ]),
)

/** One that can't be looked into is listed all the same. */
const counted = (each: WeftProcess): Effect.Effect<ProcessRow, never, Processes> =>
  askOnce(`${each.pid}`, (attached) => attached.stats()).pipe(
    Effect.timeout("5 seconds"),
    Effect.map(({ threads }) => ({
      ...each,
      goroutines: threads.reduce((sum, thread) => sum + thread.live, 0),
      threads: threads.length,
    })),
    Effect.catch(() => Effect.succeed(each)),
  )
