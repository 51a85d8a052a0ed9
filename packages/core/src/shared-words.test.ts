import { afterEach, describe, expect, it, vi } from "vitest"
import {
  checkSharedPlace,
  InvalidSharedPlace,
  newSharedMemory,
  SharedLayoutMismatch,
  SharedMemoryUnavailable,
  sharedWords,
} from "./shared-words.ts"

const kind = { name: "Sample", number: 9, version: 2 }

afterEach(() => {
  vi.unstubAllGlobals()
})

describe("the words of a shared primitive", () => {
  it("are the same for all who attach to the same place", () => {
    const buffer = new SharedArrayBuffer(16)
    const first = sharedWords(kind, 2, buffer, 8)
    const second = sharedWords(kind, 2, buffer, 8)
    first[1] = 7
    expect(second[1]).toBe(7)
    expect(new Int32Array(buffer, 0, 2)).toEqual(new Int32Array(2))
  })

  it("are refused where another kind, another layout or anything else lies", () => {
    const buffer = new SharedArrayBuffer(12)
    sharedWords(kind, 2, buffer)
    expect(() => sharedWords({ ...kind, number: 8 }, 2, buffer)).toThrow(/another kind of primitive/)
    expect(() => sharedWords({ ...kind, version: 3 }, 2, buffer)).toThrow(
      /has layout 2, and this thread knows layout 3/,
    )
    new Int32Array(buffer)[2] = 1
    expect(() => sharedWords(kind, 1, buffer, 8)).toThrow(SharedLayoutMismatch)
  })
})

describe("a place in shared memory", () => {
  it("is a multiple of the alignment, inside a SharedArrayBuffer", () => {
    const buffer = new SharedArrayBuffer(24)
    for (const offset of [0, 8, 16]) expect(() => checkSharedPlace("Sample", 8, 8, buffer, offset)).not.toThrow()
    expect(() => checkSharedPlace("Sample", 8, 8, buffer, 4)).toThrow(
      "weft: no Sample can be at offset 4 of a SharedArrayBuffer of 24 bytes; it takes 8 bytes of a SharedArrayBuffer, from a multiple of 8 on",
    )
    for (const offset of [-8, 24, 0.5, Number.NaN, "0", undefined])
      expect(() => checkSharedPlace("Sample", 8, 8, buffer, offset)).toThrow(InvalidSharedPlace)
    expect(() => checkSharedPlace("Sample", 8, 8, new SharedArrayBuffer(12), 8)).toThrow(InvalidSharedPlace)
    for (const other of [undefined, null, new ArrayBuffer(24), new Int32Array(6)])
      expect(() => checkSharedPlace("Sample", 4, 4, other, 0)).toThrow(InvalidSharedPlace)
    expect(() => checkSharedPlace("Sample", 4, 4, new ArrayBuffer(24), 0)).toThrow("offset 0 of an ArrayBuffer;")
  })

  it("can't be had in a page that isn't isolated, whose error names the two headers", () => {
    const buffer = new SharedArrayBuffer(8)
    vi.stubGlobal("SharedArrayBuffer", undefined)
    for (const make of [
      () => newSharedMemory("Sample", 4),
      () => sharedWords(kind, 2),
      () => sharedWords(kind, 2, buffer),
      () => checkSharedPlace("Sample", 4, 4, buffer, 0),
    ]) {
      expect(make).toThrow(SharedMemoryUnavailable)
      expect(make).toThrow(/"Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp"/)
    }
  })
})
