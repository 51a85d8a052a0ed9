/** `fetch URL...`: the demo's job on somebody's own URLs. */
import { Data, Duration, Effect, Option, Runtime } from "effect"
import { Argument, CliError, Command, Flag } from "effect/cli"
import { BadOutput, fetchJob, type JobOptions } from "../fetch/fetch-job.ts"
import { type Screen, screen, type ScreenOptions } from "../terminal/screen.ts"
import { between } from "./between.ts"
import { NAME } from "./name.ts"

const urls = Argument.String("URL").pipe(
  Argument.mapTryCatch(parseUrl, messageOf),
  Argument.withDescription("http:// or https://, one or more"),
  Argument.variadic({ min: 1 }),
)

const flags = {
  concurrency: Flag.Int("concurrency").pipe(
    Flag.withAlias("c"),
    between(1, 10_000),
    Flag.withDefault(8),
    Flag.withDescription("Requests at a time (default 8)"),
  ),
  timeout: Flag.String("timeout").pipe(
    Flag.withAlias("t"),
    Flag.withMetavar("duration"),
    Flag.mapTryCatch(parseDuration, messageOf),
    Flag.withDefault(Duration.seconds(10)),
    Flag.withDescription("For one request, as 500ms, 10s, 1m (default 10s)"),
  ),
  retries: Flag.Int("retries").pipe(
    Flag.withAlias("r"),
    between(0, 100),
    Flag.withDefault(2),
    Flag.withDescription("After a failure that may pass (default 2)"),
  ),
  backoff: Flag.String("backoff").pipe(
    Flag.withMetavar("duration"),
    Flag.mapTryCatch(parseDuration, messageOf),
    Flag.withDefault(Duration.millis(200)),
    Flag.withDescription("Before the first retry; doubles (default 200ms)"),
  ),
  ordered: Flag.Boolean("ordered").pipe(
    Flag.withoutNegation,
    Flag.withDefault(false),
    Flag.withDescription("Lines in the order of the URLs, not of their arrival"),
  ),
  output: Flag.String("output").pipe(
    Flag.withAlias("o"),
    Flag.withMetavar("file"),
    Flag.optional,
    Flag.withDescription("JSON Lines to a file; - is stdout, the rest then goes to stderr"),
  ),
}

export function fetchCommand(options: ScreenOptions) {
  return Command.make("fetch", { urls, ...flags }, ({ backoff, output, ...rest }) => {
    const file = Option.getOrUndefined(output)
    const job = { ...rest, backoffMillis: Duration.toMillis(backoff), ...(file === undefined ? {} : { output: file }) }
    return fetchUrls(file === "-" ? screen(options, process.stderr) : screen(options), job)
  }).pipe(
    Command.withDescription("Fetch JSON from your own URLs, all at once. Ctrl-C cancels and says what was done."),
    Command.withShortDescription("Fetch JSON from your own URLs"),
    Command.withExamples([
      { command: `${NAME} fetch -c 4 -t 5s URL URL`, description: "Four at a time, five seconds each" },
      { command: `${NAME} fetch URL URL -o out.jsonl`, description: "Keep what was fetched" },
    ]),
  )
}

/** Interruption waits for the job: it cancels its requests, writes what it has, and says what was done. */
const fetchUrls = (screen: Screen, job: JobOptions): Effect.Effect<void, SomeFailed | CliError.CliError> =>
  Effect.callback<number, CliError.CliError>((resume) => {
    const abort = new AbortController()
    const done = fetchJob(screen, job, abort.signal)
    done.then(
      (failed) => resume(Effect.succeed(failed)),
      (error: unknown) => resume(failure(error, job)),
    )
    return Effect.promise(() => {
      abort.abort()
      return done
    })
  }).pipe(Effect.flatMap((failed) => (failed === 0 ? Effect.void : Effect.fail(new SomeFailed({ failed })))))

/** Already said, line by line: only the exit code is left to say. */
class SomeFailed extends Data.TaggedError("SomeFailed")<{ readonly failed: number }> {
  override readonly [Runtime.errorExitCode] = 1
  override readonly [Runtime.errorReported] = false
}

function failure(error: unknown, { output = "" }: JobOptions): Effect.Effect<never, CliError.CliError> {
  if (error instanceof BadOutput) {
    const expected = `a file that can be written (${error.message})`
    const refused = new CliError.InvalidValue({ option: "output", value: output, expected, kind: "flag" })
    return Effect.fail(new CliError.ShowHelp({ commandPath: [NAME, "fetch"], errors: [refused] }))
  }
  return isFromSystem(error) ? Effect.fail(new CliError.UserError({ cause: error })) : Effect.die(error)
}

/** The output file, most likely: no room left on the disk. Its message says what. */
const isFromSystem = (error: unknown): boolean => error instanceof Error && "syscall" in error

function parseUrl(text: string): string {
  if (!URL.canParse(text)) {
    const isBare = beginsWithHost.test(text) && URL.canParse(`https://${text}`)
    throw new Error(isBare ? `a whole URL, perhaps https://${text}` : "a URL, as https://example.com/a.json")
  }
  const { protocol } = new URL(text)
  if (protocol !== "http:" && protocol !== "https:") throw new Error("a URL that begins with http:// or https://")
  return text
}

const beginsWithHost = /^[^\s:/?#]+(:\d+)?([/?#]|$)/

const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000 }

function parseDuration(text: string): Duration.Duration {
  const [, count = "", unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? []
  const millis = Number(count) * (UNITS[unit] ?? Number.NaN)
  if (!(millis > 0)) throw new Error("a duration such as 500ms, 10s or 1m")
  return Duration.millis(millis)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
