import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Lanes } from "./lanes.ts"
import { ProtoWriter } from "./proto-writer.ts"

describe("ProtoWriter", () => {
  it("writes the bytes of the encoding's own documentation", () => {
    expect([...new ProtoWriter().uint(1, 150).take()]).toEqual([0x08, 0x96, 0x01])
    expect([...new ProtoWriter().string(2, "testing").take()]).toEqual([
      0x12,
      7,
      ...new TextEncoder().encode("testing"),
    ])
    expect([...new ProtoWriter().begin(3).uint(1, 150).end().take()]).toEqual([0x1a, 3, 0x08, 0x96, 0x01])
    expect([...new ProtoWriter().packed(6, [3, 270, 86942]).take()]).toEqual([0x32, 6, 3, 0x8e, 2, 0x9e, 0xa7, 5])
  })

  it("writes every whole number up to 2 ** 53 as a varint and as eight bytes", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        const bytes = new ProtoWriter(1).uint(1, value).fixed64(2, value).take()
        let varint = 0n
        let at = 1
        for (let shift = 0n; ; shift += 7n) {
          const byte = bytes[at++]!
          varint |= BigInt(byte & 127) << shift
          if (byte < 128) break
        }
        expect(varint).toBe(BigInt(value))
        expect(new DataView(bytes.buffer).getBigUint64(at + 1, true)).toBe(BigInt(value))
      }),
    )
  })

  it.each([0, 127, 128, 16_383, 16_384, 300_000])("ends messages of %d bytes within one another", (size) => {
    const content = new Uint8Array(size).fill(7)
    const bytes = new ProtoWriter(1).begin(1).begin(2).bytes(3, content).end().uint(4, 9).end().take()
    const expected = message(1, message(2, message(3, [...content])).concat(0x20, 9))
    expect(bytes.join() === expected.join()).toBe(true)
  })
})

describe("Lanes", () => {
  it("keeps spans that nest or follow on one lane, and takes another for those that overlap", () => {
    const lanes = new Lanes()
    const spans = [
      [0, 10],
      [0, 4],
      [4, 10],
      [5, 5],
      [8, 12],
      [9, 11],
      [10, 12],
      [13, 14],
    ] as const
    expect(spans.map(([begin, end]) => lanes.lane(begin, end))).toEqual([0, 0, 0, 0, 1, 1, 0, 0])
  })
})

function message(field: number, content: ReadonlyArray<number>): Array<number> {
  const length: Array<number> = []
  for (let rest = content.length; ; rest >>>= 7) {
    length.push(rest >= 128 ? (rest & 127) | 128 : rest)
    if (rest < 128) break
  }
  return [(field << 3) | 2, ...length].concat(content)
}
