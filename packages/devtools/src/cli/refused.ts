import * as Data from "effect/Data"
import { CliError } from "effect/cli"

/** What was asked for can't be done. The message is one paragraph for people: what is wrong and what to do about it. */
export class Refused extends Data.TaggedError("Refused")<{ readonly message: string }> {
  override get [CliError.userMessage](): string {
    return this.message
  }
}

/** Whatever the attaching side throws says by its message what to do. */
export function refused(error: unknown): Refused {
  return new Refused({ message: error instanceof Error ? error.message : String(error) })
}
