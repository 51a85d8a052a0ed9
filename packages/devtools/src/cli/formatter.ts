/**
 * Help, version and errors. An error is one paragraph on standard error, with what to do in it; the whole help would push it off the screen.
 */
import * as Effect from "effect/Effect"
import { type CliError, CliOutput } from "effect/cli"
import { helpText } from "./text/help-text.ts"
import { render } from "./text/paint.ts"
import { wrap } from "./text/wrap.ts"

const { formatCliError, formatErrors, formatHelpDoc, formatVersion } = CliOutput.defaultFormatter({ colors: false })

export const formatter: CliOutput.Formatter = {
  formatCliError,
  formatError: ({ message }) => paragraph(message),
  formatErrors,
  formatHelpDoc,
  formatVersion,
}

export function presenter(columns: number, isColored: boolean): CliOutput.Presenter {
  return {
    present: (event) =>
      Effect.sync(() => {
        if (event._tag === "Help") process.stdout.write(`${render(helpText(event.helpDoc, columns), isColored)}\n`)
        else if (event._tag === "Version") process.stdout.write(`weft ${event.version}\n`)
        else {
          const help = `${event.commandPath.join(" ")} --help says what there is.`
          for (const error of event.errors) process.stderr.write(`${paragraph(`${sentence(error)} ${help}`)}\n`)
        }
      }),
  }
}

function paragraph(message: string): string {
  const columns = (process.stderr.isTTY && process.stderr.columns) || 100
  return wrap(render(`weft: ${message.replace(/^weft: /, "")}`, false), columns)
}

function sentence(error: CliError.NonShowHelpErrors): string {
  switch (error._tag) {
    case "UnknownSubcommand":
      return `There is no command "${error.subcommand}".${didYouMean(error.suggestions)}`
    case "UnrecognizedOption":
      return `There is no flag ${error.option} here.${didYouMean(error.suggestions)}`
    case "UnexpectedArgument":
      return `${error.arguments.map((argument) => `"${argument}"`).join(", ")}: nothing more is expected here.`
    case "MissingArgument":
      return `Which ${error.argument}? It is missing.`
    case "MissingOption":
      return `--${error.option} is missing.`
    case "InvalidValue":
      return `${error.kind === "flag" ? `--${error.option}` : error.option} can't be "${error.value}": expected ${expectation(error.expected)}.`
    default:
      return error.message
  }
}

function expectation(expected: string): string {
  return expected
    .replace(/^Expected:? /, "")
    .replace(/\.$/, "")
    .replace("a string representing a finite number", "a number")
}

function didYouMean(suggestions: ReadonlyArray<string>): string {
  return suggestions.length === 0 ? "" : ` Did you mean ${suggestions.join(" or ")}?`
}
