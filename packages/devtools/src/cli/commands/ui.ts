import { existsSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Argument, Command, Flag } from "effect/cli"
import { endedByUser } from "../ended-by-user.ts"
import { attempt, lookInto } from "../look-into.ts"
import { print, say } from "../output.ts"
import { refuse } from "../refused.ts"
import type { Subcommand } from "../subcommand.ts"
import { bold } from "../text/paint.ts"

const source = Argument.String("process-or-file").pipe(
  Argument.withDescription(
    "A process id, a part of the title or command that only one process has, or a file that weft trace has written",
  ),
)

const port = Flag.Int("port").pipe(
  Flag.withDescription("The port on 127.0.0.1; a free one if not given"),
  Flag.optional,
)

export const ui: Subcommand<"ui"> = Command.make(
  "ui",
  { source, port },
  Effect.fnUntraced(function* ({ source, port }) {
    const { serve } = yield* Effect.promise(() => import("../../web/serve.ts"))
    const isFile = !/^\d+$/.test(source) && existsSync(source)
    if (!isFile && /[/\\]|\.weft$/.test(source)) return yield* refuse(`There is no file ${source}: look at the path.`)
    const shown = isFile ? source : yield* lookInto(source)
    const options = Option.match(port, { onNone: () => ({}), onSome: (port) => ({ port }) })
    const served = yield* Effect.acquireRelease(
      attempt(() => serve({ source: shown, ...options })),
      (served) =>
        Effect.ignore(
          Effect.timeout(
            attempt(() => served.close()),
            "3 seconds",
          ),
        ),
    )
    yield* endedByUser
    yield* print(bold(served.url))
    yield* say("Only this machine can open it, and only with the token in the address. Ctrl-C ends it.")
    if (typeof shown === "string") return yield* Effect.never
    const why = yield* attempt(() => shown.ended)
    yield* say(`${why}; the page keeps what it has.`)
    return yield* Effect.never
  }, Effect.scoped),
).pipe(
  Command.withShortDescription("The same in the browser: live charts, timeline, wait graph"),
  Command.withDescription(
    "Shows a process, or a recorded trace, in the browser: live charts, the goroutines, a timeline, the wait-for graph, channels, locks and leaks. The page is served on 127.0.0.1, to nobody without the token.",
  ),
  Command.withExamples([
    { command: "weft ui 4242", description: "Process 4242, live" },
    { command: "weft ui slow.weft", description: "A trace recorded by weft trace" },
  ]),
)
