/** A call that blocks its thread: made here it stops everybody, made by `blocking` nobody. */
import { Ticker } from "@weft/channels"
import { go, type Goroutine, joinAll, run, sleep } from "@weft/core"
import { blocking, task } from "@weft/workers"
import type { Stage } from "../stage.ts"

/** As readFileSync or a driver of a database: the thread is in the kernel, and comes back when it is done. */
const query = task(import.meta.url, "query", function* () {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
  return "42 rows"
})

export async function main({ explain, live, print }: Stage): Promise<void> {
  function* whileTicking(how: string, call: () => Goroutine<string, never>) {
    const ticker = new Ticker("100 millis")
    let ticks = 0
    const ticking = go(() => ticker.forEach(() => live("ticker", "▪".repeat(++ticks))))
    yield* sleep("250 millis")

    const before = ticks
    const millis = stopwatch()
    live("query", how)
    const rows = yield* call()
    live("query", `${rows} after ${millis()} ms; ${ticks - before} ticks meanwhile`)

    yield* sleep("150 millis")
    ticking.interrupt()
    ticker.stop()
  }

  await run(() => whileTicking("here", () => go(query)))
  explain("All goroutines share one thread, and that one was away: no tick, no timer, no answer from the network.")

  await run(() => whileTicking("by blocking", () => blocking(query)))
  explain(
    "Go sees a system call coming, and moves the other goroutines to another thread. Here one says so, blocking instead of go, and the call has a thread for itself as long as it takes.",
  )

  await run(function* () {
    const millis = stopwatch()
    yield* joinAll([blocking(query), blocking(query), blocking(query)])
    print(`three such calls at once: ${millis()} ms, with the start of two threads`)
  })

  function stopwatch() {
    const start = performance.now()
    return () => Math.round(performance.now() - start)
  }
}
