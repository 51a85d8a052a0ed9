import { loadWithoutRuns, Op, type Yieldable } from "@weft/core"
import { type AnyTask, modulesOf, taskFor, taskOf, whenRegistered } from "./task.ts"
import { TaskNotFound } from "./worker-crashed.ts"

/**
 * Has a task registered in this thread by importing its module. Answers it as soon as that has happened, however long the module itself still waits, at
 * last for a `run` of its own, which does not start here; or why it is not there.
 */
export function loadTask(key: string, modules: ReadonlyArray<string>): Promise<AnyTask | string> {
  let loading = underWay.get(key)
  if (loading !== undefined) return loading
  loading = load(key, modules)
  underWay.set(key, loading)
  return loading
}

/** Each is imported once, however many ask; the answer stays. */
const underWay = new Map<string, Promise<AnyTask | string>>()

async function load(key: string, modules: ReadonlyArray<string>): Promise<AnyTask | string> {
  const registered = new Promise<void>((resolve) => whenRegistered(key, resolve))
  const reasons: Array<string> = []
  for (const module of modules) {
    const imported = import(/* @vite-ignore */ /* webpackIgnore: true */ module).then(
      () => undefined,
      (error: unknown) => void reasons.push(error instanceof Error ? error.message : String(error)),
    )
    // Longer than it takes to have the task: the module may wait for other things before its `run`.
    await Promise.race([loadWithoutRuns(imported), registered])
    const task = taskOf(key)
    if (task !== undefined) return task
  }
  return reasons.length > 0 ? reasons.join("; ") : "it registers no task of that name"
}

/** A task that is itself an argument. */
interface CarriedTask {
  readonly key: string
  readonly name: string
  readonly modules: ReadonlyArray<string>
  readonly isIdempotent: boolean
}

export function carriedTask(task: AnyTask): CarriedTask {
  return { key: task.key, name: task.taskName, modules: modulesOf(task), isIdempotent: task.isIdempotent }
}

/** It may be spawned on, or called: its module is imported when that is needed. */
export function taskFrom(what: unknown): AnyTask {
  const { isIdempotent, key, modules, name } = what as CarriedTask
  return taskFor(key, name, modules, isIdempotent, loading(key, name, modules))
}

const loading = (key: string, name: string, modules: ReadonlyArray<string>) =>
  function* (...args: ReadonlyArray<never>): Generator<Yieldable, unknown, never> {
    const found = yield* Op.fromPromise(() => loadTask(key, modules)) as Op<AnyTask | string>
    if (typeof found === "string") throw new TaskNotFound(name, modules, found)
    return yield* found(...args)
  }
