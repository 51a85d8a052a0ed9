/**
 * `POST /orders?text=`: a pipeline.
 *
 *   handler --orders--> 4 weavers --woven--> 2 bookkeepers --booked--> the same handler
 *
 * A channel that is full makes whoever is before it wait, so nothing piles up.
 */
import { chan, type Channel, select } from "@weft/channels"
import { context, go, sleep, trace } from "@weft/core"
import { spawn } from "@weft/workers"
import type { Mill } from "./mill.ts"
import { Refusal } from "./refusal.ts"
import { type Ribbon, weave } from "./weave.ts"

export interface Order {
  readonly text: string
  readonly booked: Channel<Receipt>
}

export interface Woven {
  readonly order: Order
  readonly ribbon: Ribbon
}

export interface Receipt {
  readonly number: number
  readonly rows: ReadonlyArray<string>
}

export function startPipeline(mill: Mill): void {
  for (let i = 0; i < 4; i++) go.named("weaver", weaver, mill)
  for (let i = 0; i < 2; i++) go.named("bookkeeper", bookkeeper, mill)
}

export function* order({ orders }: Mill, text: string) {
  const [ctx, cancel] = context.withTimeout(context.background, "2 seconds")
  try {
    const booked = chan<Receipt>(1) // room for it: nobody waits for a customer who has gone
    const accepted = yield* select({ yes: orders.send({ text, booked }), late: ctx.done })
    if (accepted.case === "late") throw new Refusal(503, "There are too many orders.")
    const finished = yield* select({ yes: booked.take(), late: ctx.done })
    if (finished.case === "late") throw new Refusal(503, "It is not ready in time.")
    return finished.value
  } finally {
    cancel()
  }
}

function* weaver({ orders, woven }: Mill) {
  for (;;) {
    const order = yield* orders.take()
    const ribbon = yield* spawn(weave, order.text)
    yield* woven.send({ order, ribbon })
  }
}

function* bookkeeper({ books, woven }: Mill) {
  for (;;) {
    const { order, ribbon } = yield* woven.take()
    using _region = trace.region("book")
    using _ledger = yield* books.ledger.lock()
    yield* sleep("2 millis") // as if it were written to a disk
    using _stock = yield* books.stock.lock()
    books.move(-ribbon.metresOfYarn)
    yield* order.booked.send({ number: books.enter(100 * ribbon.metresOfYarn), rows: ribbon.rows })
  }
}
