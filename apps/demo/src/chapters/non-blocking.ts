/** Try, and go on: trySend, tryReceive, and trySelect, which is Go's select with default. */
import { chan, trySelect } from "@weft/channels"
import { run } from "@weft/core"
import type { Stage } from "../stage.ts"

export async function main({ print }: Stage): Promise<void> {
  await run(function* () {
    const messages = chan<string>(1)
    const signals = chan<boolean>()

    print(`trySend("hi")   ${messages.trySend("hi")}`)
    print(`trySend("you")  ${messages.trySend("you")}   the buffer is full`)
    print(`tryReceive()    ${JSON.stringify(messages.tryReceive())}`)
    print(`tryReceive()    ${JSON.stringify(messages.tryReceive())}   nothing there`)

    const hit = trySelect({ message: messages.receive(), signal: signals.receive() })
    print(hit === undefined ? "trySelect       nothing ready, so go on" : `trySelect       ${hit.case}`)
  })
}
