/** So many at a time, and no more: weighted permits, first come, first served. */
import { go, joinAll, run, sleep } from "@weft/core"
import { Semaphore } from "@weft/sync"
import type { Stage } from "../stage.ts"

export async function main({ explain, print }: Stage): Promise<void> {
  await run(function* () {
    const connections = new Semaphore(3)
    let open = 0
    let most = 0
    function* query(i: number) {
      using _ = yield* connections.acquire()
      most = Math.max(most, ++open)
      yield* sleep(20)
      open--
      return i
    }
    yield* joinAll(Array.from({ length: 12 }, (_, i) => go(query, i)))
    print(`12 queries over 3 connections: at most ${most} at a time`)
  })

  await run(function* () {
    const memory = new Semaphore(4)
    function* job(name: string, size: number) {
      using _ = yield* memory.acquire(size)
      print(`${name} has ${size} of 4, ${memory.free} are left`)
      yield* sleep(20)
    }
    yield* joinAll([go(job, "small", 1), go(job, "large", 4), go(job, "late", 1)])
    print(`try for 5 of 4: ${memory.tryAcquire(5)}; for 1: ${memory.tryAcquire(1)}`)
  })

  explain(
    "The late one would fit beside the small one, but comes after the large one: nobody is passed over, so large requests are not starved. using gives the permits back at the end of the block, however it ends.",
  )
}
