/**
 * Tasks: bodies that every thread can find, by the module that has them and a name.
 *
 * A thread imports the module that called `task`; that registers the task there, and it is found as soon as that has happened. A program in one file
 * works: `run` does not start in a thread that only loads the module.
 */
import { type Body, type ErrorOf, InvalidBody, Panic, type Yieldable } from "@weft/core"

/** @since 0.3.0 */
export interface TaskOptions {
  /** Whether it may run again where a thread has died with it: see `Pool`'s `restart`. */
  readonly idempotent?: boolean
}

/**
 * A body that can run on another thread, by {@link spawn}. Called directly it is the body of a goroutine here.
 *
 * @since 0.3.0
 */
export interface Task<A, Y extends Yieldable, Args extends ReadonlyArray<unknown>> {
  /** Here: the body of `go(task, ...args)`, or of `yield* task(...args)` in another one. */
  (...args: Args): Generator<Y, A, unknown>
  /** The module that has it, and its name there: unique in a program. */
  readonly key: string
  readonly taskName: string
  readonly isIdempotent: boolean
}

/** What `spawn` gives for it. @since 0.3.0 */
export type TaskError<Y extends Yieldable> = ErrorOf<Y>

export type AnyTask = Task<unknown, Yieldable, ReadonlyArray<never>>

/** One for each thread, whatever copies of this package its modules have. */
interface Registry {
  readonly tasks: Map<string, AnyTask>
  /** Modules from which a task may be imported, most likely first. */
  readonly modules: WeakMap<AnyTask, ReadonlyArray<string>>
  readonly listeners: Map<string, () => void>
  readonly sources: Map<string, string>
}
const registryKey = Symbol.for("@weft/workers.tasks")
const global = globalThis as unknown as Record<symbol, Registry | undefined>
const registry: Registry = (global[registryKey] ??= {
  tasks: new Map(),
  modules: new WeakMap(),
  listeners: new Map(),
  sources: new Map(),
})

/**
 * Registers a body under its module and a name, so that every thread finds it.
 *
 * Laws
 * - Call it at the top level of a module, with that module's `import.meta.url`: a thread imports the module to have the task.
 * - The body runs with what its arguments bring and its module has; what it closes over is each thread's own.
 *
 * Errors: {@link DuplicateTask}; `InvalidBody` unless `body` is a generator function; {@link InvalidTask} without a URL or a name.
 *
 * @example
 * const square = task(import.meta.url, "square", function* (n: number) {
 *   return n * n
 * })
 *
 * @since 0.3.0
 */
export function task<A, Y extends Yieldable, Args extends ReadonlyArray<unknown>>(
  url: string,
  name: string,
  body: Body<A, Y, Args>,
  options: TaskOptions = {},
): Task<A, Y, Args> {
  if (typeof url !== "string" || typeof name !== "string" || name === "") throw new InvalidTask(url, name)
  if (typeof body !== "function")
    throw new InvalidBody("task", body, "pass a generator function (function* () { ... })")
  const key = `${url}#${name}`
  const source = String(body)
  // A module that is evaluated again, by a test runner say, brings the same task.
  if ((registry.sources.get(key) ?? source) !== source) throw new DuplicateTask(url, name)
  registry.sources.set(key, source)
  const registered = Object.assign((...args: Args) => body(...args) as Generator<Y, A, unknown>, {
    key,
    taskName: name,
    isIdempotent: options.idempotent === true,
  })
  Object.defineProperty(registered, "name", { value: name })
  registry.tasks.set(key, registered as unknown as AnyTask)
  const caller = callerOf(task)
  registry.modules.set(registered as unknown as AnyTask, caller === undefined || caller === url ? [url] : [caller, url])
  registry.listeners.get(key)?.()
  return registered
}

export const taskOf = (key: string): AnyTask | undefined => registry.tasks.get(key)
export const modulesOf = (it: AnyTask): ReadonlyArray<string> => registry.modules.get(it) ?? []
export const isTask = (it: unknown): it is AnyTask => typeof it === "function" && registry.modules.has(it as AnyTask)

/** A task of another thread's, which this one may not have itself: then `body` stands for it. */
export function taskFor(
  key: string,
  name: string,
  modules: ReadonlyArray<string>,
  isIdempotent: boolean,
  body: Body<unknown, Yieldable, ReadonlyArray<never>> = elsewhere,
): AnyTask {
  const here = registry.tasks.get(key)
  if (here !== undefined) return here
  const there = Object.assign((...args: ReadonlyArray<never>) => body(...args), { key, taskName: name, isIdempotent })
  registry.modules.set(there, modules)
  return there
}

function elsewhere(): never {
  throw new Error("Bug: a task of another thread was called here")
}

/** Calls back when the task is registered in this thread. */
export function whenRegistered(key: string, listener: () => void): void {
  registry.listeners.set(key, listener)
}

/** The file whose code calls this, as the host calls it. */
export function fileOfThis(url: string): string {
  return callerOf(fileOfThis) ?? url
}

interface CallSite {
  getFileName(): string | null | undefined
}

/** The file whose code called `above`: a bundler may have replaced `import.meta.url` by what the source was called. */
function callerOf(above: unknown): string | undefined {
  const errors = Error as unknown as {
    prepareStackTrace?: ((error: unknown, sites: ReadonlyArray<CallSite>) => unknown) | undefined
    captureStackTrace?(target: object, above: unknown): void
  }
  if (errors.captureStackTrace === undefined) return undefined
  const { prepareStackTrace } = errors
  const holder: { stack?: string | undefined } = {}
  errors.prepareStackTrace = (_error, sites) => sites[0]?.getFileName() ?? undefined
  try {
    errors.captureStackTrace(holder, above)
    const file = holder.stack
    if (typeof file !== "string" || file === "") return undefined
    if (/^[a-z][a-z+.-]+:/i.test(file)) return file
    return file.startsWith("/") ? `file://${encodeURI(file)}` : undefined
  } finally {
    errors.prepareStackTrace = prepareStackTrace
  }
}

/** Two tasks of one module have one name. @since 0.3.0 */
export class DuplicateTask extends Panic<{ url: string; task: string }> {
  override readonly name = "DuplicateTask"

  constructor(url: string, task: string) {
    super(`workers: task "${task}" is registered twice in ${url}; give each task of a module a name of its own`, {
      url,
      task,
    })
  }
}

/** A task without a module or a name. @since 0.3.0 */
export class InvalidTask extends Panic<{ url: unknown; task: unknown }> {
  override readonly name = "InvalidTask"

  constructor(url: unknown, task: unknown) {
    super(
      `workers: task(${describe(url)}, ${describe(task)}, ...); write task(import.meta.url, "name", function* () { ... })`,
      {
        url,
        task,
      },
    )
  }
}

const describe = (value: unknown): string => (typeof value === "string" ? JSON.stringify(value) : typeof value)
