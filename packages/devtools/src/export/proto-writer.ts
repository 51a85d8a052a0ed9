/**
 * Writes protocol buffers: what a trace of millions of events needs, without an object an event.
 *
 * Rejected: @bufbuild/protobuf's BinaryWriter. It keeps a list of parts for each nested message, and there are three of those an event.
 */
export class ProtoWriter {
  #bytes: Uint8Array<ArrayBuffer>
  #length = 0
  /** Where the contents of messages that are not ended begin. */
  readonly #open: Array<number> = []

  constructor(capacity = 1024) {
    this.#bytes = new Uint8Array(capacity)
  }

  get length(): number {
    return this.#length
  }

  /** A field of type uint, int of what is not negative, bool or enum: a whole number up to 2 ** 53. */
  uint(field: number, value: number): this {
    this.#tag(field, VARINT)
    this.#varint(value)
    return this
  }

  /** An id that no arithmetic is done with. */
  fixed64(field: number, value: number): this {
    this.#tag(field, FIXED64)
    this.#reserve(8)
    let rest = value
    for (let i = 0; i < 8; i++) {
      this.#bytes[this.#length++] = rest % 256
      rest = Math.floor(rest / 256)
    }
    return this
  }

  string(field: number, text: string): this {
    return this.bytes(field, utf8.encode(text))
  }

  bytes(field: number, content: Uint8Array): this {
    this.#tag(field, LENGTH_DELIMITED)
    this.#varint(content.length)
    this.#reserve(content.length)
    this.#bytes.set(content, this.#length)
    this.#length += content.length
    return this
  }

  /** A repeated field of numbers that is packed. */
  packed(field: number, values: Iterable<number>): this {
    this.begin(field)
    for (const value of values) this.#varint(value)
    return this.end()
  }

  /** What is written until `end` is a message in `field`. */
  begin(field: number): this {
    this.#tag(field, LENGTH_DELIMITED)
    // Most messages are short: one byte is left for the length, and a longer one makes room.
    this.#reserve(1)
    this.#open.push(++this.#length)
    return this
  }

  end(): this {
    const from = this.#open.pop()!
    const length = this.#length - from
    const more = varintBytes(length) - 1
    if (more > 0) {
      this.#reserve(more)
      this.#bytes.copyWithin(from + more, from, this.#length)
    }
    this.#length = from - 1
    this.#varint(length)
    this.#length += length
    return this
  }

  /** The bytes so far, for nobody else to change; begins anew. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(0, this.#length)
    this.#length = 0
    return taken
  }

  #tag(field: number, wireType: number): void {
    this.#varint(field * 8 + wireType)
  }

  #varint(value: number): void {
    this.#reserve(MOST_VARINT_BYTES)
    let rest = value
    // Shifts are of 32 bits.
    while (rest >= 2 ** 31) {
      this.#bytes[this.#length++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest & 127) | 128
      rest >>>= 7
    }
    this.#bytes[this.#length++] = rest
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + bytes))
    grown.set(this.#bytes)
    this.#bytes = grown
  }
}

function varintBytes(value: number): number {
  let bytes = 1
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) bytes++
  return bytes
}

const utf8 = new TextEncoder()
const VARINT = 0
const FIXED64 = 1
const LENGTH_DELIMITED = 2
const MOST_VARINT_BYTES = 10
