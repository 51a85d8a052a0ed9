/** One WaitGroup, round after round; and what it says when the count is wrong. */
import { go, run, sleep } from "@weft/core"
import { WaitGroup } from "@weft/sync"
import type { Stage } from "../stage.ts"

export async function main({ print, report }: Stage): Promise<void> {
  await run(function* () {
    const wg = new WaitGroup()

    for (const round of [1, 2, 3]) {
      for (const worker of [1, 2, 3]) {
        wg.add(1)
        go(function* () {
          yield* sleep(worker * 50)
          wg.done()
        })
      }
      yield* wg.wait()
      print(`round ${round}: all 3 workers done, the counter is at zero again`)
    }

    try {
      wg.done()
    } catch (error) {
      print("one done() too many:")
      report(String(error))
    }
  })
}
