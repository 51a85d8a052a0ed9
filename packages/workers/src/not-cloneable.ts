import { Panic } from "@weft/core"

/**
 * A value that can't go to another thread. `path` says where it is: `args[0].user.callback`. `task` is whose it is; undefined for a value sent.
 *
 * @since 0.3.0
 */
export class NotCloneable extends Panic<{ task: string | undefined; path: string; value: unknown }> {
  override readonly name = "NotCloneable"

  constructor(task: string | undefined, path: string, value: unknown, what: string, advice: string) {
    super(`workers: ${task === undefined ? "" : `task "${task}": `}${path} is ${what}; ${advice}`, {
      task,
      path,
      value,
    })
  }
}

/** What only the thread could tell to which the value came. */
export const notMade = (task: string | undefined, path: string, error: string): NotCloneable =>
  new NotCloneable(
    task,
    path,
    undefined,
    `what can't be made again where it goes (${error})`,
    "look whether its memory was written to, or that thread has another version of Weft",
  )

export const valueSent = "the value sent"

/** Why a value sent can't go, in words that another thread can be told: message and path. */
export function toldOf(error: unknown): readonly [message: string, path: string] {
  const what = `what this host does not send (${messageOf(error)})`
  const { fields, message } =
    error instanceof NotCloneable ? error : new NotCloneable(undefined, valueSent, undefined, what, "pass plain data")
  return [message, fields.path]
}

/** The same, where that was told. */
export function asTold(message: string, path: string, value: unknown): NotCloneable {
  const error = new NotCloneable(undefined, path, value, "", "")
  const { stack } = error
  for (const [key, text] of Object.entries({ stack: stack?.replace(error.message, () => message), message }))
    Object.defineProperty(error, key, { value: text, configurable: true, writable: true })
  return error
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
