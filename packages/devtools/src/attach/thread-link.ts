/**
 * The client's end of the socket of one thread of the target.
 *
 * The target is as little to be trusted as the client is there: frames are bounded, and what is no frame ends the connection.
 */
import type { Socket } from "node:net"
import type { Duplex } from "node:stream"
import type { SilentThread } from "../format/silent-thread.ts"
import { type Command, type Hello, type Reply, WireKind } from "../format/wire.ts"

const headerBytes = 5
export const longestFrame: number = 256 * 1024 * 1024

/** What the bytes of a thread come by: a socket of a process, a WebSocket of a page. */
export type Wire = Duplex & Partial<Pick<Socket, "ref" | "unref">>

type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never
export type Question = WithoutId<Command>

export interface Frame {
  readonly kind: number
  readonly payload: Buffer
  /** With its header: as it stands in a trace file. */
  readonly bytes: Buffer
}

export class ThreadLink {
  readonly hello: Hello
  /** Threads that this one has started, and that connect by themselves. */
  childThreads = 0
  /** Those of them that are known by name. */
  knownThreads: ReadonlyArray<SilentThread> = []
  /** Rows of dumps, and their strings: set while a dump is under way. Nothing is kept of what nobody asked for. */
  onDumpFrame: ((frame: Frame) => void) | undefined
  /** What stands in trace files. */
  onTraceFrame: (frame: Frame) => void = () => undefined
  onEvent: (event: "deadlock" | "panic" | "loop delay", detail: string) => void = () => undefined
  readonly ended: Promise<void>
  readonly #socket: Wire
  readonly #asked = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  #lastId = 0
  #isUnref = false

  constructor(socket: Wire, hello: Hello) {
    this.#socket = socket
    this.hello = hello
    this.ended = new Promise((resolve) => {
      socket.once("close", () => {
        for (const { reject } of this.#asked.values())
          reject(new Error(`weft: ${this.hello.name} of process ${this.hello.pid} ended, or closed the connection`))
        this.#asked.clear()
        resolve()
      })
    })
  }

  /** Asks, and answers what is replied. */
  ask(command: Question): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error("weft: the process has ended, or closed the connection"))
      const id = ++this.#lastId
      this.#asked.set(id, { resolve, reject })
      this.#socket.ref?.()
      const payload = Buffer.from(JSON.stringify({ id, ...command }))
      const header = Buffer.alloc(headerBytes)
      header.writeUInt32LE(payload.length, 0)
      header[4] = WireKind.Command
      this.#socket.write(Buffer.concat([header, payload]))
    })
  }

  /** A frame has come. */
  take(frame: Frame): void {
    if (frame.kind === WireKind.DumpRows || frame.kind === WireKind.DumpStrings) return this.onDumpFrame?.(frame)
    if (frame.kind !== WireKind.Reply) return this.onTraceFrame(frame)
    const reply = JSON.parse(frame.payload.toString()) as Reply
    if ("event" in reply) return this.onEvent(reply.event, reply.detail)
    if ("threads" in reply) {
      this.childThreads = reply.threads
      this.knownThreads = checked(reply.known)
      return
    }
    const asked = this.#asked.get(reply.id)
    this.#asked.delete(reply.id)
    if (this.#asked.size === 0 && this.#isUnref) this.#socket.unref?.()
    if ("error" in reply) asked?.reject(new Error(reply.error))
    else asked?.resolve(reply.value)
  }

  /** The process may end though the connection is open, but not while something is asked. */
  unref(): void {
    this.#isUnref = true
    if (this.#asked.size === 0) this.#socket.unref?.()
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  close(): void {
    this.#socket.destroy()
  }
}

/** As much as is believed: a few texts of bounded length. */
const checked = (known: unknown): ReadonlyArray<SilentThread> =>
  Array.isArray(known) ? (known as ReadonlyArray<SilentThread | null>).slice(0, mostKnown).flatMap(checkedOne) : []

const mostKnown = 1000
const longestText = 2000

function checkedOne(one: SilentThread | null): ReadonlyArray<SilentThread> {
  const { name, script, thread } = one ?? {}
  if (typeof thread !== "number" || !Number.isSafeInteger(thread) || thread < 0 || typeof name !== "string") return []
  const shown = { thread, name: name.slice(0, longestText) }
  return [typeof script === "string" ? { ...shown, script: script.slice(0, longestText) } : shown]
}

/** Cuts what a socket gives into frames. */
export class FrameCutter {
  #parts: Array<Buffer> = []
  #length = 0
  /** Bytes that a frame may have. */
  longest: number

  constructor(longest: number = longestFrame) {
    this.longest = longest
  }

  /** Answers the whole frames; throws at what can't be one. */
  push(bytes: Buffer): Array<Frame> {
    this.#parts.push(bytes)
    this.#length += bytes.length
    const frames: Array<Frame> = []
    let wanted = this.#wanted()
    while (wanted !== undefined && this.#length >= wanted) {
      const all = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts)
      const whole = all.subarray(0, wanted)
      this.#parts = [all.subarray(wanted)]
      this.#length -= wanted
      frames.push({ kind: whole[4]!, payload: whole.subarray(headerBytes), bytes: whole })
      wanted = this.#wanted()
    }
    return frames
  }

  /** Bytes of the first frame, once its header is there. */
  #wanted(): number | undefined {
    if (this.#length < headerBytes) return undefined
    if (this.#parts[0]!.length < headerBytes) this.#parts = [Buffer.concat(this.#parts)]
    const length = this.#parts[0]!.readUInt32LE(0)
    if (length > this.longest) throw new Error(`weft: a frame of ${length} bytes; that is no agent of Weft's`)
    return headerBytes + length
  }
}
