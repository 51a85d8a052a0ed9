import { loadWithoutRuns, Op, type Yieldable } from "@weft/core"
import { later } from "./host.ts"
import { chunkKey, chunkOf } from "./parallel/chunk.ts"
import { platform } from "./platform/platform.ts"
import { type AnyTask, modulesOf, taskFor, taskOf, tasksNamed, whenRegistered } from "./task.ts"
import { TaskNotFound } from "./worker-crashed.ts"

/** What a thread is told of a task. */
export interface TaskPlace {
  readonly key: string
  readonly name: string
  /** From which it may be imported, most likely first. */
  readonly modules: ReadonlyArray<string>
}

/** A module that has registered its tasks may take so long for the rest. */
const restMillis = 1000

/** Until a thread's first module has done what it does here, or nearly: see {@link loadTask}. */
export function whenLoaded(loading: Promise<unknown> | undefined): Promise<unknown> {
  if (loading === undefined) return Promise.resolve()
  return Promise.race([loadWithoutRuns(loading).catch(() => undefined), soon()])
}

const soon = () => new Promise<void>((resolve) => void later(resolve, restMillis))

/**
 * Has a task registered in this thread by importing its module; answers it, or why it is not there.
 *
 * It answers when the module has been evaluated, or has come to a `run` of its own, which does not start here. Not when the task is registered: one that
 * ran while its module is still to come to a `run` could not `run` anything itself, in an async function, as that would be taken for the module's. A
 * module that then waits for something else is not waited for long.
 */
export function loadTask(place: TaskPlace): Promise<AnyTask | string> {
  let loading = underWay.get(place.key)
  if (loading === undefined) underWay.set(place.key, (loading = load(place)))
  return loading
}

/** Each is imported once, however many ask; the answer stays. */
const underWay = new Map<string, Promise<AnyTask | string>>()

async function load({ key, modules, name }: TaskPlace): Promise<AnyTask | string> {
  const chunk = chunkKey(key)
  if (chunk !== undefined) {
    const each = taskOf(chunk.each) ?? (await loadTask({ key: chunk.each, modules, name }))
    return typeof each === "string" ? each : chunkOf(chunk.kind, each)
  }
  const side = platform?.side()
  if (side !== undefined && side.boot.module === undefined) return fromOwnScript(key, name)
  if (modules.some((module) => /\/\[(?:eval\d*|stdin)\]$/.test(module)))
    return "a program given by -e or stdin has no file to import: write it to one"
  const registered = new Promise<void>((resolve) => whenRegistered(key, resolve)).then(soon)
  const reasons: Array<string> = []
  for (const module of modules) {
    const reason = await Promise.race([importOf(module), registered])
    const task = taskOf(key) ?? ofModules(name, modules)
    if (task !== undefined) return task
    if (reason !== undefined) reasons.push(reason)
  }
  return reasons.length > 0 ? reasons.join("; ") : "it registers no task of that name"
}

const imports = new Map<string, Promise<string | undefined>>()
const failures = new Map<string, unknown>()

/** What importing one of them threw in this thread: it may have registered its tasks before, and have the rest of what they use not. */
export function importError(modules: ReadonlyArray<string>): Error | undefined {
  const failed = modules.find((module) => failures.has(module))
  if (failed === undefined) return undefined
  return new Error(`workers: importing ${failed} failed in this thread`, { cause: failures.get(failed) })
}

/** Answers when the module has done what it does here: with why it fails, if it does. */
function importOf(module: string): Promise<string | undefined> {
  let imported = imports.get(module)
  if (imported === undefined) {
    const load = platform?.side()?.import ?? importHere
    imported = loadWithoutRuns(load(module)).then(
      (loaded) => (loaded === "to a run" ? "it comes to a `run` before the task is registered" : undefined),
      (error: unknown) => {
        failures.set(module, error)
        return error instanceof Error ? error.message : String(error)
      },
    )
    imports.set(module, imported)
  }
  return imported
}

/** Async: test runners put calls that may throw in the place of an import. */
const importHere = async (module: string): Promise<unknown> =>
  import(/* @vite-ignore */ /* webpackIgnore: true */ module)

/** A bundle for a classic script has another `import.meta.url` on each thread. */
const ofModules = (name: string, modules: ReadonlyArray<string>): AnyTask | undefined =>
  tasksNamed(name).find((task) => modulesOf(task).some((module) => modules.includes(module)))

/** A thread whose script a program has supplied has what that imports: bundled apart, so that the modules' addresses are not those of the others. */
function fromOwnScript(key: string, name: string): AnyTask | string {
  const same = taskOf(key)
  if (same !== undefined) return same
  const [task, another] = tasksNamed(name)
  if (task === undefined) return "the pool's own worker script imports no module that registers a task of that name"
  return another === undefined ? task : "the pool's own worker script has two tasks of that name; give each its own"
}

/** A task that is itself an argument. */
interface CarriedTask extends TaskPlace {
  readonly isIdempotent: boolean
}

export function carriedTask(task: AnyTask): CarriedTask {
  return { key: task.key, name: task.taskName, modules: modulesOf(task), isIdempotent: task.isIdempotent }
}

/** It may be spawned on, or called: its module is imported when that is needed. */
export function taskFrom(what: unknown): AnyTask {
  const carried = what as CarriedTask
  return taskFor(carried.key, carried.name, carried.modules, carried.isIdempotent, loading(carried))
}

const loading = (place: TaskPlace) =>
  function* (...args: ReadonlyArray<never>): Generator<Yieldable, unknown, never> {
    const found = yield* Op.fromPromise(() => loadTask(place))
    if (typeof found === "string") throw new TaskNotFound(place.name, place.modules, found, importError(place.modules))
    return yield* found(...args)
  }
