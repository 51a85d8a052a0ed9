/** Lets requests in: each is answered by a goroutine named for its route, which ends with the client's connection. */
import { go, trace } from "@weft/core"
import { type Exchange, type Listening, sendJson } from "./http.ts"
import { streamLive } from "./live.ts"
import type { Mill } from "./mill.ts"
import { order } from "./orders.ts"
import { pageFile } from "./page-files.ts"
import { quote } from "./quote.ts"
import { Refusal } from "./refusal.ts"
import { report } from "./report.ts"
import { restock } from "./restock.ts"
import { turn } from "./turn.ts"

export function* frontDoor(mill: Mill, { exchanges, site }: Listening) {
  yield* exchanges.forEach((exchange) => {
    const attendant = go.named(exchange.route, attend, mill, site, exchange)
    exchange.response.once("close", () => attendant.interrupt())
  })
}

function* attend(mill: Mill, site: string, exchange: Exchange) {
  const { response } = exchange
  try {
    refuseStrangers(exchange, site)
    if (exchange.route === "GET /live") return yield* streamLive(mill, response)
    if (pageFile(exchange.route, response)) return
    using _ = trace.region(exchange.route)
    sendJson(response, 200, yield* answer(mill, exchange))
  } catch (error) {
    if (!(error instanceof Refusal)) console.error(error)
    const { message, status } = error instanceof Refusal ? error : new Refusal(500, "Something went wrong.")
    sendJson(response, status, { error: message })
  }
}

function* answer(mill: Mill, { query, route }: Exchange) {
  switch (route) {
    case "GET /quote":
      yield* mill.limiter.wait()
      return yield* quote(mill, textOf(query))
    case "POST /orders":
      yield* mill.limiter.wait()
      return yield* order(mill, textOf(query))
    case "POST /restock":
      return yield* restock(mill)
    case "GET /report":
      return yield* report(mill)
    case "POST /switches":
      return turn(mill.switches, query)
    default:
      throw new Refusal(404, `There is no ${route}.`)
  }
}

function textOf(query: URLSearchParams): string {
  const text = query.get("text")?.trim() ?? ""
  if (text === "" || text.length > 60) throw new Refusal(400, "A ribbon has a text of 1 to 60 letters: ?text=Hello")
  return text
}

/** Another site's page in the same browser may neither ask nor turn a switch. */
function refuseStrangers({ request: { headers } }: Exchange, site: string): void {
  const { host, port } = new URL(site)
  const isOurs = headers.host === host || headers.host === `localhost:${port}`
  if (!isOurs || (headers.origin !== undefined && headers.origin !== `http://${headers.host}`))
    throw new Refusal(403, "Open this service at its own address.")
}
