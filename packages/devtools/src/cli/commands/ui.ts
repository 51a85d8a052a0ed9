import { existsSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Argument, Command, Flag } from "effect/cli"
import { endedByUser } from "../ended-by-user.ts"
import { attempt, lookInto } from "../look-into.ts"
import { Output, print, say } from "../output.ts"
import { refuse, type Refused } from "../refused.ts"
import { redact, values, valuesOf } from "../parameters.ts"
import type { Subcommand } from "../subcommand.ts"
import { bold } from "../text/paint.ts"
import { checkTraceFile } from "../trace-file.ts"
import { withValues } from "../../attach/with-values.ts"
import type { ValueOptions } from "../../format/value-options.ts"
import { usualPagesPort } from "../../pages/nobody-there.ts"
import type { Served } from "../../web/serve.ts"

const source = Argument.String("process-or-file").pipe(
  Argument.withDescription(
    "A process id, a part of the title or command that only one process has, or a file that weft trace has written; none with --pages",
  ),
  Argument.optional,
)

const port = Flag.Int("port").pipe(
  Flag.withDescription("The port on 127.0.0.1; a free one if not given"),
  Flag.optional,
)

const pages = Flag.Boolean("pages").pipe(
  Flag.withDescription("Wait for pages of browsers: says by which line of code, and by which bookmark, they connect"),
  Flag.withDefault(false),
)

const pagesPort = Flag.Int("pages-port").pipe(
  Flag.withDescription(`With --pages: the port on 127.0.0.1 to which they connect, ${usualPagesPort} if not given`),
  Flag.withDefault(usualPagesPort),
)

const allow = Flag.String("allow").pipe(
  Flag.withDescription(
    "With --pages: an origin whose pages may connect, like https://staging.example.com, besides those of this machine; may be given several times",
  ),
  Flag.atLeast(0),
)

export const ui: Subcommand<"ui"> = Command.make(
  "ui",
  { source, port, values, redact, pages, pagesPort, allow },
  Effect.fnUntraced(function* ({ source, port: ownPort, pages, pagesPort, allow, ...shown }) {
    const values = yield* valuesOf(shown.values, shown.redact)
    const port = yield* portOf(
      "--port",
      Option.getOrElse(ownPort, () => 0),
    )
    if (pages) {
      if (Option.isSome(source))
        return yield* refuse(`With --pages there is no ${source.value} to look at: pages connect by themselves.`)
      if (values !== false)
        return yield* refuse("--values is for processes: what messages contain can't be shown of pages.")
      return yield* showPages(port, yield* portOf("--pages-port", pagesPort), allow)
    }
    if (allow.length > 0) return yield* refuse("--allow lets pages connect: it goes with --pages.")
    if (Option.isNone(source))
      return yield* refuse(
        "Which process, or which file? weft ps lists the processes; weft ui --pages waits for pages of browsers.",
      )
    yield* showSource(source.value, port, values)
  }, Effect.scoped),
).pipe(
  Command.withShortDescription("The same in the browser: live charts, timeline, wait graph"),
  Command.withDescription(
    "Shows a process, a recorded trace, or pages of browsers, in the browser: live charts, the goroutines, a timeline, the wait-for graph, channels, locks and leaks. The page is served on 127.0.0.1, to nobody without the token.",
  ),
  Command.withExamples([
    { command: "weft ui 4242", description: "Process 4242, live" },
    { command: "weft ui slow.weft", description: "A trace recorded by weft trace" },
    { command: "weft ui 4242 --values", description: "With what messages contain, in dumps and recordings" },
    { command: "weft ui --pages", description: "Pages of browsers that connect to it" },
  ]),
)

const showSource = Effect.fnUntraced(function* (source: string, port: number, values: boolean | ValueOptions) {
  const { serve } = yield* Effect.promise(() => import("../../web/serve.ts"))
  // A number is a process, and a word that is no file is looked for in their titles.
  const isFile = !/^\d+$/.test(source) && (existsSync(source) || /[/\\]|\.weft$/.test(source))
  if (isFile && values !== false)
    return yield* refuse("--values is for processes: a file has what messages contain if it was recorded with them.")
  if (isFile) yield* checkTraceFile(source)
  const found = isFile ? source : yield* lookInto(source)
  const shown = typeof found === "string" || values === false ? found : withValues(found, values)
  yield* served(() => serve({ source: shown, port }))
  if (typeof shown === "string") return yield* Effect.never
  const why = yield* attempt(() => shown.ended)
  yield* say(`${why}; the page keeps what it has.`)
  return yield* Effect.never
})

const showPages = Effect.fnUntraced(function* (port: number, pagesPort: number, allow: ReadonlyArray<string>) {
  const { originOf } = yield* Effect.promise(() => import("../../pages/page-guard.ts"))
  const { Pages } = yield* Effect.promise(() => import("../../pages/pages.ts"))
  const { pagesKey } = yield* Effect.promise(() => import("../../pages/pages-key.ts"))
  const { servePages } = yield* Effect.promise(() => import("../../web/serve-pages.ts"))
  const allowed: Array<string> = []
  for (const text of allow) {
    const origin = originOf(text)
    if (origin === undefined)
      return yield* refuse(`--allow can't be ${text}: give an origin, like https://staging.example.com.`)
    allowed.push(origin)
  }
  const { isKept, key } = pagesKey()
  const pages = yield* Effect.acquireRelease(
    attempt(() => Pages.open({ port: pagesPort, key, allowed })),
    (pages) =>
      Effect.ignore(
        Effect.timeout(
          attempt(() => pages.close()),
          "3 seconds",
        ),
      ),
  )
  const output = yield* Output
  pages.onPage = ({ title, url, ended }) => {
    output.say(`Connected: ${line(title)} (${line(url)})`)
    void ended.then(() => output.say(`Gone: ${line(title)} (${line(url)})`))
  }
  pages.onRefused = (origin) =>
    output.say(`A page of ${line(origin)} wants to connect: weft ui --pages --allow ${line(origin)} would let it.`)
  yield* served(() => servePages(pages, port))
  yield* print(
    [
      "",
      `A line for the page, or for a worker of it; nothing else of ${bold("@weft/devtools")} gets into its bundle:`,
      "",
      `  import { connect } from "@weft/devtools/browser"`,
      `  connect("${pages.address}").catch(console.warn)`,
      "",
      "Or a bookmark, for pages that have prepared nothing:",
      "",
      `  ${pages.bookmarklet}`,
      "",
    ].join("\n"),
  )
  yield* say(
    isKept && pagesPort !== 0
      ? "Both stay good: the key is kept for the next time."
      : `They are good for this once: ${isKept ? "the port will be another one" : "the key could not be kept"}.`,
  )
  return yield* Effect.never
})

/** Served until the scope ends. */
const served = Effect.fnUntraced(function* (serve: () => Promise<Served>) {
  const served = yield* Effect.acquireRelease(attempt(serve), (served) =>
    Effect.ignore(
      Effect.timeout(
        attempt(() => served.close()),
        "3 seconds",
      ),
    ),
  )
  yield* endedByUser
  yield* print(bold(served.url))
  yield* say("Only this machine can open it, and only with the token in the address. Ctrl-C ends it.")
})

const portOf = (flag: string, port: number): Effect.Effect<number, Refused> =>
  port >= 0 && port <= 65_535
    ? Effect.succeed(port)
    : refuse(`${flag} can't be ${port}: give 1 to 65535, or leave it out.`)

/** What a page says of itself may be anything: on the terminal it is one short line. */
const line = (text: string): string => text.replace(/\p{C}/gu, " ").slice(0, 200)
