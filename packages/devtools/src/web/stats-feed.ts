/**
 * The statistics of each second, as server-sent events.
 *
 * However many pages look on, the process is asked once: half of its figures are "since the last call". With nobody looking on it is left alone. A page
 * that reads slowly misses samples; none wait for it.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Attached } from "../attach/attached.ts"

export const statsFeed = (source: Attached): Effect.Effect<Stream.Stream<Uint8Array>, never, Scope.Scope> => {
  // A process that can't be asked is about to be found ended, or has not loaded Weft: it may do so later, so it is asked again.
  const sample = Effect.tryPromise({ try: () => source.stats(), catch: wordsOf }).pipe(
    Effect.match({
      onSuccess: (stats) => event("stats", stats),
      onFailure: (reason) => event("refused", { reason }),
    }),
  )
  const ended = Effect.promise(() => source.ended)
  return Stream.fromEffectSchedule(sample, Schedule.spaced(Duration.seconds(1))).pipe(
    Stream.interruptWhen(ended),
    Stream.concat(Stream.fromEffect(Effect.map(ended, (reason) => event("ended", { reason })))),
    Stream.share({ capacity: 1, strategy: "sliding" }),
  )
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const encoder = new TextEncoder()

const event = (name: string, data: unknown): Uint8Array =>
  encoder.encode(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
