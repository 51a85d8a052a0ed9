import * as Effect from "effect/Effect"
import { Command } from "effect/cli"
import { ask, lookInto } from "../look-into.ts"
import { Output, say } from "../output.ts"
import { target } from "../parameters.ts"
import type { Subcommand } from "../subcommand.ts"
import { silentText } from "../text/silent-text.ts"

export const metrics: Subcommand<"metrics"> = Command.make(
  "metrics",
  { target },
  Effect.fnUntraced(function* ({ target }) {
    const attached = yield* lookInto(target)
    // Utilization and delay are those since the call before.
    yield* ask(attached, () => attached.stats())
    yield* Effect.sleep("1 second")
    const stats = yield* ask(attached, () => attached.stats())
    const { silent, silentThreads = 0 } = stats
    if (silentThreads > 0) yield* say(silentText(silentThreads, silent))
    const { prometheusText } = yield* Effect.promise(() => import("../../export/prometheus.ts"))
    const { write } = yield* Output
    yield* Effect.promise(() => write(prometheusText(stats)))
  }, Effect.scoped),
).pipe(
  Command.withShortDescription("Counts in Prometheus' text format"),
  Command.withDescription(
    "Looks at a process for one second and prints its counts in Prometheus' text format: goroutines by state and by what they do, event loop, heap, CPU time.",
  ),
  Command.withExamples([
    {
      command: "weft metrics 4242 > /var/lib/node_exporter/weft.prom",
      description: "For the textfile collector, from cron",
    },
  ]),
)
