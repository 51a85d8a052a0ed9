/** `GET /live`: figures for the page, twice a second, as server-sent events. */
import type { ServerResponse } from "node:http"
import { Ticker } from "@weft/channels"
import { numGoroutine } from "@weft/core"
import type { Mill } from "./mill.ts"
import { positions } from "./turn.ts"

/** Until the client goes. */
export function* streamLive(mill: Mill, response: ServerResponse) {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" })
  const ticker = new Ticker("500 millis")
  try {
    for (;;) {
      response.write(`data: ${JSON.stringify(figures(mill))}\n\n`)
      yield* ticker.receive()
    }
  } finally {
    ticker.stop()
  }
}

const figures = ({ meter, orders, switches }: Mill) => ({
  ...meter.read(),
  switches: positions(switches),
  pid: process.pid,
  goroutines: numGoroutine(),
  waitingOrders: orders.length,
})
