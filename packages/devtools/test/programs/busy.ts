/** A program that always has something to show: pipelines, locks, sleepers, and tasks on threads. It runs until it is ended. */
import { chan } from "@weft/channels"
import { go, run, sleep } from "@weft/core"
import { Mutex } from "@weft/sync"
import { spawn, task } from "@weft/workers"

export const square = task(import.meta.url, "square", function* (n: number) {
  yield* sleep("5 millis")
  return n * n
})

await run(function* () {
  const jobs = chan<number>(8)
  const results = chan<number>()
  const mutex = new Mutex()
  let served = 0

  function* worker() {
    for (;;) {
      const job = yield* jobs.receive()
      if (job === undefined) return
      yield* mutex.lock()
      yield* sleep("1 millis")
      yield* results.send(job * 2)
      mutex.unlock()
    }
  }
  for (let i = 0; i < 4; i++) go.named(`worker ${i}`, worker)
  go.named("producer", function* () {
    for (let i = 0; ; i++) yield* jobs.send(i)
  })
  go.named("on threads", function* () {
    for (let i = 0; ; i++) yield* spawn(square, i)
  })
  yield* spawn(square, 0)
  console.log(`ready ${process.pid}`)
  for (;;) {
    yield* results.receive()
    served++
    if (served % 1000 === 0) yield* sleep("1 millis")
  }
})
