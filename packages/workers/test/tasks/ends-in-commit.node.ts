/** A task whose thread ends while it looks whether an op can happen that another thread waits for. */
import { chan, type Channel } from "@weft/channels"
import { never } from "@weft/core"
import type { AtomicInt32 } from "@weft/sync"
import { task } from "@weft/workers"
import * as Effect from "effect/Effect"

export const endsInCommit = task(
  import.meta.url,
  "endsInCommit",
  function* (out: Channel<Channel<number>>, step: AtomicInt32) {
    const channel = chan<number>()
    // A fiber: it runs on inside the commit.
    Effect.runFork(
      Effect.gen(function* () {
        yield* channel.receive()
        step.store(1)
        while (step.load() !== 2);
        process.exit(3)
      }),
    )
    yield* out.send(channel)
    yield* never
  },
)
