/** Runs the command line in this process, against processes that are made up. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { Command } from "effect/cli"
import type { Attached, WeftProcess } from "../../src/attach/attached.ts"
import { Output } from "../../src/cli/output.ts"
import { Processes } from "../../src/cli/processes.ts"
import { weft } from "../../src/cli/weft.ts"

export interface World {
  readonly processes?: ReadonlyArray<WeftProcess>
  readonly attach?: (pid: number) => Promise<Attached>
  /** Of the terminal; without it there is none. */
  readonly columns?: number
}

export interface Ran {
  readonly out: string
  readonly said: ReadonlyArray<string>
  /** Of a failure. */
  readonly error: string | undefined
}

export async function runWeft(args: ReadonlyArray<string>, world: World): Promise<Ran> {
  const out: Array<Uint8Array> = []
  const said: Array<string> = []
  const layers = Layer.mergeAll(
    NodeServices.layer,
    Layer.succeed(Processes, {
      list: () => Promise.resolve(world.processes ?? []),
      attach: world.attach ?? ((pid) => Promise.reject(new Error(`weft: no process ${pid}; look at weft ps`))),
    }),
    Layer.succeed(Output, {
      columns: world.columns ?? 100,
      isTerminal: world.columns !== undefined,
      isColored: false,
      directory: "/srv/shop",
      write: (chunk) => Promise.resolve(void out.push(Buffer.from(chunk))),
      say: (line) => void said.push(line),
    }),
  )
  const run = Command.runWith(weft, { version: "0.0.0", renderErrors: false })(args)
  const exit = await Effect.runPromiseExit(Effect.provide(run, layers))
  const error = Exit.isSuccess(exit)
    ? undefined
    : exit.cause.reasons.map((reason) => String((reason as { error?: Error }).error?.message)).join()
  return { out: Buffer.concat(out).toString(), said, error }
}
