/** Tasks that change the objects that channels bring them, and those that they send. */
import { chan, type Channel } from "@weft/channels"
import { go, joinAll } from "@weft/core"
import { task } from "@weft/workers"

/** `n` goroutines each add to the list that they receive: how long it is then. */
export const growsEach = task(import.meta.url, "growsEach", function* (from: Channel<Array<number>>, n: number) {
  return yield* joinAll(
    Array.from({ length: n }, () =>
      go(function* () {
        const list = yield* from.take()
        return list.push(1)
      }),
    ),
  )
})

/** `n` goroutines send the same list. */
export const sendsSame = task(import.meta.url, "sendsSame", function* (to: Channel<Array<number>>, n: number) {
  const list: Array<number> = []
  yield* joinAll(
    Array.from({ length: n }, () =>
      go(function* () {
        yield* to.send(list)
      }),
    ),
  )
})

/** Receives so many, and says what each held. */
export const lengths = task(import.meta.url, "lengths", function* (from: Channel<Array<number>>, n: number) {
  const found: Array<number> = []
  for (let i = 0; i < n; i++) found.push((yield* from.take()).length)
  return found
})

/** Gives a channel of this thread's own. */
export const keepsChannel = task(import.meta.url, "keepsChannel", function* () {
  return chan<unknown>()
})
