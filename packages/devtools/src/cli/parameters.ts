/** Parameters that several commands have. */
import * as Effect from "effect/Effect"
import { Argument, Flag } from "effect/cli"
import { type Refused, refuse } from "./refused.ts"

export const target: Argument.Argument<string> = Argument.String("process").pipe(
  Argument.withDescription("A process id, or a part of the title or command that only one process has"),
)

export const json: Flag.Flag<boolean> = Flag.Boolean("json").pipe(
  Flag.withDescription("Print JSON, for other programs"),
  Flag.withDefault(false),
)

export const seconds: Flag.Flag<number> = Flag.Finite("seconds").pipe(
  Flag.withAlias("s"),
  Flag.withDescription("For how long, 5 seconds if not given; Ctrl-C ends it before"),
  Flag.withDefault(5),
)

export const ops: Flag.Flag<boolean> = Flag.Boolean("ops").pipe(
  Flag.withDescription("Record each operation, also those that did not wait, and how full channels are"),
  Flag.withDefault(false),
)

export const checkSeconds = (seconds: number, least: number, most: number): Effect.Effect<void, Refused> =>
  seconds >= least && seconds <= most ? Effect.void : refuse(`--seconds can't be ${seconds}: give ${least} to ${most}.`)
