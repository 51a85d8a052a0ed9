/** One chapter on the screen: heading, what it is about, the program itself, where its source is. */
import { readFile } from "node:fs/promises"
import { type Chapter, chapters } from "./chapters.ts"
import { runApart } from "./run-apart.ts"
import { stage } from "./stage.ts"
import { highlight } from "./terminal/highlight.ts"
import { heading, paragraph, quote } from "./terminal/layout.ts"
import type { Screen } from "./terminal/screen.ts"

export async function runChapter(screen: Screen, site: string, chapter: Chapter): Promise<void> {
  const { dim } = screen.paint
  heading(screen, `${chapters.indexOf(chapter) + 1}/${chapters.length}`, chapter.title, chapter.name)
  paragraph(screen, chapter.about)
  screen.line()
  if (chapter.retells === true) {
    quote(screen, highlight(await readGo(chapter.name), "go", screen.paint), dim)
    screen.line()
  }
  if (chapter.measures === true) await runApart(screen, chapter, site)
  else await chapter.main(stage(screen, site))
  screen.line()
}

/** Two spaces a tab: a narrow terminal has no room for eight. */
const readGo = async (name: string): Promise<string> =>
  (await readFile(new URL(`./chapters/${name}.go`, import.meta.url), "utf8")).trim().replaceAll("\t", "  ")
