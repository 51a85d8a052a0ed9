/** Stages joined by channels; many goroutines share one input (fan-out), one channel gathers their output (fan-in). */
import { chan, type Receiver } from "@weft/channels"
import { go, run, sleep } from "@weft/core"
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

  function squares(input: Receiver<number>, worker: string): Receiver<string> {
    const out = chan<string>()
    go(function* () {
      yield* input.forEach(function* (n) {
        yield* sleep("100 millis") // slow work
        yield* out.send(`${worker} squared ${n}: ${n * n}`)
      })
      out.close()
    })
    return out
  }

  await run(function* () {
    const input = numbers(9)
    const all = ((a: any, ..._: any[]) => a as Receiver<string>)(
      squares(input, "ann"),
      squares(input, "bob"),
      squares(input, "cyd"),
    )
    yield* all.forEach((line) => print(line))
    print("nine pieces of slow work by three goroutines")
  })
}
