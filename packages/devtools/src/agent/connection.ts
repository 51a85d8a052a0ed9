/**
 * The agent's end of the socket to its client.
 *
 * Whatever comes is taken for hostile until it is a whole command of bounded length: anything else ends the connection, and with it the agent. What is sent is
 * bounded by who sends: `isFull` says to wait, and `whenWritable` for how long.
 */
import type { Socket } from "node:net"
import { type Command, longestCommand, WireKind } from "../format/wire.ts"
import { node } from "./node.ts"

const headerBytes = 5
/** Sent and not yet taken by the client. */
const mostUnsent = 8 * 1024 * 1024

export class Connection {
  readonly #socket: Socket
  #received: Buffer = Buffer.alloc(0)

  /** `onEnd` is called without `onOpen` before it where nobody listens. */
  constructor(path: string, onCommand: (command: Command) => void, onOpen: () => void, onEnd: () => void) {
    const socket = node.net.connect(path)
    this.#socket = socket
    // To look at a process must not keep it up.
    socket.unref()
    socket.on("connect", onOpen)
    socket.on("error", () => socket.destroy())
    socket.on("close", onEnd)
    socket.on("data", (bytes: Buffer) => {
      this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes])
      for (let command = this.#take(); command !== undefined; command = this.#take()) onCommand(command)
    })
  }

  #take(): Command | undefined {
    const received = this.#received
    if (received.length < headerBytes) return undefined
    const length = received.readUInt32LE(0)
    if (length > longestCommand || received[4] !== WireKind.Command) return this.#refuse()
    if (received.length < headerBytes + length) return undefined
    this.#received = received.subarray(headerBytes + length)
    try {
      const command = JSON.parse(received.toString("utf8", headerBytes, headerBytes + length)) as unknown
      if (typeof command === "object" && command !== null && Number.isSafeInteger((command as Command).id))
        return command as Command
    } catch {
      // No JSON.
    }
    return this.#refuse()
  }

  #refuse(): undefined {
    this.#received = Buffer.alloc(0)
    this.#socket.destroy()
  }

  sendJson(kind: number, value: unknown): void {
    this.send(kind, Buffer.from(JSON.stringify(value)))
  }

  send(kind: number, ...parts: ReadonlyArray<Uint8Array>): void {
    const socket = this.#socket
    if (socket.destroyed) return
    const header = Buffer.allocUnsafe(headerBytes)
    header.writeUInt32LE(
      parts.reduce((sum, part) => sum + part.byteLength, 0),
      0,
    )
    header[4] = kind
    socket.cork()
    socket.write(header)
    for (const part of parts) socket.write(part)
    socket.uncork()
  }

  get isFull(): boolean {
    return this.#socket.writableLength > mostUnsent
  }

  /** Resolves once the client has taken what was sent, or is gone. */
  whenWritable(): Promise<void> {
    const socket = this.#socket
    if (!this.isFull || socket.destroyed) return Promise.resolve()
    return new Promise((resolve) => {
      const settle = () => {
        socket.off("drain", settle)
        socket.off("close", settle)
        resolve()
      }
      socket.on("drain", settle)
      socket.on("close", settle)
    })
  }

  close(): void {
    this.#socket.end()
    this.#socket.destroySoon()
  }
}
