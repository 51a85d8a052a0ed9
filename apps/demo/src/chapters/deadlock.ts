/** The article's channels program as it prints it. It deadlocks; Weft says where. */
import { chan } from "@weft/channels"
import { DeadlockError, go, Op, run } from "@weft/core"
import type { Stage } from "../stage.ts"

export async function main({ explain, print, report, urls }: Stage): Promise<void> {
  const program = run(
    function* () {
      const responses = chan<string>()
      const done = chan<boolean>()

      for (const url of urls) {
        go(function* fetcher() {
          const response = yield* Op.fromPromise((signal) => fetch(url, { signal }))
          const body = yield* Op.fromPromise(() => response.text())
          print(`have ${new URL(url).pathname}`)
          yield* responses.send(body)
          yield* done.send(true)
        })
      }

      for (const _ of urls) yield* done.receive()
      responses.close()

      yield* responses.forEach((response) => print(response))
    },
    { deadlock: "fail" },
  )

  try {
    await program
  } catch (error) {
    if (!(error instanceof DeadlockError)) throw error
    report(error.message)
  }

  explain(
    "An unbuffered send waits until somebody receives. Every fetcher waits to send; main, who would receive, waits for done first. The fix: a buffer with room for every response, so that no send waits.",
  )

  await run(function* () {
    const responses = chan<string>(urls.length)
    const done = chan<boolean>()

    for (const url of urls) {
      go(function* fetcher() {
        const response = yield* Op.fromPromise((signal) => fetch(url, { signal }))
        const body = yield* Op.fromPromise(() => response.text())
        yield* responses.send(`${new URL(url).pathname}  ${body.length} bytes`)
        yield* done.send(true)
      })
    }

    for (const _ of urls) yield* done.receive()
    responses.close()

    yield* responses.forEach((response) => print(`got  ${response}`))
  })
}
