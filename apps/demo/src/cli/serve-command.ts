/** `serve`: the demo's server alone, for trying a copied chapter, curl, or `fetch`. */
import { Effect } from "effect"
import { CliError, Command, Flag } from "effect/cli"
import { files } from "../server/files.ts"
import { serveFiles } from "../server/server.ts"
import { DEFAULT_PORT } from "../source.ts"
import { paragraph, rows } from "../terminal/layout.ts"
import type { Screen } from "../terminal/screen.ts"
import { between } from "./between.ts"

export function serveCommand(screen: Screen) {
  const port = Flag.Int("port").pipe(
    between(0, 65_535),
    Flag.withDefault(DEFAULT_PORT),
    Flag.withDescription(`Port on loopback, 0 for any free one (default ${DEFAULT_PORT})`),
  )
  return Command.make("serve", { port }, (flags) => serve(screen, flags.port)).pipe(
    Command.withDescription("Serve the demo's files until Ctrl-C"),
  )
}

const serve = Effect.fnUntraced(function* (screen: Screen, port: number) {
  yield* Effect.acquireUseRelease(
    Effect.tryPromise({
      try: () => serveFiles(port),
      catch: (cause) => new CliError.UserError({ cause, userMessage: inUse(cause, port) }),
    }),
    (server) => {
      const { bold, cyan, dim } = screen.paint
      screen.line(`  ${bold(server.site)}`)
      rows(
        screen,
        files.map(({ about, delayMillis, path }) => ({
          left: path,
          right: delayMillis === 0 ? about : `${about}, after ${delayMillis} ms`,
        })),
        cyan,
      )
      paragraph(screen, "Ctrl-C ends it.", dim)
      return Effect.never
    },
    (server) => Effect.promise(() => server[Symbol.asyncDispose]()),
  )
})

export const inUse = (cause: unknown, port: number): string =>
  (cause as NodeJS.ErrnoException).code === "EADDRINUSE"
    ? `Port ${port} is in use; choose another with --port, or --port 0 for any free one.`
    : String(cause)
