/** Wait for several things, take exactly one: a case can be any op, not only a channel. */
import { chan, select } from "@weft/channels"
import { go, Op, run, sleep } from "@weft/core"
import { WaitGroup } from "@weft/sync"
import type { Stage } from "../stage.ts"

export async function main({ print, site }: Stage): Promise<void> {
  await run(function* () {
    const words = chan<string>()
    const weavers = new WaitGroup()
    for (const word of ["over", "under", "over"]) {
      weavers.go(function* () {
        yield* sleep(word.length * 30)
        yield* words.send(word)
      })
    }

    for (let waiting = true; waiting;) {
      const hit = yield* select({ word: words.receive(), allDone: weavers.wait(), tooLong: sleep("1 second") })
      print(hit.case === "word" ? `a channel won: ${hit.value}` : `a WaitGroup won: ${hit.case}`)
      waiting = hit.case === "word"
    }

    const answer = go(function* () {
      yield* sleep("100 millis")
      return 42
    })
    const joined = yield* select({ answer: answer.join(), closed: words.receive() })
    print(`a goroutine's end won: ${joined.case} ${joined.value}`)

    const first = yield* select({
      posts: Op.fromPromise((signal) => fetch(`${site}/posts.json`, { signal })),
      users: Op.fromPromise((signal) => fetch(`${site}/users.json`, { signal })),
    })
    print(`a request won: ${first.case}; the other one was aborted`)
  })
}
