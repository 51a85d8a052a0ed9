/** The loop of `weft top`: statistics, keys and sizes come in, frames go out. */
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import type { Attached } from "../../attach/attached.ts"
import type { ProcessStats } from "../../format/stats.ts"
import { attempt } from "../look-into.ts"
import type { Refused } from "../refused.ts"
import type { Places } from "../text/place.ts"
import { Terminal } from "./terminal.ts"
import { begin, type Key, pressed, type TopState } from "./top-state.ts"
import { roomForRows, topScreen } from "./top-text.ts"

export interface LiveTop {
  readonly attached: Attached
  readonly title: string
  readonly seconds: number
  readonly state: Partial<TopState>
  readonly places: Places
  readonly isColored: boolean
}

type Event =
  | { readonly is: "stats"; readonly stats: ProcessStats }
  | { readonly is: "key"; readonly key: Key }
  | { readonly is: "resize" }
  | { readonly is: "ended"; readonly why: string }

/** Returns when the user quits. */
export const liveTop: (top: LiveTop) => Effect.Effect<void, Refused, Scope.Scope> = Effect.fnUntraced(function* ({
  attached,
  isColored,
  places,
  seconds,
  state: given,
  title,
}: LiveTop) {
  const events = yield* Queue.unbounded<Event>()
  const send = (event: Event) => void Queue.offerUnsafe(events, event)
  const first = yield* attempt(() => attached.stats())
  const terminal = yield* openTerminal(isColored, send)
  yield* Effect.forkScoped(watch(attached, send))

  let view = {
    title,
    stats: first,
    before: undefined as ProcessStats | undefined,
    places,
    ended: undefined as string | undefined,
  }
  let state: TopState = { ...begin, ...given }
  yield* Effect.forkScoped(poll(attached, seconds, () => state.isPaused, send))
  for (;;) {
    const { lines, top } = topScreen({ ...view, state, columns: terminal.columns }, terminal.rows)
    state = { ...state, top }
    terminal.draw(lines)
    const event = yield* Queue.take(events)
    if (event.is === "stats" && !state.isPaused) view = { ...view, before: view.stats, stats: event.stats }
    else if (event.is === "ended") view = { ...view, ended: event.why }
    else if (event.is === "key") {
      const next = pressed(state, event.key, roomForRows(view.stats, terminal.rows))
      if (next === "quit") return
      if (next === "suspend") terminal.suspend()
      else state = next
    }
  }
})

const openTerminal = (isColored: boolean, send: (event: Event) => void): Effect.Effect<Terminal, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const terminal = new Terminal(process.stdin, process.stdout, isColored, {
        onKey: (key) => send({ is: "key", key }),
        onResize: () => send({ is: "resize" }),
      })
      terminal.open()
      return terminal
    }),
    (terminal) => Effect.sync(() => terminal.close()),
  )

/** A paused one asks for nothing: it costs the process nothing either. */
const poll = (
  attached: Attached,
  seconds: number,
  isPaused: () => boolean,
  send: (event: Event) => void,
): Effect.Effect<void> =>
  Effect.ignore(
    Effect.forever(
      Effect.gen(function* () {
        yield* Effect.sleep(`${seconds * 1000} millis`)
        if (!isPaused()) send({ is: "stats", stats: yield* attempt(() => attached.stats()) })
      }),
    ),
  )

const watch = (attached: Attached, send: (event: Event) => void): Effect.Effect<void> =>
  Effect.ignore(
    Effect.map(
      attempt(() => attached.ended),
      (why) => send({ is: "ended", why }),
    ),
  )
