/** `browser`: the demo's page, for a browser of one's own. */
import { Effect } from "effect"
import { CliError, Command, Flag } from "effect/cli"
import { buildPage } from "../browser/build-page.ts"
import { servePage } from "../browser/serve-page.ts"
import { paragraph } from "../terminal/layout.ts"
import type { Screen } from "../terminal/screen.ts"
import { inUse, portFlag } from "./port-flag.ts"

const PORT = 8081

export function browserCommand(screen: Screen) {
  const plain = Flag.Boolean("plain").pipe(
    Flag.withoutNegation,
    Flag.withDefault(false),
    Flag.withDescription("Without the headers that give a page shared memory"),
  )
  return Command.make("browser", { port: portFlag("port", PORT), plain }, (flags) => serve(screen, flags)).pipe(
    Command.withDescription(
      "Serve a page that renders the Mandelbrot set on Web Workers, beside an animation that goes on.",
    ),
    Command.withShortDescription("A page with goroutines on Web Workers"),
  )
}

const serve = Effect.fnUntraced(function* (screen: Screen, { plain, port }: { plain: boolean; port: number }) {
  const { bold, dim } = screen.paint
  paragraph(screen, "Bundling the page ...", dim)
  yield* Effect.acquireUseRelease(
    Effect.tryPromise({
      try: async () => servePage(await buildPage(), { port, isolated: !plain }),
      catch: (cause) => new CliError.UserError({ cause, userMessage: inUse(cause, port) }),
    }),
    ({ site }) => {
      screen.line(`  ${bold(site)}`)
      paragraph(screen, "Open it in a browser on this machine. Ctrl-C ends it.", dim)
      return Effect.never
    },
    (server) => Effect.promise(() => server[Symbol.asyncDispose]()),
  )
})
