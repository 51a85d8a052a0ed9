/** Parameters that several commands have. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Argument, Flag } from "effect/cli"
import { keysIn, type ValueOptions, wantedValues } from "../format/value-options.ts"
import { type Refused, refuse, refused } from "./refused.ts"

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

export const values: Flag.Flag<boolean> = Flag.Boolean("values").pipe(
  Flag.withDescription(
    "Show what messages contain, as short texts. Values of keys like password, token or cookie are left out, but a text may hold a secret anywhere",
  ),
  Flag.withDefault(false),
)

export const redact: Flag.Flag<Option.Option<string>> = Flag.String("redact").pipe(
  Flag.withDescription("With --values: more keys whose values are left out, separated by commas"),
  Flag.optional,
)

/** What `--values` and `--redact` say together. */
export const valuesOf = (
  values: boolean,
  redact: Option.Option<string>,
): Effect.Effect<boolean | ValueOptions, Refused> => {
  if (Option.isNone(redact)) return Effect.succeed(values)
  if (!values) return refuse("--redact is about what --values shows: give both.")
  return Effect.try({
    try: () => {
      const wanted = { redact: keysIn(redact.value) }
      wantedValues(wanted)
      return wanted
    },
    catch: refused,
  })
}

export const checkSeconds = (seconds: number, least: number, most: number): Effect.Effect<void, Refused> =>
  seconds >= least && seconds <= most ? Effect.void : refuse(`--seconds can't be ${seconds}: give ${least} to ${most}.`)
