/** Makes the unbuffered channels of the select questions, and the goroutine that sends each one's number to it in turn. */
import { chan, type Channel } from "@weft/channels"
import { go } from "@weft/core"

export function deal<Name extends string>(names: ReadonlyArray<Name>, batches: number): Record<Name, Channel<number>> {
  const all = names.map((name) => [name, chan<number>()] as const)
  const channels = all.map(([, ch]) => ch)
  go(function* () {
    for (let batch = 0; batch < batches; batch++) {
      let i = 0
      for (const ch of channels) yield* ch.send(i++)
    }
  })
  return Object.fromEntries(all) as Record<Name, Channel<number>>
}
