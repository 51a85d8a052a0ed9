import * as Effect from "effect/Effect"

/** What was asked for can't be done. The message is one paragraph for people: what is wrong and what to do about it. */
export class Refused extends Error {
  override readonly name = "Refused"
  readonly _tag = "Refused"

  /** Has effect/cli print the message, and nothing else. */
  override get "~effect/cli/CliError/userMessage"(): string {
    return this.message
  }
}

export const refuse = (message: string): Effect.Effect<never, Refused> => Effect.fail(new Refused(message))

/** What others throw says by its message what to do; what the system throws does not. */
export function refused(error: unknown): Refused {
  if (!(error instanceof Error)) return new Refused(String(error))
  const { code, message, path = "" } = error as NodeJS.ErrnoException
  const said = code === undefined ? undefined : systemErrors[code]?.(path)
  return new Refused(said ?? message.replace(/^(weft|devtools): /, ""))
}

const systemErrors: Readonly<Record<string, (path: string) => string>> = {
  EACCES: (path) => `${path} is not yours to open: its owner or its mode says no.`,
  EADDRINUSE: () => "The port is taken: leave --port out for a free one.",
  EISDIR: (path) => `${path} is a directory: name a file in it.`,
  ENOENT: (path) => `There is no ${path}: look at the path, or make its directory first.`,
  ENOSPC: () => "No space is left for the file: write it elsewhere with -o.",
}
