import { Command } from "effect/cli"
import { blocked } from "./commands/blocked.ts"
import { dump } from "./commands/dump.ts"
import { leaks } from "./commands/leaks.ts"
import { metrics } from "./commands/metrics.ts"
import { profile } from "./commands/profile.ts"
import { ps } from "./commands/ps.ts"
import { summary } from "./commands/summary.ts"
import { top } from "./commands/top.ts"
import { trace } from "./commands/trace.ts"
import { ui } from "./commands/ui.ts"
import type { Subcommand } from "./subcommand.ts"

export const weft: Subcommand<"weft"> = Command.make("weft").pipe(
  Command.withDescription(
    "Sees what the goroutines of a running process do. The process needs no preparation: weft attaches by its id, and leaves nothing behind.",
  ),
  Command.withSubcommands([ps, dump, blocked, leaks, top, trace, summary, profile, ui, metrics]),
  Command.withExamples([
    { command: "weft ps", description: "Which processes run Weft?" },
    { command: "weft dump 4242", description: "What do the goroutines of process 4242 wait for?" },
    { command: "weft ui server.ts", description: "The same in the browser, with a timeline" },
  ]),
)
