/** The worker pool on kernel threads: jobs that compute, and whichever thread is free takes the next. */
import { createHash } from "node:crypto"
import { codec, sharedChan, type SharedChannel } from "@weft/channels"
import { go, joinAll, run, threadId } from "@weft/core"
import { Pool, task } from "@weft/workers"
import type { Stage } from "../stage.ts"

interface Note {
  readonly thread: number
  readonly word: string
  readonly tries?: number
}

/** Looks for the first number that makes the hash end on four zeros. Threads import this file to have it. */
const mine = task(import.meta.url, "mine", function* (word: string, notes: SharedChannel<Note>) {
  const thread = threadId()
  yield* notes.send({ thread, word })
  for (let tries = 1; ; tries++) {
    if (!createHash("sha256").update(`${word} ${tries}`).digest("hex").endsWith("0000")) continue
    yield* notes.send({ thread, word, tries })
    return
  }
})

export async function main({ explain, live, print }: Stage): Promise<void> {
  const words = ["warp", "weft", "linen", "silk", "hemp", "wool", "jute", "sisal", "felt"]
  await using pool = new Pool({ threads: 3, name: "miners" })

  await run(function* () {
    const notes = sharedChan(codec.json<Note>(100), 16) // lies in shared memory, so a note waits for nobody
    go(function* () {
      yield* joinAll(words.map((word) => pool.spawn(mine, word, notes)))
      notes.close()
    })

    const done = new Map<number, number>()
    yield* notes.forEach(({ thread, tries, word }) => {
      const count = (done.get(thread) ?? 0) + (tries === undefined ? 0 : 1)
      done.set(thread, count)
      const what = tries === undefined ? `${word} ...` : `${word} took ${tries.toLocaleString("en")} tries`
      live(`thread ${[...done.keys()].indexOf(thread) + 1}`, `${"■".repeat(count).padEnd(words.length, "·")}  ${what}`)
    })

    const { completed, stolen } = pool.stats
    print(`${completed} jobs on ${done.size} threads; ${stolen} were taken over from another thread's queue`)
  })

  explain(
    "spawn is go for another thread. What it gives is a goroutine of this one, to join, to interrupt, to select on; over there the same file is imported, and the task found by its name.",
  )
}
