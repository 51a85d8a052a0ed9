import { Duplex } from "node:stream"
import type { WebSocket } from "./web-sockets.ts"

/**
 * A WebSocket as a stream of bytes. While they are not read, the socket is not read either.
 *
 * Its end comes after the last bytes; destroying it ends the socket.
 */
export class WebSocketWire extends Duplex {
  readonly #socket: WebSocket

  constructor(socket: WebSocket) {
    super({ allowHalfOpen: false })
    this.#socket = socket
    socket.on("message", (bytes: Buffer) => {
      if (!this.destroyed && !this.push(bytes)) socket.pause()
    })
    socket.on("error", () => this.destroy())
    socket.once("close", () => this.push(null))
  }

  override _read(): void {
    this.#socket.resume()
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.send(bytes, done)
  }

  override _final(done: () => void): void {
    this.#socket.close()
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.terminate()
    done(error)
  }
}
