/** Receive from one of 2 unbuffered channels; one goroutine sends to each in turn. A batch is one message through each. */
import { select } from "@weft/channels"
import { run } from "@weft/core"
import { deal } from "../deal.ts"
import type { TimeQuestion } from "../question.ts"
import { selectDescription, selectRivals } from "../select-rivals.ts"

const names = ["c0", "c1"] as const

export const question: TimeQuestion = {
  ...selectDescription,
  name: "select-2",
  title: "select over 2",
  operations: names.length,
  hot: true,
  checksum: (batches) => (batches * (names.length * (names.length - 1))) / 2,
  weft: (batches) =>
    run(function* () {
      const ch = deal(names, batches)
      let sum = 0
      for (let i = 0; i < batches * names.length; i++) {
        const hit = yield* select({ c0: ch.c0.receive(), c1: ch.c1.receive() })
        sum += hit.value ?? 0
      }
      return sum
    }),
  weftReused: (batches) =>
    run(function* () {
      const ch = deal(names, batches)
      const any = select({ c0: ch.c0.receive(), c1: ch.c1.receive() })
      let sum = 0
      for (let i = 0; i < batches * names.length; i++) sum += (yield* any).value ?? 0
      return sum
    }),
  rivals: selectRivals(names.length),
}
