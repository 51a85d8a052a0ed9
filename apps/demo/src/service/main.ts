/**
 * The service, an ordinary program: `node --conditions=@weft/source apps/demo/src/service/main.ts [port]`.
 *
 * Whoever started it as a child, with a channel, is told where it listens, and takes it along when he ends.
 */
import { chan } from "@weft/channels"
import { go, hold, Op, run } from "@weft/core"
import { configureDefaultPool, spawn } from "@weft/workers"
import { frontDoor } from "./front-door.ts"
import { listen } from "./http.ts"
import { market } from "./market.ts"
import { newMill } from "./mill.ts"
import { startPipeline } from "./orders.ts"
import { looms, price } from "./price.ts"
import { storekeeper } from "./restock.ts"

const port = Number(process.argv[2] ?? 0)
configureDefaultPool({ threads: 2 })

await run(function* main() {
  const stopped = chan<void>()
  for (const event of ["SIGINT", "SIGTERM", "disconnect"]) process.on(event, () => stopped.closed || stopped.close())
  using _ = hold() // somebody may always come

  // The threads start now, instead of when the first customer waits for them.
  for (const priced of looms.map((loom) => spawn(price, loom, "warm"))) yield* priced

  const mill = newMill()
  using listening = yield* Op.fromPromise(() => listen(port))
  startPipeline(mill)
  go.named("front door", frontDoor, mill, listening)
  go.named("storekeeper", storekeeper, mill, listening.site)
  go.named("market", market, mill, listening.site)
  mill.switches.customers.turn(true)

  console.log(`The ribbon mill is open at ${listening.site}`)
  process.send?.({ site: listening.site })
  yield* stopped.receive()
}).catch((error: unknown) => {
  process.send?.({ code: (error as NodeJS.ErrnoException).code })
  console.error(String(error))
  process.exitCode = 1
})
if (process.connected) process.disconnect()
