/** The lost update, live: two threads count in one shared memory, first by `words[0]++`, then by an AtomicInt32. */
import { once } from "node:events"
import { isMainThread, Worker, workerData } from "node:worker_threads"
import { go, joinAll, Op, run } from "@weft/core"
import { AtomicInt32, type SharedHandle } from "@weft/sync"
import type { Stage } from "../stage.ts"

interface Work {
  readonly how: "plain" | "atomic"
  readonly times: number
  readonly words: Int32Array
  readonly counter: SharedHandle<"AtomicInt32">
  readonly arrived: SharedHandle<"AtomicInt32">
}

if (!isMainThread) {
  // This file is also what its two threads run.
  const { how, times, words, ...shared } = workerData as Work
  const counter = AtomicInt32.from(shared.counter)
  const arrived = AtomicInt32.from(shared.arrived)
  arrived.add(1)
  while (arrived.load() < 2); // both begin at the same moment
  if (how === "plain") for (let i = 0; i < times; i++) words[0]!++
  else for (let i = 0; i < times; i++) counter.add(1)
}

export async function main({ explain, print }: Stage): Promise<void> {
  const times = 10_000_000
  const words = new Int32Array(new SharedArrayBuffer(4))
  const counter = new AtomicInt32()

  function* onTwoThreads(how: Work["how"]) {
    const arrived = new AtomicInt32()
    const workerData: Work = { how, times, words, counter: counter.share(), arrived: arrived.share() }
    function* thread() {
      const worker = new Worker(new URL(import.meta.url), { workerData })
      yield* Op.fromPromise(() => once(worker, "exit"))
    }
    yield* joinAll([go(thread), go(thread)])
  }
  const lost = (found: number) => `${count(found)} of ${count(2 * times)}, ${count(2 * times - found)} lost`
  const count = (n: number) => n.toLocaleString("en")

  await run(function* () {
    do {
      words[0] = 0
      yield* onTwoThreads("plain")
      print(`words[0]++      ${lost(words[0])}`)
    } while (words[0] === 2 * times) // on a busy machine the threads may not have met
  })

  explain(
    "words[0]++ is three steps: read, add one, write. If both threads read 7, both write 8, and one of the two has counted for nothing. No error, and another number every time.",
  )

  await run(function* () {
    yield* onTwoThreads("atomic")
    print(`counter.add(1)  ${lost(counter.load())}`)
  })

  explain(
    "An AtomicInt32 adds in one step, which no other thread can get into. share() is what a message can carry; from() makes the same word of it in the other thread.",
  )
}
