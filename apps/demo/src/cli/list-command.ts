/** `list`: the chapters, by the names that one types. */
import { Effect } from "effect"
import { Command } from "effect/cli"
import { chapters } from "../chapters.ts"
import { paragraph, rows } from "../terminal/layout.ts"
import type { Screen } from "../terminal/screen.ts"
import { NAME } from "./name.ts"

export function listCommand(screen: Screen) {
  return Command.make("list", {}, () => Effect.sync(() => list(screen))).pipe(
    Command.withDescription("Name the chapters"),
  )
}

function list(screen: Screen): void {
  const { cyan, dim } = screen.paint
  rows(
    screen,
    chapters.map(({ name, title }) => ({ left: name, right: title })),
    cyan,
  )
  screen.line()
  paragraph(screen, `${NAME} <chapter>`, dim)
  paragraph(screen, `${NAME} <chapter> --source`, dim)
}
