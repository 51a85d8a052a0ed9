import { readFileSync } from "node:fs"
import { join } from "node:path"
import protobuf from "protobufjs"

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

/** The packets, and how many bytes they are when written again: as many as there were unless the schema does not know of something. */
export function readPerfetto(bytes: Uint8Array): { packets: ReadonlyArray<Packet>; rewrittenBytes: number } {
  const { root } = protobuf.parse(readFileSync(join(import.meta.dirname, "perfetto/trace.proto"), "utf8"))
  const type = root.lookupType("perfetto.protos.Trace")
  const message = type.decode(bytes)
  const { packet } = type.toObject(message, { longs: Number, enums: String }) as { packet: ReadonlyArray<Packet> }
  return { packets: packet, rewrittenBytes: type.encode(message).finish().length }
}
