/** Parameters that several commands have. */
import { Argument, Flag } from "effect/cli"

export const target: Argument.Argument<string> = Argument.String("process").pipe(
  Argument.withDescription("A process id, or a part of the title or command that only one process has"),
)

export const json: Flag.Flag<boolean> = Flag.Boolean("json").pipe(
  Flag.withDescription("Print JSON, for other programs"),
  Flag.withDefault(false),
)
