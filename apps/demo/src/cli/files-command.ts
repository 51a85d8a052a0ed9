/** `files`: the demo's files alone, for trying a copied chapter, curl, or `fetch`. */
import { Effect } from "effect"
import { CliError, Command } from "effect/cli"
import { files } from "../server/files.ts"
import { serveFiles } from "../server/server.ts"
import { DEFAULT_PORT } from "../source.ts"
import { paragraph, rows } from "../terminal/layout.ts"
import type { Screen } from "../terminal/screen.ts"
import { inUse, portFlag } from "./port-flag.ts"

export function filesCommand(screen: Screen) {
  return Command.make("files", { port: portFlag("port", DEFAULT_PORT) }, (flags) => serve(screen, flags.port)).pipe(
    Command.withDescription("Serve the files that the chapters fetch, until Ctrl-C"),
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
