/** Cancel a whole tree of work: every goroutine hears it, and the requests on the wire are aborted. */
import { context, go, Op, run, sleep } from "@weft/core"
import { WaitGroup } from "@weft/sync"
import type { Stage } from "../stage.ts"

export async function main({ print, site }: Stage): Promise<void> {
  await run(function* () {
    const aborted = Op.fromPromise(() =>
      fetch(`${site}/aborted.json`).then((answer) => answer.json() as Promise<number>),
    )
    const abortedBefore = yield* aborted

    const [ctx, cancel] = context.withCancel(context.background)
    const wg = new WaitGroup()

    for (const worker of [1, 2, 3]) {
      const [child] = context.withTimeout(ctx, "10 seconds") // a child ends with its parent
      wg.go(function* () {
        try {
          yield* Op.fromPromise(() => fetch(`${site}/hangs.json`, { signal: child.signal }))
        } catch {
          print(`worker ${worker}: ${child.err?.message}`)
        } finally {
          yield* sleep("50 millis") // cleaning up may wait
          print(`worker ${worker}: cleaned up`)
        }
      })
    }

    go(function* () {
      yield* sleep("250 millis")
      print("cancel")
      cancel()
    })

    yield* wg.wait()
    print(`requests that the server saw aborted: ${(yield* aborted) - abortedBefore}`)
  })
}
