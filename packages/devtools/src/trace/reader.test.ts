import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { FrameKind } from "../format/trace-file.ts"
import { InvalidTrace } from "./invalid-trace.ts"
import { TraceReader } from "./reader.ts"
import type { TraceFrame } from "./trace-frame.ts"
import { encodeFrame, encodeMagic } from "./writer.ts"

const frames: ReadonlyArray<TraceFrame> = [
  {
    kind: FrameKind.Meta,
    ...{ pid: 7, title: "api", argv: ["node", "api.ts"], host: "h", runtime: "node 24.21.0", cores: 2 },
    ...{ startedAt: 1_700_000_000_000, ops: false },
  },
  { kind: FrameKind.Thread, thread: 0, name: "main", zero: 1_700_000_000_000.5 },
  { kind: FrameKind.Strings, thread: 0, first: 1, strings: ["chan receive", "é"] },
  { kind: FrameKind.Objects, thread: 0, objects: [{ id: 3, kind: "Buffered", capacity: 8 }] },
  { kind: FrameKind.Records, thread: 0, dropped: 9, words: Int32Array.of(1, -5, 4, 1) },
  { kind: FrameKind.Records, thread: 0, dropped: 0, words: new Int32Array(0) },
  { kind: FrameKind.Goroutines, thread: 0, goroutines: [{ id: 1, name: "main", isMain: true, status: "running" }] },
  { kind: FrameKind.End, reason: "asked", records: 2, dropped: 9 },
]

describe("TraceReader", () => {
  it("gives the frames that were written, however the bytes are cut", () => {
    const file = concat([encodeMagic(), ...frames.map(encodeFrame)])
    fc.assert(
      fc.property(fc.array(fc.nat(file.length), { maxLength: 60 }), (cuts) => {
        const { read, unreadBytes } = readAll(cutAt(file, cuts))
        expect(read).toEqual(frames)
        expect(unreadBytes).toBe(0)
      }),
    )
  })

  it("reads what was cut off up to the last whole frame, and says what remains", () => {
    const whole = concat([encodeMagic(), ...frames.slice(0, 3).map(encodeFrame)])
    const cut = concat([whole, encodeFrame(frames[3]!).subarray(0, 20)])
    expect(readAll([cut])).toEqual({ read: frames.slice(0, 3), unreadBytes: 20 })
  })

  it("refuses a file that is no trace at its first wrong byte", () => {
    const reader = new TraceReader()
    expect(() => [...reader.read(ascii("WEFx"))]).toThrow(InvalidTrace)
    expect(() => [...reader.read(ascii("TTRC1"))]).toThrow(/does not begin with WEFTTRC1/)
  })

  it("refuses a file that ends before its magic does", () => {
    const reader = new TraceReader()
    expect([...reader.read(ascii("WEFT"))]).toEqual([])
    expect(() => reader.end()).toThrow(/4 bytes are too few/)
  })

  it("refuses a huge frame by its header, before it comes", () => {
    const reader = new TraceReader({ maxFrameBytes: 1000 })
    const header = Uint8Array.of(0xff, 0xff, 0xff, 0xff, FrameKind.Records)
    expect(() => [...reader.read(concat([encodeMagic(), header]))]).toThrow(/frame of 4294967295 bytes/)
  })

  it("gives the frames before a broken one, then says where it is and stays there", () => {
    const reader = new TraceReader()
    const sound = concat([encodeMagic(), encodeFrame(frames[0]!)])
    const given: Array<TraceFrame> = []
    const read = () => {
      for (const frame of reader.read(concat([sound, Uint8Array.of(1, 0, 0, 0, 99, 0)]))) given.push(frame)
    }
    const problem: unknown = expect.stringMatching(/kind of frame, 99/)
    expect(read).toThrow(expect.objectContaining({ offset: sound.length, problem }))
    expect(given).toEqual([frames[0]])
    expect(() => reader.end()).toThrow(InvalidTrace)
  })

  it.each([
    ["not JSON", FrameKind.Thread, "{"],
    ["not UTF-8", FrameKind.Thread, "\xff"],
    ["not an object", FrameKind.Meta, "null"],
    ["a thread without a number", FrameKind.Thread, `{"thread":-1,"name":"","zero":0}`],
    ["strings that are none", FrameKind.Strings, `{"thread":0,"first":1,"strings":[1]}`],
    ["an object without a number", FrameKind.Objects, `{"thread":0,"objects":[{}]}`],
    ["a record too short", FrameKind.Records, "0123456789"],
    ["records without a thread", FrameKind.Records, "0123"],
  ])("refuses a payload that is %s", (_, kind, text) => {
    const payload = ascii(text)
    const frame = concat([encodeMagic(), Uint8Array.of(payload.length, 0, 0, 0, kind), payload])
    expect(() => [...new TraceReader().read(frame)]).toThrow(InvalidTrace)
  })

  it("throws nothing but InvalidTrace, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }), (chunks) => {
        try {
          readAll([encodeMagic(), ...chunks])
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidTrace)
        }
      }),
    )
  })
})

function readAll(chunks: ReadonlyArray<Uint8Array>): { read: Array<TraceFrame>; unreadBytes: number } {
  const reader = new TraceReader()
  const read = chunks.flatMap((chunk) => [...reader.read(chunk)])
  return { read, ...reader.end() }
}

function cutAt(bytes: Uint8Array, cuts: ReadonlyArray<number>): Array<Uint8Array> {
  const sorted = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
  return sorted.slice(1).map((end, i) => bytes.slice(sorted[i], end))
}

function concat(parts: ReadonlyArray<Uint8Array>): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}
