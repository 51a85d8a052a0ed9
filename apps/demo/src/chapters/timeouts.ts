/** Give up in time: select beside `after`, or a context whose deadline also aborts the request. */
import { after, chan, select } from "@weft/channels"
import { context, go, Op, run } from "@weft/core"
import type { Stage } from "../stage.ts"

export async function main({ print, site }: Stage): Promise<void> {
  await run(function* () {
    for (const [path, limit] of [
      ["/users.json", "10 seconds"],
      ["/hangs.json", "300 millis"],
    ] as const) {
      const response = chan<number>(1) // one place, so that a late sender never waits
      go(function* () {
        const { status } = yield* Op.fromPromise((signal) => fetch(site + path, { signal }))
        yield* response.send(status)
      })

      const hit = yield* select({ response: response.receive(), timeout: after(limit).receive() })
      print(hit.case === "response" ? `${path}  ${hit.value}` : `${path}  no answer in ${limit}, so go on`)
    }

    const [ctx, cancel] = context.withTimeout(context.background, "200 millis")
    try {
      yield* Op.fromPromise(() => fetch(`${site}/hangs.json`, { signal: ctx.signal }))
    } catch {
      print(`/hangs.json  aborted: ${ctx.err?.message}`)
    } finally {
      cancel()
    }
  })
}
