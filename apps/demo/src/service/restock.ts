/** `POST /restock`: buys yarn. The storekeeper asks for it. */
import { select } from "@weft/channels"
import { Op, sleep, trace } from "@weft/core"
import type { Mill } from "./mill.ts"

const METRES = 1000

export function* restock({ books, switches }: Mill) {
  // The bookkeepers lock the ledger first. Whoever locks the stock first will some day hold it while one of them holds the ledger.
  const [first, second] = switches.deadlock.isOn ? [books.stock, books.ledger] : [books.ledger, books.stock]
  using _region = trace.region("restock")
  using _first = yield* first.lock()
  yield* sleep("2 millis") // as if it were written to a disk
  using _second = yield* second.lock()
  books.move(METRES)
  return { entry: books.enter(-2 * METRES), metresOfYarn: books.metresOfYarn }
}

/** Orders yarn again and again. A request that hangs is taken back when the switch is turned: that interrupts its handler, which unlocks. */
export function* storekeeper({ switches }: Mill, site: string) {
  for (;;) {
    yield* sleep("200 millis")
    yield* select({
      restocked: Op.fromPromise((signal) => fetch(`${site}/restock`, { method: "POST", signal })),
      takenBack: switches.deadlock.turned,
    })
  }
}
