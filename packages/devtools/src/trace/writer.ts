import { FrameKind, magic } from "../format/trace-file.ts"
import type { RecordsFrame, TraceFrame } from "./trace-frame.ts"

/** The bytes that a trace file begins with. */
export function encodeMagic(): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(magic)
}

/** The bytes of a frame: what {@link TraceReader} reads. */
export function encodeFrame(frame: TraceFrame): Uint8Array<ArrayBuffer> {
  if (frame.kind === FrameKind.Records) return encodeRecords(frame)
  const { kind, ...fields } = frame
  const payload = new TextEncoder().encode(JSON.stringify(fields))
  const bytes = withHeader(kind, payload.byteLength)
  bytes.set(payload, HEADER_BYTES)
  return bytes
}

function encodeRecords({ thread, dropped, words }: RecordsFrame): Uint8Array<ArrayBuffer> {
  const bytes = withHeader(FrameKind.Records, 8 + words.byteLength)
  const view = new DataView(bytes.buffer)
  view.setUint32(HEADER_BYTES, thread, true)
  view.setUint32(HEADER_BYTES + 4, dropped, true)
  bytes.set(new Uint8Array(words.buffer, words.byteOffset, words.byteLength), HEADER_BYTES + 8)
  return bytes
}

const HEADER_BYTES = 5

function withHeader(kind: FrameKind, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER_BYTES + length)
  new DataView(bytes.buffer).setUint32(0, length, true)
  bytes[4] = kind
  return bytes
}
