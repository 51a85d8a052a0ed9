/** What one more costs: a real thread against a goroutine, both started and parked here, now. */
import { Worker } from "node:worker_threads"
import { chan } from "@weft/channels"
import { go, gosched, run } from "@weft/core"
import type { Stage } from "../stage.ts"

export async function main({ print }: Stage): Promise<void> {
  const threads = 16
  const goroutines = 100_000

  const beforeThreads = usage()
  const workers = await Promise.all(Array.from({ length: threads }, startThread))
  const thread = costOfOne(beforeThreads, threads)
  await Promise.all(workers.map((worker) => worker.terminate()))

  await run(function* () {
    const gate = chan<void>()
    const beforeGoroutines = usage()
    for (let i = 0; i < goroutines; i++) {
      go(function* () {
        yield* gate.receive()
      })
    }
    yield* gosched() // all of them run up to their receive
    const goroutine = costOfOne(beforeGoroutines, goroutines)
    gate.close()

    print(`one of ${threads} threads          ${thread.kib.toFixed(0)} KiB   ${thread.micros.toFixed(0)} µs to start`)
    print(`one of ${goroutines} goroutines  ${goroutine.kib.toFixed(2)} KiB   ${goroutine.micros.toFixed(2)} µs to start`)
    print(`for the memory of one thread: ${Math.round(thread.kib / goroutine.kib).toLocaleString("en")} goroutines`)
  })

  function startThread(): Promise<Worker> {
    const worker = new Worker("require('node:worker_threads').parentPort.on('message', () => {})", { eval: true })
    return new Promise((resolve) => worker.once("online", () => resolve(worker)))
  }

  function usage() {
    globalThis.gc?.() // node --expose-gc: count what is held, not what is left to collect
    return { rss: process.memoryUsage.rss(), time: performance.now() }
  }

  function costOfOne(before: { rss: number; time: number }, count: number) {
    const time = performance.now()
    return { kib: (usage().rss - before.rss) / 1_024 / count, micros: ((time - before.time) * 1_000) / count }
  }
}
