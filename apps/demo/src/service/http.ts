/** HTTP, for goroutines: requests come over a channel, and whoever answers one may wait. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { chan, type Receiver } from "@weft/channels"

export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** `GET /quote` */
  readonly route: string
  readonly query: URLSearchParams
}

export interface Listening extends Disposable {
  /** `http://127.0.0.1:port` */
  readonly site: string
  readonly exchanges: Receiver<Exchange>
}

export async function listen(port: number): Promise<Listening> {
  const exchanges = chan<Exchange>(128)
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://loopback")
    const exchange = { request, response, route: `${request.method} ${pathname}`, query: searchParams }
    // The host can't wait: what finds no room is refused.
    if (!exchanges.trySend(exchange)) response.writeHead(503).end()
  })
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, "127.0.0.1", resolve)
  })
  return {
    site: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    [Symbol.dispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" })
  response.end(JSON.stringify(value))
}
