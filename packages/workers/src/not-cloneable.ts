import { Panic } from "@weft/core"

/**
 * A value that can't go to another thread. `path` says where it is: `args[0].user.callback`.
 *
 * @since 0.3.0
 */
export class NotCloneable extends Panic<{ task: string; path: string; value: unknown }> {
  override readonly name = "NotCloneable"

  constructor(task: string, path: string, value: unknown, what: string, advice: string) {
    super(`workers: task "${task}": ${path} is ${what}; ${advice}`, { task, path, value })
  }
}

/** What only the host could tell of, when the value was sent. */
export const notSent = (error: unknown): string =>
  `what this host can't send (${error instanceof Error ? error.message : String(error)})`
