import {
  FrameKind,
  type GoroutinesFrame,
  type ObjectsFrame,
  type StringsFrame,
  type ThreadMeta,
  type TraceEnd,
  type TraceMeta,
  type ValuesFrame,
} from "../format/trace-file.ts"

/** A frame of a trace file, decoded. Its fields are those of the format. */
export type TraceFrame =
  | ({ readonly kind: typeof FrameKind.Meta } & TraceMeta)
  | ({ readonly kind: typeof FrameKind.Thread } & ThreadMeta)
  | ({ readonly kind: typeof FrameKind.Strings } & StringsFrame)
  | ({ readonly kind: typeof FrameKind.Objects } & ObjectsFrame)
  | RecordsFrame
  | ({ readonly kind: typeof FrameKind.Goroutines } & GoroutinesFrame)
  | ({ readonly kind: typeof FrameKind.Values } & ValuesFrame)
  | ({ readonly kind: typeof FrameKind.End } & TraceEnd)

export interface RecordsFrame {
  readonly kind: typeof FrameKind.Records
  readonly thread: number
  /** Records that were lost just before these. */
  readonly dropped: number
  /** Two words a record. */
  readonly words: Int32Array
}

/** What is wrong with a payload; the reader adds where. */
export type Problem = string

/** The frame, or what is wrong with it. `payload` may be kept: its bytes must not change afterwards. */
export function decodeFrame(kind: number, payload: Uint8Array): TraceFrame | Problem {
  if (kind === FrameKind.Records) return decodeRecords(payload)
  const shape = shapes[kind]
  if (shape === undefined) return `unknown kind of frame, ${kind}; a newer version of weft may read it`
  let value: unknown
  try {
    value = JSON.parse(utf8.decode(payload))
  } catch {
    return `frame of kind ${shape.name} is not JSON`
  }
  if (!isRecord(value)) return `frame of kind ${shape.name} is not an object`
  for (const [field, fits] of shape.fields) {
    if (!fits(value[field])) return `frame of kind ${shape.name} has no valid "${field}"`
  }
  value.kind = kind
  return value as unknown as TraceFrame
}

const utf8 = new TextDecoder("utf-8", { fatal: true })

function decodeRecords(payload: Uint8Array): RecordsFrame | Problem {
  const bytes = payload.byteLength - RECORDS_HEADER_BYTES
  if (bytes < 0 || bytes % RECORD_BYTES !== 0) return `frame of kind Records has ${payload.byteLength} bytes`
  // Typed arrays have the host's order: every host that JavaScript still runs on is little-endian.
  const isAligned = payload.byteOffset % Int32Array.BYTES_PER_ELEMENT === 0
  const { buffer, byteOffset } = isAligned ? payload : new Uint8Array(payload)
  const header = new Uint32Array(buffer, byteOffset, 2)
  return {
    kind: FrameKind.Records,
    thread: header[0]!,
    dropped: header[1]!,
    words: new Int32Array(buffer, byteOffset + RECORDS_HEADER_BYTES, bytes / Int32Array.BYTES_PER_ELEMENT),
  }
}

const RECORDS_HEADER_BYTES = 8
const RECORD_BYTES = 8

type Fits = (value: unknown) => boolean

const isText: Fits = (value) => typeof value === "string"
// Milliseconds: what is further from the epoch is nobody's clock, and has no date.
const isTime: Fits = (value) => typeof value === "number" && Math.abs(value) <= 1e15
const isNatural: Fits = (value) => Number.isSafeInteger(value) && (value as number) >= 0
const isOfTexts: Fits = (value) => Array.isArray(value) && value.every(isText)
const isOfObjects: Fits = (value) => Array.isArray(value) && value.every(isObject)
const isObject: Fits = (value) =>
  isRecord(value) && isNatural(value.id) && isText(value.kind) && isNaturalOrNone(value.capacity)
const isOfGoroutines: Fits = (value) => Array.isArray(value) && value.every(isGoroutine)
const isGoroutine: Fits = (value) =>
  isRecord(value) &&
  isNatural(value.id) &&
  isText(value.name) &&
  isTextOrNone(value.reason) &&
  isTextOrNone(value.startedAt) &&
  isNaturalOrNone(value.parent) &&
  (value.on === undefined || (Array.isArray(value.on) && value.on.every(isNatural)))
const isNaturalOrNone: Fits = (value) => value === undefined || isNatural(value)
const isTextOrNone: Fits = (value) => value === undefined || isText(value)

const isOfSilentOrNone: Fits = (value) => value === undefined || (Array.isArray(value) && value.every(isSilent))
const isSilent: Fits = (value) =>
  isRecord(value) && isNatural(value.thread) && isText(value.name) && isTextOrNone(value.script)

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null
}

/** Only what decoding relies upon: a field that is missing elsewhere shows as missing. */
const shapes: Partial<Record<number, { name: string; fields: ReadonlyArray<readonly [string, Fits]> }>> = {
  [FrameKind.Meta]: {
    name: "Meta",
    fields: [
      ["pid", isNatural],
      ["title", isText],
      ["argv", isOfTexts],
      ["host", isText],
      ["runtime", isText],
      ["startedAt", isTime],
    ],
  },
  [FrameKind.Thread]: {
    name: "Thread",
    fields: [
      ["thread", isNatural],
      ["name", isText],
      ["zero", isTime],
    ],
  },
  [FrameKind.Strings]: {
    name: "Strings",
    fields: [
      ["thread", isNatural],
      ["first", isNatural],
      ["strings", isOfTexts],
    ],
  },
  [FrameKind.Objects]: {
    name: "Objects",
    fields: [
      ["thread", isNatural],
      ["objects", isOfObjects],
    ],
  },
  [FrameKind.Goroutines]: {
    name: "Goroutines",
    fields: [
      ["thread", isNatural],
      ["goroutines", isOfGoroutines],
    ],
  },
  [FrameKind.Values]: {
    name: "Values",
    fields: [
      ["thread", isNatural],
      ["first", isNatural],
      ["values", isOfTexts],
      ["dropped", isNatural],
    ],
  },
  [FrameKind.End]: {
    name: "End",
    fields: [
      ["reason", isText],
      ["dropped", isNatural],
      ["silentThreads", isNaturalOrNone],
      ["silent", isOfSilentOrNone],
    ],
  },
}
