/** `serve`: a web service that can be made to misbehave, and the devtools beside it. */
import { Effect } from "effect"
import { CliError, Command } from "effect/cli"
import { observe } from "../observed/observe.ts"
import { type Service, startService } from "../observed/start-service.ts"
import { paragraph, rows } from "../terminal/layout.ts"
import type { Screen } from "../terminal/screen.ts"
import { inUse, portFlag } from "./port-flag.ts"

const PORT = 8082
const UI_PORT = 8083

export function serveCommand(screen: Screen) {
  const port = portFlag("port", PORT, "The service's port")
  const uiPort = portFlag("ui-port", UI_PORT, "The devtools' port")
  return Command.make("serve", { port, uiPort }, (flags) => Effect.scoped(serve(screen, flags))).pipe(
    Command.withDescription(
      "Run a web service in a process of its own, with switches that make it leak, deadlock or starve, and the devtools beside it, attached to that process.",
    ),
    Command.withShortDescription("A web service that misbehaves, and the devtools"),
  )
}

const serve = Effect.fnUntraced(function* (
  screen: Screen,
  { port, uiPort }: { readonly port: number; readonly uiPort: number },
) {
  const { bold, cyan, dim, red } = screen.paint
  paragraph(screen, "Starting the service, and attaching to it ...", dim)
  const service = yield* started(
    () => startService(port, (line) => screen.line(`  ${red("│")} ${line}`)),
    (cause) => inUse(cause, port),
  )
  const page = yield* started(
    () => observe(service.pid, uiPort),
    (cause) => inUse(cause, uiPort, "ui-port"),
  )
  screen.line()
  screen.line(`  ${dim("the service")}   ${bold(service.site)}`)
  screen.line(`  ${dim("the devtools")}  ${bold(page.url)}`)
  screen.line()
  paragraph(screen, "Turn a switch on the service's page, and find the line of code. Also from another terminal:")
  screen.line()
  rows(screen, commands(service), cyan)
  screen.line()
  paragraph(screen, "docs/devtools-walkthrough.md goes through it. Ctrl-C ends it.", dim)
  yield* Effect.promise(() => service.ended)
  return yield* new CliError.UserError({ cause: undefined, userMessage: "The service has ended." })
})

const started = <A extends AsyncDisposable>(start: () => Promise<A>, inWords: (cause: unknown) => string) =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: start,
      catch: (cause) => new CliError.UserError({ cause, userMessage: inWords(cause) }),
    }),
    (thing) => Effect.promise(() => thing[Symbol.asyncDispose]()),
  )

const commands = ({ pid }: Service) =>
  [
    ["dump", "what every goroutine waits for, and where"],
    ["blocked", "who waits for whom, and deadlocks"],
    ["leaks", "who can never be woken"],
    ["top", "a live table"],
    ["trace", "what happens in the next seconds"],
  ].map(([command, right]) => ({ left: `npm run weft -- ${command} ${pid}`, right: right! }))
