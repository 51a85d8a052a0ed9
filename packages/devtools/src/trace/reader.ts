/**
 * Reads a trace as its bytes come: from a file, a socket, a page's upload.
 *
 * Memory: no more than one frame that is not whole yet, and never more than was received, whatever length the frame claims.
 */
import { magic } from "../format/trace-file.ts"
import { InvalidTrace } from "./invalid-trace.ts"
import { decodeFrame, type TraceFrame } from "./trace-frame.ts"

/**
 * Laws
 * - The same frames however the bytes are cut into chunks.
 * - What was cut off in the middle of a frame is readable up to there: `end` says how much is missing, and is no error.
 * - After an error nothing more is read; frames before it were given.
 *
 * Errors: {@link InvalidTrace}.
 *
 * @example
 * const reader = new TraceReader()
 * for await (const chunk of file.readableWebStream()) for (const frame of reader.read(chunk)) timeline.add(frame)
 * const { unreadBytes } = reader.end()
 */
export class TraceReader {
  readonly #maxFrameBytes: number
  #chunks: Array<Uint8Array> = []
  #pending = 0
  /** Bytes of the file before what is pending. */
  #offset = 0
  #hasMagic = false
  #failure: InvalidTrace | undefined

  constructor(options?: { readonly maxFrameBytes?: number }) {
    this.#maxFrameBytes = options?.maxFrameBytes ?? MAX_FRAME_BYTES
  }

  /** The frames that are whole now. They keep the chunk's memory: don't write to it afterwards. */
  read(chunk: Uint8Array): Iterable<TraceFrame> {
    if (this.#failure !== undefined) throw this.#failure
    this.#chunks.push(chunk)
    this.#pending += chunk.byteLength
    return this.#frames()
  }

  /** Nothing more comes. Says how many bytes of a frame that was cut off remain unread. */
  end(): { readonly unreadBytes: number } {
    if (this.#failure !== undefined) throw this.#failure
    if (!this.#hasMagic) this.#fail(`no trace: ${this.#pending} bytes are too few`)
    return { unreadBytes: this.#pending }
  }

  *#frames(): Generator<TraceFrame, void, void> {
    if (!this.#hasMagic && !this.#readMagic()) return
    for (;;) {
      const header = this.#peek(HEADER_BYTES)
      if (header === undefined) return
      const length = (header[0]! | (header[1]! << 8) | (header[2]! << 16) | (header[3]! << 24)) >>> 0
      if (length > this.#maxFrameBytes) {
        this.#fail(`a frame of ${length} bytes, more than ${this.#maxFrameBytes}; the file is damaged`)
      }
      if (this.#pending < HEADER_BYTES + length) return
      const whole = this.#peek(HEADER_BYTES + length)!
      const frame = decodeFrame(whole[4]!, whole.subarray(HEADER_BYTES))
      if (typeof frame === "string") this.#fail(frame)
      this.#skip(HEADER_BYTES + length)
      yield frame
    }
  }

  #readMagic(): boolean {
    const have = this.#peek(Math.min(this.#pending, magic.length))!
    for (let i = 0; i < have.length; i++) {
      if (have[i] !== magic.charCodeAt(i)) {
        this.#fail(`no trace: it does not begin with ${magic}; pass a file that weft trace has written`)
      }
    }
    this.#hasMagic = have.length === magic.length
    if (this.#hasMagic) this.#skip(magic.length)
    return this.#hasMagic
  }

  /** The next bytes in one piece, or nothing if there are not as many. */
  #peek(bytes: number): Uint8Array | undefined {
    if (this.#pending < bytes) return undefined
    const first = this.#chunks[0]
    if (first === undefined) return new Uint8Array(0)
    if (first.byteLength >= bytes) return first.subarray(0, bytes)
    // Joined only when a frame is whole, or a header was cut: chunks are not copied again and again.
    const joined = new Uint8Array(this.#pending)
    let at = 0
    for (const chunk of this.#chunks) {
      joined.set(chunk, at)
      at += chunk.byteLength
    }
    this.#chunks = [joined]
    return joined.subarray(0, bytes)
  }

  /** Of bytes that were peeked, so all in the first chunk. */
  #skip(bytes: number): void {
    const rest = this.#chunks[0]!.subarray(bytes)
    if (rest.byteLength === 0) this.#chunks.shift()
    else this.#chunks[0] = rest
    this.#pending -= bytes
    this.#offset += bytes
  }

  #fail(problem: string): never {
    this.#failure = new InvalidTrace(problem, this.#offset)
    this.#chunks = []
    throw this.#failure
  }
}

const HEADER_BYTES = 5
/** Far more than an agent puts into one. */
const MAX_FRAME_BYTES = 256 << 20
