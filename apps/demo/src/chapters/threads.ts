/** What one more costs: a real thread against a goroutine, both started and parked here, now. */
import { Worker } from "node:worker_threads"
import { chan } from "@weft/channels"
import { go, gosched, Op, run } from "@weft/core"
import type { Stage } from "../stage.ts"

export async function main({ print }: Stage): Promise<void> {
  await run(function* () {
    const gate = chan<void>()
    function* parked() {
      yield* gate.receive()
    }
    let before = usage()
    for (let i = 0; i < 100_000; i++) go(parked)
    yield* gosched() // all of them run up to their receive
    const goroutine = costOfOne(before, 100_000)
    print(`one of 100,000 goroutines  ${figure(goroutine.kib)} KiB  ${figure(goroutine.micros)} µs to start`)

    before = usage()
    const threads = yield* Op.fromPromise(() => Promise.all(Array.from({ length: 16 }, startThread)))
    const thread = costOfOne(before, 16)
    print(`one of 16 threads          ${figure(thread.kib)} KiB  ${figure(thread.micros)} µs to start`)
    print(`in the memory of one thread: ${figure(thread.kib / goroutine.kib).trim()} goroutines`)

    yield* Op.fromPromise(() => Promise.all(threads.map((worker) => worker.terminate())))
    gate.close()
  })

  function startThread(): Promise<Worker> {
    const worker = new Worker("require('node:worker_threads').parentPort.on('message', () => {})", { eval: true })
    return new Promise((resolve) => worker.once("online", () => resolve(worker)))
  }

  function usage() {
    globalThis.gc?.() // node --expose-gc: count what is held, not what is left to collect
    return { rss: process.memoryUsage.rss(), time: performance.now() }
  }

  function costOfOne(before: ReturnType<typeof usage>, count: number) {
    const micros = ((performance.now() - before.time) * 1_000) / count
    return { micros, kib: (usage().rss - before.rss) / 1_024 / count }
  }

  function figure(n: number): string {
    return n.toLocaleString("en", { maximumSignificantDigits: 3 }).padStart(7)
  }
}
