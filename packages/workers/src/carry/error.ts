/**
 * Errors on their way to another thread. Structured clone keeps of an error its message and stack; its name, its fields and its cause go here along,
 * so that `error.name`, `_tag` and the like tell there what they tell here. Of its class only those listed below are the same there.
 */
import { ContextCanceled, DeadlineExceeded, GoroutineInterrupted, GoroutinePanic } from "@weft/core"
import { ChannelClosed } from "@weft/channels"
import { NotCloneable } from "../not-cloneable.ts"
import { Transfer } from "../transfer.ts"
import { PoolStopped, TaskNotFound, TooBusy, WorkerCrashed } from "../worker-crashed.ts"

interface CarriedError {
  readonly isError: true
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  readonly isDomException: boolean
  readonly fields: ReadonlyArray<readonly [key: string, value: Part, isEnumerable: boolean]>
  readonly cause: CarriedThrow | undefined
}

/** Whatever an error has, made ready for a message. */
interface Part {
  readonly value: unknown
  readonly isCarried: boolean
}

export type CarriedThrow = CarriedError | ({ readonly isError: false } & Part)

interface CarryingParts {
  /** Undefined: it can't go, or not along with an error. */
  readonly pack: (value: unknown) => Part | undefined
  readonly unpack: (value: unknown) => unknown
}

let parts: CarryingParts | undefined

/** Parts may be errors in their turn, so what carries them imports this file, and says here how it is done. */
export function carryPartsBy(it: CarryingParts): void {
  parts = it
}

const deepest = 8
let depth = 0
/** Errors that are in what is being packed already: each goes whole once, and by its text alone where it comes again. */
const packed = new Set<Error>()

export function packError(thrown: unknown): CarriedThrow {
  // Nothing is given away with an error: it goes as a copy.
  if (thrown instanceof Transfer) return packError(thrown.value)
  if (!(thrown instanceof Error))
    return { isError: false, ...(parts!.pack(thrown) ?? { value: textOf(thrown), isCarried: false }) }
  const isShort = depth >= deepest || packed.has(thrown)
  const cause = read(thrown, "cause")
  packed.add(thrown)
  depth++
  try {
    return {
      isError: true,
      name: textOf(read(thrown, "name")),
      message: textOf(read(thrown, "message")),
      stack: stackOf(thrown),
      isDomException: typeof DOMException !== "undefined" && thrown instanceof DOMException,
      fields: isShort ? [] : fieldsOf(thrown),
      cause: isShort || cause === undefined ? undefined : packError(cause),
    }
  } finally {
    if (--depth === 0) packed.clear()
  }
}

/** And what the classes of JavaScript keep out of sight. */
const fieldsOf = (thrown: Error): CarriedError["fields"] =>
  Object.getOwnPropertyNames(thrown).flatMap((key) => {
    const isEnumerable = Object.prototype.propertyIsEnumerable.call(thrown, key)
    if (isEnumerable ? own.has(key) : !hidden.has(key)) return []
    const value = parts!.pack(partOf(thrown, key))
    return value === undefined ? [] : [[key, value, isEnumerable]]
  })

/** The fields of one that says what can't go, which stays behind, must not do so for it. */
const partOf = (thrown: Error, key: string): unknown =>
  thrown instanceof NotCloneable && key === "fields" ? { ...thrown.fields, value: undefined } : read(thrown, key)

/** A getter that throws must not end the thread that tells of the error. */
function read(thrown: Error, key: string): unknown {
  try {
    return Reflect.get(thrown, key)
  } catch {
    return undefined
  }
}

/** Whoever prepares stacks may have made anything of it. */
function stackOf(thrown: Error): string | undefined {
  const stack = read(thrown, "stack")
  return typeof stack === "string" ? stack : undefined
}

function textOf(thrown: unknown): string {
  try {
    return String(thrown)
  } catch {
    return "what has no text"
  }
}

const own: ReadonlySet<string> = new Set(["name", "message", "stack", "cause"])
const hidden: ReadonlySet<string> = new Set(["errors", "error", "suppressed"])

/** `where` is added to the stack of the error itself: the thread that it comes from. */
export function unpackError(carried: CarriedThrow, where: string | undefined): unknown {
  if (!carried.isError) return unpackPart(carried)
  const { cause, fields, isDomException, message, name, stack } = carried
  const error = isDomException ? new DOMException(message, name) : blank(message)
  // An own property each, as a constructor makes them: whoever logs the error sees them.
  const set = (key: string, value: unknown, enumerable: boolean) =>
    Object.defineProperty(error, key, { value, enumerable, writable: true, configurable: true })
  if (!isDomException) Object.setPrototypeOf(error, prototypes.get(name) ?? Error.prototype)
  if (error.name !== name) set("name", name, false)
  set("stack", where === undefined || stack === undefined ? stack : `${stack}\n    ${where}`, false)
  if (cause !== undefined) set("cause", unpackError(cause, undefined), false)
  for (const [key, value, isEnumerable] of fields) set(key, unpackPart(value), isEnumerable)
  return error
}

/** One that the host takes for an error; without a place of its own, or a report of it shows this line for the one that threw. */
function blank(message: string): Error {
  const errors = Error as unknown as { stackTraceLimit?: number }
  const { stackTraceLimit } = errors
  errors.stackTraceLimit = 0
  try {
    return new Error(message)
  } finally {
    if (stackTraceLimit !== undefined) errors.stackTraceLimit = stackTraceLimit
  }
}

const unpackPart = ({ isCarried, value }: Part): unknown => (isCarried ? parts!.unpack(value) : value)

interface ErrorClass {
  readonly name: string
  readonly prototype: Error
}

const prototypes: ReadonlyMap<string, Error> = new Map(
  (
    [
      ["AggregateError", AggregateError],
      ["EvalError", EvalError],
      ["RangeError", RangeError],
      ["ReferenceError", ReferenceError],
      ...(typeof SuppressedError === "undefined" ? [] : [["SuppressedError", SuppressedError] as const]),
      ["SyntaxError", SyntaxError],
      ["TypeError", TypeError],
      ["URIError", URIError],
      ["ChannelClosed", ChannelClosed],
      ["ContextCanceled", ContextCanceled],
      ["DeadlineExceeded", DeadlineExceeded],
      ["GoroutineInterrupted", GoroutineInterrupted],
      ["GoroutinePanic", GoroutinePanic],
      ["NotCloneable", NotCloneable],
      ["PoolStopped", PoolStopped],
      ["TaskNotFound", TaskNotFound],
      ["TooBusy", TooBusy],
      ["WorkerCrashed", WorkerCrashed],
    ] as ReadonlyArray<readonly [string, ErrorClass]>
  ).map(([name, { prototype }]) => [name, prototype]),
)
