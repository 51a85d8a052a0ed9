/**
 * Tasks: bodies that every thread can find, by the module that has them and a name.
 *
 * A thread imports the module that called `task`; that registers the task there, and it is found as soon as that has happened. A program in one file
 * works: `run` does not start in a thread that only loads the module.
 */
import {
  type Body,
  checkOptions,
  type ErrorOf,
  InvalidBody,
  type KnownOptions,
  Panic,
  type Yieldable,
} from "@weft/core"
import { callerOf } from "./caller.ts"

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
  (...args: Args): Generator<Y, A, unknown>
  /** The module that has it, and its name there: the same on all threads, another task's never. */
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
 * - Call it at the top level of a module, with that module's `import.meta.url`: a thread imports the module to have the task. `run` does not start there,
 *   but whatever else its top level does is done on each thread, and may fail there once the task is registered.
 * - The body runs with what its arguments bring and its module has; what it closes over is each thread's own.
 * - Bundled as unbundled: a thread imports the file that a bundler has put the module into.
 *
 * Errors: `InvalidBody` unless `body` is a generator function; {@link InvalidTask} without a whole URL or a name.
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
  const caller = callerOf(task)
  // Bundles of CommonJS have no import.meta.url.
  const module = (url as string | undefined | null) ?? caller
  if (typeof module !== "string" || !isPlace(module) || typeof name !== "string" || name === "")
    throw new InvalidTask(url, name)
  if (typeof body !== "function")
    throw new InvalidBody("task", body, "pass a generator function (function* () { ... })")
  checkOptions("task", options, known)
  const key = keyFor(`${module}#${name}`, String(body))
  const registered = Object.assign((...args: Args) => body(...args), {
    key,
    taskName: name,
    isIdempotent: options.idempotent === true,
  })
  Object.defineProperty(registered, "name", { value: name })
  registry.tasks.set(key, registered as unknown as AnyTask)
  registry.modules.set(
    registered as unknown as AnyTask,
    caller === undefined || caller === module ? [module] : [caller, module],
  )
  registry.listeners.get(key)?.()
  return registered
}

const known: KnownOptions<TaskOptions> = { idempotent: [true, false] }

/** A URL, or a whole path: from a thread, whose script lies elsewhere, any other leads nowhere. */
const isPlace = (text: string): boolean => /^(?:[a-z][a-z\d+.-]+:|(?:[a-z]:)?[\\/])/i.test(text)

/** A bundler may have put two modules into one file, with a task of one name each: they come there in one order on every thread. */
function keyFor(wanted: string, source: string): string {
  for (let n = 1; ; n++) {
    const key = n === 1 ? wanted : `${wanted} (${n})`
    // A module that is evaluated again, by a test runner say, brings the same task.
    if ((registry.sources.get(key) ?? source) !== source) continue
    registry.sources.set(key, source)
    return key
  }
}

export const taskOf = (key: string): AnyTask | undefined => registry.tasks.get(key)
export const tasksNamed = (name: string): ReadonlyArray<AnyTask> =>
  [...registry.tasks.values()].filter((it) => it.taskName === name)
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

/** A task without a module's whole address or a name, or what is none where one is to be run. @since 0.3.0 */
export class InvalidTask extends Panic<{ url: unknown; task: unknown }> {
  override readonly name = "InvalidTask"

  constructor(url: unknown, task: unknown, caller?: string) {
    const called =
      caller === undefined
        ? `task(${describe(url)}, ${describe(task)}, ...)`
        : `${caller} of a ${describe(task)}, which is no task`
    super(`workers: ${called}; write task(import.meta.url, "name", function* () { ... })`, { url, task })
  }
}

const describe = (value: unknown): string => (typeof value === "string" ? JSON.stringify(value) : typeof value)
