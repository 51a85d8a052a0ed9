/** The article's program with a WaitGroup, correct: wait for the count to reach zero, then print. */
import { chan } from "@weft/channels"
import { Op, run } from "@weft/core"
import { WaitGroup } from "@weft/sync"
import type { Stage } from "../stage.ts"

export async function main({ print, urls }: Stage): Promise<void> {
  await run(function* () {
    const responses = chan<string>(urls.length) // room for all, so that nobody waits to send
    const wg = new WaitGroup()

    for (const url of urls) {
      wg.go(function* () {
        print(`ask  ${new URL(url).pathname}`)
        const response = yield* Op.fromPromise((signal) => fetch(url, { signal }))
        const body = yield* Op.fromPromise(() => response.text())
        yield* responses.send(`${new URL(url).pathname}  ${body.length} bytes`)
      })
    }

    yield* wg.wait()
    responses.close()

    yield* responses.forEach((response) => print(`got  ${response}`))
  })
}
