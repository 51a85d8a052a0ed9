/** The article's WaitGroup program as it prints it. It leaves its printing goroutine behind; Weft names it. */
import { chan } from "@weft/channels"
import { go, Op, run } from "@weft/core"
import { WaitGroup } from "@weft/sync"
import type { Stage } from "../stage.ts"

export async function main({ explain, print, report, urls }: Stage): Promise<void> {
  await run(
    function* () {
      const responses = chan<string>()
      const wg = new WaitGroup()
      wg.add(urls.length)

      for (const url of urls) {
        go(function* fetcher() {
          try {
            const response = yield* Op.fromPromise((signal) => fetch(url, { signal }))
            const body = yield* Op.fromPromise(() => response.text())
            yield* responses.send(`${new URL(url).pathname}  ${body.length} bytes`)
          } finally {
            wg.done()
          }
        })
      }

      go(function* printer() {
        yield* responses.forEach((response) => print(`got  ${response}`))
      })

      yield* wg.wait()
    },
    { onLeak: (leak) => report(leak.message) },
  )

  explain(
    "Nobody closes responses, so the printer waits for a next value for ever; and main may end before the last one is printed. The fix: close the channel when all are done, and wait for the printer.",
  )

  await run(function* () {
    const responses = chan<string>()
    const wg = new WaitGroup()

    for (const url of urls) {
      wg.go(function* fetcher() {
        const response = yield* Op.fromPromise((signal) => fetch(url, { signal }))
        const body = yield* Op.fromPromise(() => response.text())
        yield* responses.send(`${new URL(url).pathname}  ${body.length} bytes`)
      })
    }

    const printer = go(function* () {
      yield* responses.forEach((response) => print(`got  ${response}`))
    })

    yield* wg.wait()
    responses.close() // ends the printer's loop
    yield* printer // it has printed all
  })
}
