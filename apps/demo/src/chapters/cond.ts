/** Waiting until something is true: a shelf with room for two, under a Mutex and two Conds. */
import { go, joinAll, run, sleep } from "@weft/core"
import { Cond, Mutex } from "@weft/sync"
import type { Stage } from "../stage.ts"

export async function main({ explain, print }: Stage): Promise<void> {
  await run(function* () {
    const mutex = new Mutex()
    const filled = new Cond(mutex)
    const freed = new Cond(mutex)
    const shelf: Array<string> = []

    function* weaver() {
      for (const cloth of ["linen", "wool", "silk", "hemp"]) {
        using _ = yield* mutex.lock()
        while (shelf.length === 2) {
          print(`the shelf is full: ${cloth} waits`)
          yield* freed.wait()
        }
        shelf.push(cloth)
        print(`${cloth} is on the shelf`)
        filled.signal()
      }
    }

    function* tailor() {
      for (let i = 0; i < 4; i++) {
        yield* sleep(30)
        using _ = yield* mutex.lock()
        while (shelf.length === 0) yield* filled.wait()
        print(`        takes ${shelf.shift()}`)
        freed.signal()
      }
    }

    yield* joinAll([go(weaver), go(tailor)])
  })

  explain(
    "wait() unlocks, waits for a signal and locks again. Look at the condition in a loop: somebody else may have been quicker. signal() wakes the one that waits longest, broadcast() all.",
  )
}
