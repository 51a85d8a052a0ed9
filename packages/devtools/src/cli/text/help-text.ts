import type { HelpDoc } from "effect/cli"
import * as Option from "effect/Option"
import { bold, cyan, dim, green, padEnd, type Style, widthOf } from "./paint.ts"
import { wrap } from "./wrap.ts"

export function helpText(doc: HelpDoc.HelpDoc, columns: number): string {
  const width = Math.min(columns, 100)
  const text = (description: Option.Option<string>) => Option.getOrElse(description, () => "")
  const parts = [
    wrap(doc.description, width),
    `${bold("Usage")}\n  ${cyan(doc.usage)}`,
    ...(doc.subcommands ?? []).map(({ commands }) =>
      section(
        "Commands",
        cyan,
        commands.map((each) => [each.name, each.shortDescription ?? each.description]),
        width,
      ),
    ),
    section(
      "Arguments",
      green,
      (doc.args ?? []).map((each) => [each.name, text(each.description)]),
      width,
    ),
    section(
      "Flags",
      green,
      flagsOf(doc).map((each) => [flag(each), text(each.description)]),
      width,
    ),
    examples(doc.examples ?? [], width),
  ]
  return parts.filter((part) => part !== "").join("\n\n")
}

/** The script for the shell is one for all commands, so only their root names it. */
function flagsOf({ flags, globalFlags = [], subcommands = [] }: HelpDoc.HelpDoc): ReadonlyArray<HelpDoc.FlagDoc> {
  return [...flags, ...globalFlags.filter(({ name }) => name !== "completions" || subcommands.length > 0)]
}

type Row = readonly [left: string, right: string]

function section(title: string, style: Style, rows: ReadonlyArray<Row>, width: number): string {
  if (rows.length === 0) return ""
  const left = Math.max(...rows.map(([left]) => widthOf(left)).filter((width) => width <= widestLeft))
  const indent = " ".repeat(left + 4)
  const lines = rows.map(([name, text]) => {
    const wrapped = wrap(text, width, indent)
    return widthOf(name) > left
      ? `  ${style(name)}\n${wrapped}`
      : `  ${style(padEnd(name, left))}  ${wrapped.trimStart()}`
  })
  return [bold(title), ...lines].join("\n")
}

/** What is longer has its description below. */
const widestLeft = 28

function flag({ aliases, name, type }: HelpDoc.FlagDoc): string {
  return [`--${name}`, ...aliases].join(", ") + (type === "boolean" ? "" : ` ${type}`)
}

function examples(all: ReadonlyArray<HelpDoc.ExampleDoc>, width: number): string {
  if (all.length === 0) return ""
  const lines = all.map(
    ({ command, description }) => `  ${cyan(command)}\n${dim(wrap(description ?? "", width, "      "))}`,
  )
  return [bold("Examples"), ...lines].join("\n")
}
