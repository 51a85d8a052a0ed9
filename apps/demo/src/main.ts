/** The demo's command line: `npm run demo -- ...`. */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Cause, Effect, Exit, type Runtime, Runtime as Runtimes } from "effect"
import { CliConfig, CliError, CliOutput, Command, GlobalFlag, TerminalCapabilities } from "effect/cli"
import { demo } from "./cli/demo.ts"
import { presenter } from "./cli/presenter.ts"
import { screen } from "./terminal/screen.ts"

/** What a shell expects of a program that was called wrongly. */
const BAD_ARGUMENTS = 2

// Through the environment, so that help, errors, chapters and child processes all read one and the same answer.
if (process.argv.includes("--no-color")) {
  process.env["NO_COLOR"] = "1"
  delete process.env["FORCE_COLOR"]
}

const program = Effect.gen(function* () {
  const { canAnimate, canColor } = yield* TerminalCapabilities.TerminalCapabilities
  const options = { animate: canAnimate, color: canColor }
  yield* Command.run(demo(options), { version: "0.1.0" }).pipe(
    Effect.provide(CliOutput.layerPresenter(presenter(screen(options), screen(options, process.stderr)))),
  )
})

const teardown: Runtime.Teardown = (exit, onExit) => {
  const wrong = Exit.isFailure(exit) && CliError.isCliError(Cause.squash(exit.cause))
  Runtimes.defaultTeardown(exit, (code) => onExit(wrong && code !== 0 ? BAD_ARGUMENTS : code))
}

program.pipe(
  Effect.provide(CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version] })),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain({ teardown }),
)
