/** How commands get into a process and out again, whatever happens in between. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Attached, WeftProcess } from "../attach/attached.ts"
import { Processes } from "./processes.ts"
import { refuse, type Refused, refused } from "./refused.ts"

/** Attaches for as long as the scope lasts. Ctrl-C while attaching detaches, too, as soon as it has succeeded. */
export const lookInto: (target: string) => Effect.Effect<Attached, Refused, Processes | Scope.Scope> =
  Effect.fnUntraced(function* (target: string) {
    const processes = yield* Processes
    const pid = yield* pidOf(target)
    const attaching = yield* Effect.acquireRelease(
      Effect.sync(() => processes.attach(pid)),
      (attaching) =>
        Effect.ignore(
          Effect.timeout(
            attempt(() => detached(attaching)),
            "3 seconds",
          ),
        ),
    )
    return yield* attempt(() => attaching)
  })

/** Attaches, asks one thing, and detaches before anything is made of the answer. */
export const askOnce = <A>(
  target: string,
  question: (attached: Attached) => Promise<A>,
): Effect.Effect<A, Refused, Processes> =>
  Effect.scoped(Effect.flatMap(lookInto(target), (attached) => ask(attached, question)))

/** Fails as soon as the process has ended. */
export const ask = <A>(attached: Attached, question: (attached: Attached) => Promise<A>): Effect.Effect<A, Refused> =>
  Effect.raceFirst(
    attempt(() => question(attached)),
    Effect.flatMap(
      attempt(() => attached.ended),
      (why) => refuse(`Nothing more is to be had from process ${attached.pid}: ${why}.`),
    ),
  )

export const attempt = <A>(run: () => Promise<A>): Effect.Effect<A, Refused> =>
  Effect.tryPromise({ try: run, catch: refused })

/** Nothing to undo where attaching has failed. */
async function detached(attaching: Promise<Attached>): Promise<void> {
  const attached = await attaching.catch(() => undefined)
  await attached?.detach()
}

/** A number is a process id; anything else is looked for in titles and commands. */
const pidOf = Effect.fnUntraced(function* (target: string) {
  if (/^\d+$/.test(target)) return Number(target)
  const processes = yield* Processes
  const all = yield* attempt(() => processes.list())
  const wanted = target.toLowerCase()
  const found = all.filter(({ title, command }) => `${title}\n${command}`.toLowerCase().includes(wanted))
  const [only] = found
  if (only !== undefined && found.length === 1) return only.pid
  return yield* refuse(
    only === undefined
      ? `No process with "${target}" in its title or command runs Weft. ${all.length === 0 ? "None does at all: is it started, and is it yours?" : `These do: ${list(all)}.`}`
      : `"${target}" is in the title or command of ${found.length} processes: ${list(found)}. Give more of it, or the process id.`,
  )
})

function list(processes: ReadonlyArray<WeftProcess>): string {
  const most = 8
  const named = processes.slice(0, most).map(({ command, pid, title }) => {
    const isTelling = title !== "" && title !== "node"
    return `${pid} (${isTelling ? title : command.slice(0, 60)})`
  })
  return `${named.join(", ")}${processes.length > most ? ` and ${processes.length - most} more` : ""}`
}
