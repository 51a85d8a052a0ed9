/**
 * The page's end of the WebSocket to `weft ui --pages`: the same frames as a process's agent sends over its socket, one a message.
 *
 * The server says first, in a text, which thread of the page this is. Whatever it sends afterwards is one whole command, or the end of the connection.
 */
import { type Command, longestCommand, WireKind } from "../../format/wire.ts"
import type { Outlet } from "../tracing.ts"
import { node } from "./node.ts"

const headerBytes = 5
/** Sent and not yet taken by the client. */
const mostUnsent = 8 * 1024 * 1024
const pollMillis = 10
/** How much later than an error the close may come that says more. */
const closeMillis = 100

export interface PageEvents {
  /** Which thread of its page this is, 0 for the page itself. */
  onAdmitted(thread: number): void
  onCommand(command: Command): void
  /** With the server's words, if it had any. */
  onEnd(why: string): void
}

export class PageConnection implements Outlet {
  readonly #socket: WebSocket

  constructor(url: string, events: PageEvents) {
    const socket = new WebSocket(url)
    this.#socket = socket
    socket.binaryType = "arraybuffer"
    let isAdmitted = false
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (!isAdmitted) {
        const thread = typeof data === "string" ? Number(data) : NaN
        if (!Number.isSafeInteger(thread)) return socket.close()
        isAdmitted = true
        return events.onAdmitted(thread)
      }
      const command = data instanceof ArrayBuffer ? commandIn(data) : undefined
      if (command === undefined) return socket.close()
      events.onCommand(command)
    }
    let isOver = false
    const end = (why: string): void => {
      if (isOver) return
      isOver = true
      events.onEnd(why)
    }
    socket.onclose = ({ reason }) => end(reason)
    // Where the page's policy forbids it, Chromium says no more than this.
    socket.onerror = () => node.timers.setTimeout(() => end(""), closeMillis)
  }

  sendJson(kind: number, value: unknown): void {
    this.send(kind, new TextEncoder().encode(JSON.stringify(value)))
  }

  send(kind: number, ...parts: ReadonlyArray<Uint8Array>): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return
    const length = parts.reduce((sum, part) => sum + part.byteLength, 0)
    const message = new Uint8Array(headerBytes + length)
    new DataView(message.buffer).setUint32(0, length, true)
    message[4] = kind
    let at = headerBytes
    for (const part of parts) {
      message.set(part, at)
      at += part.byteLength
    }
    this.#socket.send(message)
  }

  get isFull(): boolean {
    return this.#socket.bufferedAmount > mostUnsent
  }

  /** Resolves once the client has taken what was sent, or is gone. A WebSocket does not tell when: it is asked. */
  async whenWritable(): Promise<void> {
    while (this.isFull && this.#socket.readyState === WebSocket.OPEN)
      await new Promise<void>((resolve) => node.timers.setTimeout(resolve, pollMillis))
  }

  close(): void {
    this.#socket.close()
  }
}

function commandIn(data: ArrayBuffer): Command | undefined {
  if (data.byteLength < headerBytes || data.byteLength > headerBytes + longestCommand) return undefined
  const view = new DataView(data)
  if (view.getUint32(0, true) !== data.byteLength - headerBytes || view.getUint8(4) !== WireKind.Command)
    return undefined
  try {
    const command = JSON.parse(new TextDecoder().decode(new Uint8Array(data, headerBytes))) as unknown
    const isOne = typeof command === "object" && command !== null && Number.isSafeInteger((command as Command).id)
    return isOne ? (command as Command) : undefined
  } catch {
    return undefined
  }
}
