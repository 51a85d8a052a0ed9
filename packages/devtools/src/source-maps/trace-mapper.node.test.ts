import { describe, expect, it } from "vitest"
import { FrameKind, magic } from "../format/trace-file.ts"
import { SourceMaps } from "./source-maps.ts"
import { TraceMapper } from "./trace-mapper.ts"

class Moved extends SourceMaps {
  override site(text: string): string {
    return text.replace("dist/a.js", "src/a.ts")
  }
}

function frame(kind: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(5)
  header.writeUInt32LE(payload.length, 0)
  header[4] = kind
  return Buffer.concat([header, payload])
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value))
const trace = (file: string) =>
  Buffer.concat([
    Buffer.from(magic),
    frame(FrameKind.Meta, json({ pid: 1, argv: ["dist/a.js"] })),
    frame(FrameKind.Strings, json({ thread: 0, first: 1, strings: ["sleep", `main (${file}:1:2)`] })),
    frame(
      FrameKind.Goroutines,
      json({
        thread: 0,
        goroutines: [
          { id: 1, name: "ü", startedAt: `${file}:3:4` },
          { id: 2, name: "b" },
        ],
      }),
    ),
    frame(FrameKind.Records, Buffer.from("dist/a.js")),
  ])

describe("TraceMapper", () => {
  it.each([1, 7, 10_000])("maps texts and start sites and nothing else, in pieces of %d bytes", (size) => {
    const mapper = new TraceMapper(new Moved())
    const mapped: Array<Uint8Array> = []
    const bytes = trace("dist/a.js")
    for (let at = 0; at < bytes.length; at += size) mapped.push(mapper.push(bytes.subarray(at, at + size)))
    expect(Buffer.concat(mapped).toString()).toBe(trace("src/a.ts").toString())
    expect(mapper.rest()).toHaveLength(0)
  })

  it("keeps what was cut off", () => {
    const mapper = new TraceMapper(new Moved())
    const bytes = trace("dist/a.js").subarray(0, -3)
    const mapped = Buffer.concat([mapper.push(bytes), mapper.rest()])
    expect(mapped.toString()).toBe(trace("src/a.ts").subarray(0, -3).toString())
  })
})
