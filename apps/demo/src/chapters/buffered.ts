/** An unbuffered send waits for its receiver; a buffered one only while the buffer is full. */
import { chan } from "@weft/channels"
import { go, run, sleep } from "@weft/core"
import type { Stage } from "../stage.ts"

export async function main({ print }: Stage): Promise<void> {
  await run(function* () {
    for (const capacity of [0, 2]) {
      print(`chan(${capacity}), and a receiver that is late`)
      const numbers = chan<number>(capacity)

      go(function* () {
        for (const n of [1, 2, 3]) {
          yield* numbers.send(n)
          print(`  sent ${n}`)
        }
        numbers.close()
      })

      yield* sleep("200 millis")
      yield* numbers.forEach((n) => print(`  received ${n}`))
    }
  })
}
