import type { Command } from "effect/cli"
import type { Output } from "./output.ts"
import type { Processes } from "./processes.ts"
import type { Refused } from "./refused.ts"

/** A command below `weft`. Its parameters are its own affair. */
export type Subcommand<Name extends string> = Command.Command<Name, never, unknown, Refused, Processes | Output>
