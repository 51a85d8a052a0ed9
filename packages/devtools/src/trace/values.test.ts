import { describe, expect, it } from "vitest"
import { RecordKind as K } from "../format/record-kind.ts"
import { FrameKind } from "../format/trace-file.ts"
import { TraceReader } from "./reader.ts"
import { TimelineBuilder } from "./timeline.ts"
import type { TraceFrame } from "./trace-frame.ts"
import { encodeFrame, encodeMagic } from "./writer.ts"

const [sent, received, ofWoken] = [0, 1, 2]
const channel = 9 << 2

type Entry = readonly [kind: number, arg: number, id: number]
const at = (time: number): Entry => [K.Clock, 0, time]
const records = (entries: ReadonlyArray<Entry>, dropped = 0): TraceFrame => ({
  kind: FrameKind.Records,
  ...{ thread: 0, dropped, words: Int32Array.from(entries.flatMap(([kind, arg, id]) => [kind | (arg << 5), id])) },
})
const values = (first: number, texts: ReadonlyArray<string>, dropped = 0): TraceFrame => ({
  kind: FrameKind.Values,
  ...{ thread: 0, first, values: texts, dropped },
})

/** Who sent or received what, when. */
function read(frames: ReadonlyArray<TraceFrame>) {
  const builder = new TimelineBuilder()
  const thread: TraceFrame = { kind: FrameKind.Thread, thread: 0, name: "main", zero: 0 }
  const reader = new TraceReader()
  for (const bytes of [encodeMagic(), ...[thread, ...frames].map(encodeFrame)])
    for (const frame of reader.read(bytes)) builder.add(frame)
  const { droppedValues, texts, threads } = builder.timeline()
  const { goroutines, values } = threads[0]!
  const rows = Array.from({ length: values.length }, (_, row) => [
    goroutines.id[values.goroutine[row]!],
    values.isReceived[row] === 1 ? "received" : "sent",
    texts[values.text[row]!],
    values.object[row],
    values.time[row],
  ])
  return { rows, droppedValues }
}

describe("values in a timeline", () => {
  it("belong to who runs, and to who is woken next", () => {
    const { rows } = read([
      values(1, ["seven", "eight"]),
      records([
        ...[at(1), [K.Start, 0, 1], at(2), [K.Value, channel | sent, 1], at(3)],
        ...[[K.Value, channel | received | ofWoken, 1], at(4), [K.Unpark, 0, 2], at(5)],
        ...[[K.Park, 0, 9], at(6), [K.Start, 0, 2], at(7), [K.Value, received, 2]],
      ] as ReadonlyArray<Entry>),
    ])
    expect(rows).toEqual([
      [1, "sent", "seven", 9, 2],
      [2, "received", "seven", 9, 4],
      [2, "received", "eight", 0, 7],
    ])
  })

  it("find their goroutine in the next frame, but not over a gap", () => {
    const woken: Entry = [K.Value, channel | received | ofWoken, 1]
    const texts = values(1, ["v"])
    expect(read([texts, records([at(1), woken]), records([at(2), [K.Unpark, 1, 4]])]).rows).toHaveLength(1)
    expect(read([texts, records([at(1), woken]), records([at(2), [K.Unpark, 1, 4]], 5)]).rows).toEqual([])
  })

  it("are there though their texts were lost, and it says how many were", () => {
    const { droppedValues, rows } = read([
      values(4, ["kept"], 3),
      records([at(1), [K.Start, 0, 1], at(2), [K.Value, 0, 2], at(3), [K.Value, 0, 4]]),
    ])
    expect(rows.map(([, , text]) => text)).toEqual(["", "kept"])
    expect(droppedValues).toBe(3)
  })
})
