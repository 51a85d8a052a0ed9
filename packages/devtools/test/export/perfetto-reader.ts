import { readFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import protobuf from "protobufjs"
import "protobufjs/ext/descriptor.js"

/** A packet as Perfetto's schema reads it; numbers beyond 2 ** 53 are rounded. */
export interface Packet {
  readonly timestamp?: number
  readonly trustedPacketSequenceId?: number
  readonly sequenceFlags?: number
  readonly clockSnapshot?: { readonly clocks: ReadonlyArray<{ clockId: number; timestamp: number }> }
  readonly internedData?: Partial<
    Record<"eventCategories" | "eventNames" | "debugAnnotationNames", ReadonlyArray<{ iid: number; name: string }>>
  >
  readonly trackDescriptor?: {
    readonly uuid: number
    readonly parentUuid?: number
    readonly name?: string
    readonly process?: { readonly pid: number; readonly processName: string; readonly cmdline: ReadonlyArray<string> }
    readonly thread?: { readonly pid: number; readonly tid: number; readonly threadName: string }
    readonly counter?: { readonly unit: string }
  }
  readonly trackEvent?: PacketEvent
}

export interface PacketEvent {
  readonly type: "TYPE_SLICE_BEGIN" | "TYPE_SLICE_END" | "TYPE_INSTANT" | "TYPE_COUNTER"
  readonly trackUuid: number
  readonly categoryIids?: ReadonlyArray<number>
  readonly nameIid?: number
  readonly counterValue?: number
  readonly flowIds?: ReadonlyArray<number>
  readonly terminatingFlowIds?: ReadonlyArray<number>
  readonly debugAnnotations?: ReadonlyArray<{ nameIid: number; uintValue?: number; stringValue?: string }>
}

/** The packets, in the words of Perfetto's published schema; numbers beyond 2 ** 53 are rounded. */
export function readPerfetto(bytes: Uint8Array): ReadonlyArray<Packet> {
  const message = trace.decode(bytes)
  return (inCamelCase(trace.toObject(message, { longs: Number, enums: String })) as { packet: ReadonlyArray<Packet> })
    .packet
}

/** A schema's own names are in snake case, and a descriptor has no others. */
function inCamelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inCamelCase)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      inCamelCase(part),
    ]),
  )
}

/** What the published schema does not know of: fields, values of enums, and fields of another type than it says. Each once, by its path. */
export function unknownIn(bytes: Uint8Array): ReadonlyArray<string> {
  const found = new Set<string>()
  walk(trace, protobuf.Reader.create(bytes), bytes.length, "", found)
  return [...found]
}

function walk(type: protobuf.Type, reader: protobuf.Reader, end: number, path: string, found: Set<string>): void {
  while (reader.pos < end) {
    const tag = reader.uint32()
    const field = type.fieldsById[tag >>> 3]?.resolve()
    const wire = tag & 7
    const at = `${path}.${field === undefined ? tag >>> 3 : field.name}`
    if (field === undefined || wire !== wireOf(field)) {
      found.add(at)
      reader.skipType(wire)
    } else if (field.resolvedType instanceof protobuf.Type)
      walk(field.resolvedType, reader, reader.uint32() + reader.pos, at, found)
    else if (field.resolvedType instanceof protobuf.Enum) {
      const value = reader.int32()
      if (!(value in field.resolvedType.valuesById)) found.add(`${at}=${value}`)
    } else reader.skipType(wire)
  }
  if (reader.pos !== end) found.add(`${path} ends at ${reader.pos} instead of ${end}`)
}

const LENGTH_DELIMITED = 2

function wireOf({ resolvedType, type }: protobuf.Field): number {
  if (resolvedType instanceof protobuf.Type) return LENGTH_DELIMITED
  return resolvedType === null ? protobuf.types.basic[type as keyof typeof protobuf.types.basic] : 0
}

const schema = gunzipSync(readFileSync(join(import.meta.dirname, "perfetto/perfetto_trace.descriptor.gz")))
const trace = protobuf.Root.fromDescriptor(schema).lookupType("perfetto.protos.Trace")
