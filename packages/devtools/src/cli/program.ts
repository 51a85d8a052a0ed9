/** The command line from end to end: parameters, services, errors, the exit code. */
import { readFileSync } from "node:fs"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Runtime from "effect/Runtime"
import { CliConfig, CliOutput, Command, GlobalFlag } from "effect/cli"
import { formatter, presenter } from "./formatter.ts"
import { Output, standardOutput } from "./output.ts"
import { realProcesses } from "./processes.ts"
import { weft } from "./weft.ts"

export function runProgram(): void {
  // `weft dump 4242 | head`: whoever read us has seen enough.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" || error.code === "EIO") process.exit(0)
    throw error
  })
  // The terminal was closed: detach as for the others.
  process.once("SIGHUP", () => process.kill(process.pid, "SIGTERM"))
  const layers = Layer.mergeAll(
    realProcesses,
    CliOutput.layer(formatter),
    Layer.unwrap(
      Effect.map(Output, ({ columns, isColored }) => CliOutput.layerPresenter(presenter(columns, isColored))),
    ),
    CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] }),
  ).pipe(Layer.provideMerge(standardOutput))
  Command.run(weft, { version: version() }).pipe(
    Effect.provide(layers),
    Effect.provide(NodeServices.layer),
    NodeRuntime.runMain({ teardown, disableErrorReporting: true }),
  )
}

/** By Ctrl-C; what a command thinks of that stands in `process.exitCode`. */
const interrupted = 130

/** Errors that nobody foresaw are said like the others; where they come from is for those who ask. */
const teardown: Runtime.Teardown = (exit, onExit) => {
  const isUnsaid = Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause)
  if (isUnsaid && Runtime.getErrorReported(Cause.squash(exit.cause))) {
    const error = Cause.squash(exit.cause)
    const message = error instanceof Error ? error.message : String(error)
    const where = process.env["WEFT_DEBUG"] === undefined ? "WEFT_DEBUG=1 shows where." : Cause.pretty(exit.cause)
    process.stderr.write(`weft: Bug: ${message}; please report it. ${where}\n`)
  }
  Runtime.defaultTeardown(exit, (code) => onExit(code === interrupted ? Number(process.exitCode ?? code) : code))
}

function version(): string {
  const json = readFileSync(new URL("../../package.json", import.meta.url), "utf8")
  return (JSON.parse(json) as { readonly version: string }).version
}
