/** Two threads add to one counter of 64 bits in shared memory; a batch is one addition of each. */
import { Worker } from "node:worker_threads"
import { AtomicInt64 } from "@weft/sync"
import { addMany, Batches, Done, Round } from "../adding.ts"
import type { TimeQuestion } from "../question.ts"

const threads = 2
const noThreads = "shares no memory between threads"

export const question: TimeQuestion = {
  name: "atomic-counter",
  title: "Atomic counter, two threads",
  measures: "time",
  operation: "addition",
  operations: threads,
  threads,
  target: { toGo: 2 },
  missing: { promises: noThreads, effect: noThreads, "thi.ng": noThreads, "js-csp": noThreads },
  prepare: () => (partner ??= start()),
  checksum: (batches) => threads * batches,
  async weft(batches) {
    partner ??= start()
    const { control, counter } = await partner
    counter.store(0)
    Atomics.store(control, Batches, batches)
    const round = Atomics.add(control, Round, 1) + 1
    Atomics.notify(control, Round)
    addMany(counter, batches)
    for (let done = Atomics.load(control, Done); done !== round; done = Atomics.load(control, Done))
      Atomics.wait(control, Done, done)
    return counter.loadNumber()
  },
  rivals: {},
}

interface Partner {
  readonly control: Int32Array
  readonly counter: AtomicInt64
}

/** Started once for all samples. */
let partner: Promise<Partner> | undefined

function start(): Promise<Partner> {
  const control = new Int32Array(new SharedArrayBuffer(12))
  const counter = new AtomicInt64()
  const worker = new Worker(new URL("../adder.ts", import.meta.url), {
    workerData: { control, counter: counter.share() },
    execArgv: ["--conditions=@weft/source", "--disable-warning=ExperimentalWarning"],
  })
  return new Promise((resolve, reject) => {
    worker.once("error", reject)
    worker.once("message", () => {
      worker.unref()
      resolve({ control, counter })
    })
  })
}
