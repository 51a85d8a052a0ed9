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

/** Whatever the attaching side throws says by its message what to do. */
export function refused(error: unknown): Refused {
  return new Refused(error instanceof Error ? error.message : String(error))
}
