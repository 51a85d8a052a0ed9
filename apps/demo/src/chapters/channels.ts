/** The article's program with channels, correct: one goroutine a URL, printed when all are done. */
import { chan } from "@weft/channels"
import { go, Op, run } from "@weft/core"
import type { Stage } from "../stage.ts"

export async function main({ print, urls }: Stage): Promise<void> {
  await run(function* () {
    const responses = chan<string>()
    const done = chan<boolean>()

    for (const url of urls) {
      go(function* () {
        print(`ask  ${new URL(url).pathname}`)
        const response = yield* Op.fromPromise((signal) => fetch(url, { signal }))
        const body = yield* Op.fromPromise(() => response.text())
        yield* responses.send(`${new URL(url).pathname}  ${body.length} bytes`)
        yield* done.send(true)
      })
    }

    go(function* () {
      for (const _ of urls) yield* done.receive()
      responses.close()
    })

    const all = yield* responses.drain() // receives until `responses` is closed
    for (const response of all) print(`got  ${response}`)
  })
}
