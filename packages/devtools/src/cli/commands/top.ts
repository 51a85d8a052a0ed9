import * as Effect from "effect/Effect"
import { Command, Flag } from "effect/cli"
import { ask, lookInto } from "../look-into.ts"
import { Output, print, say, speechFor, tableWidth } from "../output.ts"
import { checkSeconds, target } from "../parameters.ts"
import type { Subcommand } from "../subcommand.ts"

const once = Flag.Boolean("once").pipe(
  Flag.withDescription("Print one table and end; so it does by itself where the output is no terminal"),
  Flag.withDefault(false),
)

const seconds = Flag.Finite("seconds").pipe(
  Flag.withAlias("s"),
  Flag.withDescription("How long between two looks, 1 if not given"),
  Flag.withDefault(1),
)

const sort = Flag.Literals("sort", ["count", "wait", "state", "name"]).pipe(
  Flag.withDescription("The order to begin with"),
  Flag.withDefault("count" as const),
)

const filter = Flag.String("filter").pipe(
  Flag.withDescription("Only goroutines whose name, state or start site contains it"),
  Flag.withDefault(""),
)

export const top: Subcommand<"top"> = Command.make(
  "top",
  { target, once, seconds, sort, filter },
  Effect.fnUntraced(function* ({ target, once, seconds, sort, filter }) {
    yield* checkSeconds(seconds, 0.1, 3600)
    const output = yield* Output
    const isLive = !once && output.isTerminal && process.stdin.isTTY
    if (!isLive && !once) yield* say("The output is no terminal, so this is one table; --once says the same.")
    const attached = yield* lookInto(target)
    const { places } = yield* speechFor(false)
    const title = places.title(attached)
    if (isLive) {
      const { liveTop } = yield* Effect.promise(() => import("../top/live-top.ts"))
      return yield* liveTop({ attached, title, seconds, state: { sort, filter }, places, isColored: output.isColored })
    }
    const before = yield* ask(attached, () => attached.stats())
    yield* Effect.sleep(`${seconds * 1000} millis`)
    const stats = yield* ask(attached, () => attached.stats())
    const { topText } = yield* Effect.promise(() => import("../top/top-text.ts"))
    const { begin } = yield* Effect.promise(() => import("../top/top-state.ts"))
    const state = { ...begin, sort, filter }
    const lines = topText({ title, stats, before, state, places, columns: yield* tableWidth, ended: undefined })
    yield* print(lines.join("\n"))
  }, Effect.scoped),
).pipe(
  Command.withShortDescription("A live table of what goroutines do"),
  Command.withDescription(
    "Shows goroutines by name, state and start site, with how many there are and how long the oldest has waited; CPU time, event loop and heap of each thread above. The keys stand in the last line. Asking costs the process little, as no stacks are taken; while it is paused nothing is asked.",
  ),
  Command.withExamples([
    { command: "weft top 4242", description: "Live, in the terminal" },
    { command: "weft top server.ts --once --sort wait", description: "One table, the longest waits first" },
  ]),
)
