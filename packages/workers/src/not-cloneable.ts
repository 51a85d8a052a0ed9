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

/** What only the thread could tell to which the value came. */
export const notMade = (task: string, path: string, error: string): NotCloneable =>
  new NotCloneable(
    task,
    path,
    undefined,
    `what can't be made again where it goes (${error})`,
    "look whether its memory was written to, or that thread has another version of Weft",
  )

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
