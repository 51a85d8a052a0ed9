/** The states of goroutines as the page colours them: running, runnable, and the kinds of things waited for. One order and one colour everywhere. */
export const stateClasses = [
  { id: "none", label: "not there" },
  { id: "running", label: "running" },
  { id: "runnable", label: "runnable" },
  { id: "channel", label: "channel" },
  { id: "select", label: "select" },
  { id: "lock", label: "lock" },
  { id: "sync", label: "other sync" },
  { id: "time", label: "sleep" },
  { id: "outside", label: "promise, I/O" },
  { id: "join", label: "join" },
  { id: "other", label: "other" },
] as const

/** Its index in `stateClasses`. */
export type StateClass = number

const NONE = 0
const RUNNING = 1
const RUNNABLE = 2
const OTHER = 10

export const StateClasses = { NONE, RUNNING, RUNNABLE, OTHER } as const

const patterns: ReadonlyArray<readonly [RegExp, StateClass]> = [
  [/^chan /, 3],
  [/^select/, 4],
  [/^sync\.(Shared)?(RW)?Mutex\.|\.lock$/i, 5],
  [/^sync\./, 6],
  [/^(sleep|time|after|timer|tick)/, 7],
  [/^(promise|effect|abort signal|context|from|worker|i\/o)/i, 8],
  [/^(join|scope)/, 9],
]

const known = new Map<string, StateClass>()

export function reasonClass(reason: string): StateClass {
  let found = known.get(reason)
  if (found === undefined) {
    found = patterns.find(([pattern]) => pattern.test(reason))?.[1] ?? OTHER
    known.set(reason, found)
  }
  return found
}

export const stateClass = (status: "running" | "runnable" | "waiting", reason: string | undefined): StateClass =>
  status === "running" ? RUNNING : status === "runnable" ? RUNNABLE : reasonClass(reason ?? "")
