/**
 * Errors on their way to another thread. Structured clone keeps of an error its message and stack; its name, its fields and its cause go here along,
 * so that `error.name`, `_tag` and the like tell there what they tell here. Of its class only those listed below are the same there.
 */
import { ContextCanceled, DeadlineExceeded, GoroutineInterrupted, GoroutinePanic } from "@weft/core"
import { ChannelClosed } from "@weft/channels"

interface CarriedError {
  readonly isError: true
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  readonly fields: Readonly<Record<string, unknown>>
  readonly cause: CarriedThrow | undefined
}

export type CarriedThrow = CarriedError | { readonly isError: false; readonly value: unknown }

const deepest = 8

export function packError(thrown: unknown, depth = 0): CarriedThrow {
  if (!(thrown instanceof Error)) return { isError: false, value: cloneable(thrown) ? thrown : String(thrown) }
  const { cause, message, name, stack } = thrown
  const fields = Object.fromEntries(Object.entries(thrown).filter(([key, value]) => !own.has(key) && cloneable(value)))
  const hasCause = cause !== undefined && depth < deepest
  return { isError: true, name, message, stack, fields, cause: hasCause ? packError(cause, depth + 1) : undefined }
}

const own: ReadonlySet<string> = new Set(["name", "message", "stack", "cause"])

/** Only what is asked for when something has failed. */
function cloneable(value: unknown): boolean {
  if (typeof value === "function" || typeof value === "symbol") return false
  if (typeof value !== "object" || value === null) return true
  try {
    structuredClone(value)
    return true
  } catch {
    return false
  }
}

/** `where` is added to the stack of the error itself: the thread that it comes from. */
export function unpackError(carried: CarriedThrow, where: string | undefined): unknown {
  if (!carried.isError) return carried.value
  const { cause, fields, message, name, stack } = carried
  const error = Object.create(prototypes.get(name) ?? Error.prototype) as Error
  // An own property each, as a constructor makes them: whoever logs the error sees them.
  const set = (key: string, value: unknown, enumerable: boolean) =>
    Object.defineProperty(error, key, { value, enumerable, writable: true, configurable: true })
  set("message", message, false)
  if (error.name !== name) set("name", name, false)
  set("stack", where === undefined || stack === undefined ? stack : `${stack}\n    ${where}`, false)
  if (cause !== undefined) set("cause", unpackError(cause, undefined), false)
  for (const [key, value] of Object.entries(fields)) set(key, value, true)
  return error
}

interface ErrorClass {
  readonly name: string
  readonly prototype: Error
}

const prototypes: ReadonlyMap<string, Error> = new Map(
  (
    [
      ["EvalError", EvalError],
      ["RangeError", RangeError],
      ["ReferenceError", ReferenceError],
      ["SyntaxError", SyntaxError],
      ["TypeError", TypeError],
      ["URIError", URIError],
      ["ChannelClosed", ChannelClosed],
      ["ContextCanceled", ContextCanceled],
      ["DeadlineExceeded", DeadlineExceeded],
      ["GoroutineInterrupted", GoroutineInterrupted],
      ["GoroutinePanic", GoroutinePanic],
    ] as ReadonlyArray<readonly [string, ErrorClass]>
  ).map(([name, { prototype }]) => [name, prototype]),
)
