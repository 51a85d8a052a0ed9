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
  // A server that can't listen says why one level deeper.
  if (error.cause instanceof Error && "code" in error.cause) return refused(error.cause)
  const { code, message, path, port } = error as NodeJS.ErrnoException & { readonly port?: number }
  const said =
    code === undefined ? undefined : systemErrors[code]?.(path ?? (port === undefined ? "It" : `Port ${port}`))
  return new Refused(said ?? message.replace(/^(weft|devtools): /, ""))
}

const systemErrors: Readonly<Record<string, (path: string) => string>> = {
  EACCES: (what) =>
    what.startsWith("Port ")
      ? `${what} is not yours to open: take one above 1023.`
      : `${what} is not yours to open: its owner or its mode says no.`,
  EADDRINUSE: (port) => `${port} is taken, by another weft ui perhaps: end that, or take another port.`,
  EISDIR: (path) => `${path} is a directory: name a file in it.`,
  ENOENT: (path) => `There is no ${path}: look at the path, or make its directory first.`,
  ENOSPC: () => "No space is left for the file: write it elsewhere with -o.",
}
