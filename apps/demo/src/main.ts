/** The demo's command line: `npm run demo -- ...`. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Cause, Effect, Exit, type Runtime, Runtime as Runtimes } from "effect"
import { CliConfig, CliError, CliOutput, Command, GlobalFlag, TerminalCapabilities } from "effect/cli"
import { demo } from "./cli/demo.ts"
import { formatter, presenter } from "./cli/presenter.ts"
import { screen } from "./terminal/screen.ts"

/** What a shell expects of a program that was called wrongly. */
const BAD_ARGUMENTS = 2

// Through the environment, so that help, errors, chapters and child processes all read one and the same answer.
if (process.argv.includes("--no-color")) {
  process.env["NO_COLOR"] = "1"
  delete process.env["FORCE_COLOR"]
}

// `npm run demo | head`: whoever read us has seen enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0)
  throw error
})

const program = Effect.gen(function* () {
  const { canAnimate, canColor } = yield* TerminalCapabilities.TerminalCapabilities
  const options = { animate: canAnimate, color: canColor }
  const err = screen(options, process.stderr)
  yield* Command.run(demo(options), { version: "0.1.0" }).pipe(
    Effect.provide(CliOutput.layerPresenter(presenter(screen(options), err))),
    Effect.provide(CliOutput.layer(formatter(err))),
  )
})

const teardown: Runtime.Teardown = (exit, onExit) => {
  const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
  const misused = CliError.isCliError(error) && error._tag === "ShowHelp" && error.errors.length > 0
  Runtimes.defaultTeardown(exit, (code) => {
    if (code === 1 && Exit.isFailure(exit) && Runtimes.getErrorReported(error)) console.error(Cause.pretty(exit.cause))
    onExit(misused ? BAD_ARGUMENTS : code)
  })
}

program.pipe(
  Effect.provide(CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version] })),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain({ teardown, disableErrorReporting: true }), // that would go to stdout, among the results,
)
