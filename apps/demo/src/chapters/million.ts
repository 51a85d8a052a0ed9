/** One million goroutines parked at once, then all released. */
import { Worker } from "node:worker_threads"
import { chan } from "@weft/channels"
import { gosched, numGoroutine, Op, run } from "@weft/core"
import { WaitGroup } from "@weft/sync"
import type { Stage } from "../stage.ts"

export async function main({ print }: Stage): Promise<void> {
  await run(function* () {
    const gate = chan<void>()
    const wg = new WaitGroup()
    const before = memory()

    // One body for all of them: a function* made anew for each would double the memory.
    function* parked() {
      yield* gate.receive()
    }
    for (let i = 0; i < 1_000_000; i++) wg.go(parked)
    yield* gosched() // all of them run up to their receive
    print(`${numGoroutine().toLocaleString("en")} goroutines, all but main are parked`)

    const held = memory()
    print(`heap  ${Math.round((held.heapUsed - before.heapUsed) / 1e6)} bytes each`)
    print(`RSS   ${Math.round((held.rss - before.rss) / 1e6)} bytes each, ${Math.round(held.rss / 2 ** 20)} MiB in all`)

    const threads = yield* Op.fromPromise(() => Promise.all(Array.from({ length: 8 }, startThread)))
    const thread = (memory().rss - held.rss) / 8
    print(`a real thread, one of 8 started now: ${(thread / 2 ** 20).toFixed(1)} MiB`)
    print(`a million of those would need ${((thread * 1e6) / 2 ** 40).toFixed(1)} TiB`)
    yield* Op.fromPromise(() => Promise.all(threads.map((worker) => worker.terminate())))

    gate.close() // closing is a broadcast: everybody receives
    yield* wg.wait()
    print("all of them have run to their end")
  })

  function startThread(): Promise<Worker> {
    const worker = new Worker("require('node:worker_threads').parentPort.on('message', () => {})", { eval: true })
    return new Promise((resolve) => worker.once("online", () => resolve(worker)))
  }

  function memory() {
    globalThis.gc?.() // node --expose-gc: count what is held, not what is left to collect
    return process.memoryUsage()
  }
}
