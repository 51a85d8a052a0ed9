/**
 * Presenter: help, version and mistakes on the command line.
 *
 * A mistake gets the one sentence that helps, on stderr; the whole help would push that sentence off the screen.
 */
import { Effect, Option } from "effect"
import { type CliError, CliOutput, type HelpDoc } from "effect/cli"
import { paragraph, type Row, rows } from "../terminal/layout.ts"
import type { Screen } from "../terminal/screen.ts"
import { wrap } from "../terminal/wrap.ts"
import { NAME } from "./name.ts"

/** What a command itself says went wrong. */
export function formatter(err: Screen): CliOutput.Formatter {
  const { formatCliError, formatErrors, formatHelpDoc, formatVersion } = CliOutput.defaultFormatter()
  const formatError = (error: Error) => wrap(`${err.paint.red("✗")} ${error.message}`, err.columns, "  ").join("\n")
  return { formatCliError, formatError, formatErrors, formatHelpDoc, formatVersion }
}

export function presenter(out: Screen, err: Screen): CliOutput.Presenter {
  return {
    present: (event) =>
      Effect.sync(() => {
        if (event._tag === "Help") help(out, event.helpDoc)
        else if (event._tag === "Version") out.line(`weft demo ${event.version}`)
        else mistakes(err, event.errors, event.commandPath)
      }),
  }
}

function mistakes(
  screen: Screen,
  errors: ReadonlyArray<CliError.NonShowHelpErrors>,
  path: ReadonlyArray<string>,
): void {
  const { cyan, red } = screen.paint
  for (const error of errors)
    for (const line of wrap(`${red("✗")} ${sentence(error)}`, screen.columns, "  ")) screen.line(line)
  const inFetchOrServe = path.length > 1
  const hint = inFetchOrServe ? `${path.join(" ")} --help` : `${NAME} list`
  paragraph(screen, `${cyan(hint)}  ${inFetchOrServe ? "says what it takes" : "names the chapters"}`)
}

function sentence(error: CliError.NonShowHelpErrors): string {
  switch (error._tag) {
    case "UnknownSubcommand":
      return `There is no chapter or command "${error.subcommand}".${didYouMean(error.suggestions)}`
    case "UnrecognizedOption":
      return `There is no flag ${error.option} here.${didYouMean(error.suggestions)}`
    case "UnexpectedArgument":
      return `${error.arguments.map((argument) => `"${argument}"`).join(", ")}: nothing more is expected here.`
    case "MissingArgument":
      return `Name at least one ${error.argument}.`
    case "InvalidValue":
      return `${error.kind === "flag" ? `--${error.option}` : error.option} "${error.value}": expected ${expectation(error.expected)}.`
    default:
      return error.message
  }
}

const expectation = (expected: string): string => expected.replace(/^Expected:? /, "").replace(/\.$/, "")

const didYouMean = (suggestions: ReadonlyArray<string>): string =>
  suggestions.length === 0 ? "" : ` Did you mean ${suggestions.join(" or ")}?`

function help(screen: Screen, doc: HelpDoc.HelpDoc): void {
  const { bold, cyan, dim, green } = screen.paint
  const section = (title: string, items: ReadonlyArray<Row>, style = green) => {
    if (items.length === 0) return
    screen.line()
    screen.line(bold(title))
    rows(screen, items, style)
  }
  paragraph(screen, doc.description, undefined, "")
  screen.line()
  screen.line(bold("Usage"))
  paragraph(screen, doc.usage, cyan)
  section(
    "Arguments",
    (doc.args ?? []).map((arg) => ({ left: arg.name, right: Option.getOrElse(arg.description, () => "") })),
  )
  section("Flags", [...doc.flags, ...(doc.globalFlags ?? [])].map(flagRow))
  for (const { commands, group } of doc.subcommands ?? []) {
    section(
      group ?? "Commands",
      commands.map((command) => ({ left: command.name, right: command.shortDescription ?? command.description })),
      cyan,
    )
  }
  if (doc.examples === undefined || doc.examples.length === 0) return
  screen.line()
  screen.line(bold("Examples"))
  for (const { command, description = "" } of doc.examples) {
    paragraph(screen, description, dim)
    paragraph(screen, command, cyan)
  }
}

const flagRow = (flag: HelpDoc.FlagDoc): Row => ({
  left: [`--${flag.name}`, ...flag.aliases].join(", ") + (flag.type === "boolean" ? "" : ` ${flag.type}`),
  right: Option.getOrElse(flag.description, () => ""),
})
