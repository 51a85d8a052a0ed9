/** A number goes to another thread and back by shared channels, and each thread sleeps while the other has it; a batch is one round trip. */
import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { codec, sharedChan } from "@weft/channels"
import { run } from "@weft/core"
import { spawn } from "@weft/workers"
import { threadFile } from "../pools/pool.ts"
import type { TimeQuestion } from "../question.ts"
import { noThreads } from "../tasks-question.ts"
import { sendBack } from "../threads/channel-tasks.ts"

export const question: TimeQuestion = {
  name: "shared-ping-pong",
  title: "Ping-pong between two threads",
  measures: "time",
  table: "threads",
  operation: "round trip",
  operations: 1,
  threads: 2,
  target: { advantage: { bare: 1 / 1.3 } },
  notInGo: "its goroutines go to one thread as soon as they wake each other: see ping-pong",
  missing: noThreads,
  remarks: { weft: "by sharedChan", bare: "Atomics.wait and Atomics.notify, on both threads" },
  checksum: (batches) => batches,
  weft: (batches) =>
    run(function* () {
      const [there, back] = [sharedChan(codec.f64, 1), sharedChan(codec.f64, 1)]
      const other = spawn(sendBack, there, back, batches)
      let n = 0
      for (let i = 0; i < batches; i++) {
        yield* there.send(n)
        n = (yield* back.receive()) ?? 0
      }
      yield* other
      return n
    }),
  rivals: {
    async bare(batches) {
      const words = await (partner ??= start())
      const before = Atomics.load(words, 1)
      let n = before
      for (let i = 0; i < batches; i++) {
        Atomics.store(words, 0, n + 1)
        Atomics.notify(words, 0)
        // More than once, if it is woken by what belongs to the trip before.
        while (Atomics.load(words, 1) === n) Atomics.wait(words, 1, n)
        n++
      }
      return n - before
    },
  },
}

/** Started once for all samples: it answers by the same number in the second word. */
let partner: Promise<Int32Array> | undefined

async function start(): Promise<Int32Array> {
  const words = new Int32Array(new SharedArrayBuffer(8))
  const worker = new Worker(threadFile("answering"), { workerData: words })
  await once(worker, "message")
  worker.unref()
  return words
}
