/** Stages joined by channels; many goroutines share one input (fan-out), one channel gathers their output (fan-in). */
import { chan, type Receiver } from "@weft/channels"
import { go, run, sleep } from "@weft/core"
import { WaitGroup } from "@weft/sync"
import type { Stage } from "../stage.ts"

export async function main({ print }: Stage): Promise<void> {
  function numbers(count: number): Receiver<number> {
    const out = chan<number>()
    go(function* () {
      for (let n = 1; n <= count; n++) yield* out.send(n)
      out.close()
    })
    return out
  }

  function squares(input: Receiver<number>, workers: ReadonlyArray<string>): Receiver<string> {
    const out = chan<string>()
    const wg = new WaitGroup()
    for (const name of workers) {
      wg.go(function* () {
        for (let next = yield* input.next(); next.ok; next = yield* input.next()) {
          yield* sleep("100 millis") // slow work
          yield* out.send(`${name}  ${next.value} squared is ${next.value ** 2}`)
        }
      })
    }
    go(function* () {
      yield* wg.wait()
      out.close()
    })
    return out
  }

  await run(function* () {
    const results = squares(numbers(9), ["ann", "bob", "cyd"])
    yield* results.forEach((line) => print(line))
    print("nine pieces of slow work, done by three")
  })
}
