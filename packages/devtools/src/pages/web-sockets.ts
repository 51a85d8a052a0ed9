/** As much of the package `ws` as is needed. Effect brings it; what it says of its types is not found by every resolver. */
import type { IncomingMessage } from "node:http"
import type { Duplex } from "node:stream"
import * as NodeWS from "@effect/platform-node/NodeWS"

export interface WebSocket {
  on(event: "message", listener: (bytes: Buffer) => void): unknown
  on(event: "error", listener: (error: Error) => void): unknown
  once(event: "close", listener: () => void): unknown
  send(data: string | Buffer, done?: (error?: Error | null) => void): void
  pause(): void
  resume(): void
  close(code?: number, reason?: string): void
  terminate(): void
}

export interface WebSocketServer {
  readonly clients: ReadonlySet<WebSocket>
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, onConnected: (socket: WebSocket) => void): void
}

interface Options {
  readonly noServer: true
  readonly maxPayload: number
  readonly perMessageDeflate: false
}

/** On a server of somebody else's: who is upgraded is his to say. */
export function webSocketServer(maxPayload: number): WebSocketServer {
  const { WebSocketServer: Server } = NodeWS as unknown as {
    readonly WebSocketServer: new (options: Options) => WebSocketServer
  }
  return new Server({ noServer: true, maxPayload, perMessageDeflate: false })
}
