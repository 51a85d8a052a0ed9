/** Threads that die, and a pool that goes on: nothing is waited for in vain, and what may run twice does. */
import { context, type Goroutine, run, sleep } from "@weft/core"
import { AtomicInt32 } from "@weft/sync"
import { Pool, task, WorkerCrashed } from "@weft/workers"
import type { Stage } from "../stage.ts"

const exits = task(import.meta.url, "exits", function* () {
  process.exit(3) // of its thread; the process goes on
})

const throwsOutside = task(import.meta.url, "throwsOutside", function* () {
  setTimeout(() => {
    throw new Error("thrown in a timer")
  })
  yield* sleep("1 minute")
})

const loops = task(import.meta.url, "loops", function* () {
  for (;;);
})

const unlucky = task(
  import.meta.url,
  "unlucky",
  function* (runs: AtomicInt32) {
    if (runs.add(1) < 3) process.exit(1)
    return `went well in run ${runs.load()}`
  },
  { idempotent: true },
)

const sum = task(import.meta.url, "sum", function* (to: number) {
  let total = 0
  for (let n = 1; n <= to; n++) total += n
  return total
})

export async function main({ explain, print }: Stage): Promise<void> {
  await using pool = new Pool({ threads: 2, restart: { times: 10, within: "10 seconds" } })

  function* outcome(name: string, goroutine: Goroutine<unknown, never>) {
    try {
      print(`${name}: ${String(yield* goroutine)}`)
    } catch (error) {
      print(`${name}: ${error instanceof WorkerCrashed ? `WorkerCrashed, ${error.fields.reason}` : String(error)}`)
    }
  }

  await run(function* () {
    yield* outcome("exits", pool.spawn(exits))
    yield* outcome("throws outside", pool.spawn(throwsOutside))

    yield* outcome("sum", pool.spawn(sum, 1_000_000)) // by the thread that has taken its place

    const [ctx] = context.withTimeout(context.background, "300 millis")
    yield* outcome("loops for ever", pool.spawnWith({ context: ctx, grace: "100 millis" }, loops))

    yield* outcome("unlucky", pool.spawn(unlucky, new AtomicInt32()))

    const { completed, crashes, failed, retried } = pool.stats
    print(`${crashes} threads died, ${retried} tasks were run again, ${failed} failed, ${completed} completed`)
  })

  explain(
    "Four threads died by themselves, and the pool ended one: a loop that never waits can't be interrupted otherwise. Nobody waits for what will not come, and what a dead thread had not begun, another one does.",
  )
}
