/** A spawned task keeps the process up, though nobody here waits for anything else; its channel too. */
import { chan } from "@weft/channels"
import { go } from "@weft/core"
import { spawn } from "@weft/workers"
import { sendAll } from "../tasks/basic.ts"

const numbers = chan<number>()
spawn(sendAll, numbers, [1, 2, 3])
go(function* () {
  for (let i = 0; i < 3; i++) console.log(yield* numbers.receive())
})
