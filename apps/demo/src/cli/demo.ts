/** The tree of commands: everything, one chapter, the list, the servers, the fetcher. */
import { Command, Flag, GlobalFlag } from "effect/cli"
import { Effect } from "effect"
import { type Chapter, chapters } from "../chapters.ts"
import { runChapter } from "../run-chapter.ts"
import { serveFiles } from "../server/server.ts"
import { readSource } from "../source.ts"
import { highlight } from "../terminal/highlight.ts"
import { paragraph } from "../terminal/layout.ts"
import { type Screen, screen as makeScreen, type ScreenOptions } from "../terminal/screen.ts"
import { browserCommand } from "./browser-command.ts"
import { fetchCommand } from "./fetch-command.ts"
import { filesCommand } from "./files-command.ts"
import { listCommand } from "./list-command.ts"
import { NAME } from "./name.ts"
import { serveCommand } from "./serve-command.ts"

const [firstChapter, ...otherChapters] = chapters

// Read in main.ts, before there is a parser; declared here so that the parser and the help know it.
const noColor = GlobalFlag.Setting("no-color")({
  flag: Flag.Boolean("no-color").pipe(
    Flag.withoutNegation,
    Flag.withDefault(false),
    Flag.withDescription("No colours (as NO_COLOR=1 does)"),
  ),
})

export function demo(options: ScreenOptions): Command.Command<typeof NAME, object, object, unknown> {
  const screen = makeScreen(options)
  return Command.make(NAME, {}, () => withSite((site) => runAll(screen, site))).pipe(
    Command.withDescription("Goroutines for TypeScript, alive: runs every chapter, or the one that is named."),
    Command.withGlobalFlags([noColor]),
    Command.withSubcommands([
      listCommand(screen),
      fetchCommand(options),
      filesCommand(screen),
      browserCommand(screen),
      serveCommand(screen),
      {
        group: "Chapters",
        commands: [chapterCommand(screen, firstChapter!), ...otherChapters.map((each) => chapterCommand(screen, each))],
      },
    ]),
    Command.withExamples([
      { command: `${NAME} list`, description: "Name the chapters" },
      { command: `${NAME} select --source`, description: "Show a chapter's source, to copy" },
      { command: `${NAME} browser`, description: "Serve a page that computes on Web Workers" },
      { command: `${NAME} serve`, description: "Run a web service, and look into it with the devtools" },
      { command: `${NAME} fetch https://example.com/a.json`, description: "Do the job on URLs of your own" },
    ]),
  )
}

function chapterCommand(screen: Screen, chapter: Chapter) {
  const source = Flag.Boolean("source").pipe(
    Flag.withoutNegation,
    Flag.withDefault(false),
    Flag.withDescription("Show the program instead of running it"),
  )
  return Command.make(chapter.name, { source }, (flags) =>
    flags.source
      ? Effect.promise(async () => screen.line(highlight(await readSource(chapter.name), "ts", screen.paint)))
      : withSite(async (site) => {
          await runChapter(screen, site, chapter)
          paragraph(screen, `${NAME} ${chapter.name} --source`, screen.paint.dim)
        }),
  ).pipe(Command.withDescription(chapter.about), Command.withShortDescription(chapter.title))
}

/** With the demo's server up, and down again whatever happens. */
const withSite = (use: (site: string) => Promise<void>): Effect.Effect<void> =>
  Effect.acquireUseRelease(
    Effect.promise(() => serveFiles()),
    (server) => Effect.promise(() => use(server.site)),
    (server) => Effect.promise(() => server[Symbol.asyncDispose]()),
  )

async function runAll(screen: Screen, site: string): Promise<void> {
  const { bold, dim } = screen.paint
  const start = performance.now()
  screen.line()
  paragraph(screen, bold("Weft: goroutines for TypeScript"))
  paragraph(
    screen,
    `${chapters.length} chapters. A real HTTP server is up at ${site}, and everything below happens now.`,
  )
  screen.line()
  for (const chapter of chapters) await runChapter(screen, site, chapter)
  const seconds = ((performance.now() - start) / 1_000).toFixed(0)
  paragraph(screen, bold(`${chapters.length} chapters in ${seconds} seconds.`))
  paragraph(screen, "Copy one:", dim)
  paragraph(screen, `${NAME} select --source`, dim, "    ")
  paragraph(screen, "See threads at work in a browser:", dim)
  paragraph(screen, `${NAME} browser`, dim, "    ")
  paragraph(screen, "Look into a web service while it misbehaves:", dim)
  paragraph(screen, `${NAME} serve`, dim, "    ")
  paragraph(screen, "Do the job on your own URLs:", dim)
  paragraph(screen, `${NAME} fetch URL...`, dim, "    ")
}
