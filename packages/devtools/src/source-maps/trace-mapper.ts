import { FrameKind, type GoroutinesFrame, magic, type StringsFrame } from "../format/trace-file.ts"
import type { SourceMaps } from "./source-maps.ts"

/**
 * Maps the places in a trace while it is recorded: when somebody looks at the file, the program may have been built anew.
 *
 * Only frames with texts are taken apart; records go through as they are.
 */
export class TraceMapper {
  readonly #maps: SourceMaps
  /** Begins at a frame, or at the file's magic. */
  #pending: Uint8Array<ArrayBufferLike> = new Uint8Array(0)
  #isPastMagic = false

  constructor(maps: SourceMaps) {
    this.#maps = maps
  }

  /** The whole frames of what has come so far, mapped. */
  push(bytes: Uint8Array): Uint8Array {
    this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes])
    const done: Array<Uint8Array> = []
    if (!this.#isPastMagic) {
      if (this.#pending.length < magic.length) return new Uint8Array(0)
      done.push(this.#take(magic.length))
      this.#isPastMagic = true
    }
    while (this.#pending.length >= headerBytes) {
      const length = headerBytes + viewOf(this.#pending).getUint32(0, true)
      if (this.#pending.length < length) break
      done.push(this.#mapped(this.#take(length)))
    }
    return Buffer.concat(done)
  }

  /** What is left when no more will come: part of a frame. */
  rest(): Uint8Array {
    return this.#take(this.#pending.length)
  }

  #take(length: number): Uint8Array {
    const taken = this.#pending.subarray(0, length)
    this.#pending = this.#pending.subarray(length)
    return taken
  }

  #mapped(frame: Uint8Array): Uint8Array {
    const kind = frame[4]
    if (kind === FrameKind.Strings) {
      return replacePayload<StringsFrame>(frame, (payload) => ({
        ...payload,
        strings: payload.strings.map((text) => this.#maps.site(text)),
      }))
    }
    if (kind === FrameKind.Goroutines) {
      return replacePayload<GoroutinesFrame>(frame, (payload) => ({
        ...payload,
        goroutines: payload.goroutines.map(({ startedAt, ...rest }) =>
          startedAt === undefined ? rest : { ...rest, startedAt: this.#maps.site(startedAt) },
        ),
      }))
    }
    return frame
  }
}

/** u32 length, u8 kind. */
const headerBytes = 5

function replacePayload<T>(frame: Uint8Array, replace: (payload: T) => T): Uint8Array {
  const payload = JSON.parse(Buffer.from(frame.subarray(headerBytes)).toString()) as T
  const json = Buffer.from(JSON.stringify(replace(payload)))
  const replaced = Buffer.alloc(headerBytes + json.length)
  replaced.writeUInt32LE(json.length, 0)
  replaced[4] = frame[4]!
  json.copy(replaced, headerBytes)
  return replaced
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
