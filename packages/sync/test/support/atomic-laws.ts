/** What holds for every atomic, whatever it is made of. */
import { HandleMismatch, InvalidSharedPlace, SharedMemoryUnavailable } from "@weft/core"
import { afterEach, describe, expect, it, vi } from "vitest"
import type { SharedHandle } from "../../src/shared/shared-handle.ts"

interface Atomic<V, Kind extends string> {
  load(): V
  store(value: V): void
  swap(value: V): V
  compareAndSwap(old: V, value: V): boolean
  share(): SharedHandle<Kind>
}

interface AtomicClass<V, Kind extends string> {
  new (value?: V | SharedHandle<Kind>): Atomic<V, Kind>
  at(buffer: SharedArrayBuffer, offset: number): Atomic<V, Kind>
  from(handle: SharedHandle<Kind>): Atomic<V, Kind>
}

interface Sample<V> {
  readonly bytes: 4 | 8
  readonly zero: V
  /** Two values that differ from zero and from each other, if the type has so many. */
  readonly one: V
  readonly other: V
}

/** Go's tests put these on both sides of what they change. */
const magic = 0xed

export function atomicLaws<V, Kind extends string>(
  kind: Kind,
  Class: AtomicClass<V, Kind>,
  { bytes, one, other, zero }: Sample<V>,
): void {
  describe(`${kind}, as any atomic`, () => {
    afterEach(() => {
      vi.unstubAllGlobals()
    })

    it("begins with zero, or with what it is given", () => {
      expect(new Class().load()).toBe(zero)
      expect(new Class(one).load()).toBe(one)
    })

    it("holds what was stored last", () => {
      const atomic = new Class(one)
      atomic.store(other)
      expect(atomic.load()).toBe(other)
    })

    it("gives what was there when it swaps", () => {
      const atomic = new Class(one)
      expect(atomic.swap(other)).toBe(one)
      expect(atomic.load()).toBe(other)
    })

    it("stores by compare-and-swap only where it finds what it was told, and says so", () => {
      const atomic = new Class(zero)
      expect(atomic.compareAndSwap(one, other)).toBe(false)
      expect(atomic.load()).toBe(zero)
      expect(atomic.compareAndSwap(zero, one)).toBe(true)
      expect(atomic.load()).toBe(one)
      expect(atomic.compareAndSwap(zero, other)).toBe(false)
      expect(atomic.load()).toBe(one)
    })

    it("changes its own bytes and no others, wherever it lies", () => {
      const buffer = new SharedArrayBuffer(5 * bytes)
      const all = new Uint8Array(buffer)
      for (let offset = 0; offset < buffer.byteLength; offset += bytes) {
        all.fill(magic)
        const atomic = Class.at(buffer, offset)
        atomic.store(one)
        atomic.swap(other)
        atomic.compareAndSwap(other, one)
        const changed = [...all.keys()].filter((i) => all[i] !== magic)
        expect(changed.every((i) => i >= offset && i < offset + bytes)).toBe(true)
        expect(changed).not.toEqual([])
      }
    })

    it("takes the value that is at its place", () => {
      const buffer = new SharedArrayBuffer(2 * bytes)
      Class.at(buffer, bytes).store(one)
      expect(Class.at(buffer, bytes).load()).toBe(one)
      expect(Class.at(buffer, 0).load()).toBe(zero)
    })

    it("is the same word for whoever gets its handle in a message", () => {
      const buffer = new SharedArrayBuffer(2 * bytes)
      for (const atomic of [new Class(one), Class.at(buffer, bytes)]) {
        atomic.store(one)
        const received = Class.from(structuredClone(atomic.share()))
        expect(received.load()).toBe(one)
        received.store(other)
        expect(atomic.load()).toBe(other)
        expect(received.share()).toEqual(atomic.share())
      }
    })

    it("is refused at an offset that is no multiple of its size, or not inside", () => {
      const buffer = new SharedArrayBuffer(2 * bytes)
      for (const offset of [1, bytes / 2, -bytes, bytes + 1, 2 * bytes, Number.NaN, Infinity])
        expect(() => Class.at(buffer, offset), String(offset)).toThrow(InvalidSharedPlace)
      expect(() => Class.at(buffer, 2)).toThrow(
        `no ${kind} can be at offset 2 of a SharedArrayBuffer of ${2 * bytes} bytes; it takes ${bytes} bytes of a SharedArrayBuffer, from a multiple of ${bytes} on`,
      )
    })

    it("is refused where there is no shared memory: nothing, an ArrayBuffer, a detached one", () => {
      const detached = new ArrayBuffer(8)
      structuredClone(detached, { transfer: [detached] })
      for (const buffer of [undefined, null, new ArrayBuffer(8), detached, new Int32Array(new SharedArrayBuffer(8))])
        expect(() => Class.at(buffer as never, 0)).toThrow(InvalidSharedPlace)
    })

    it("is not made from what another class has shared, nor from what is no handle", () => {
      const foreign = { ...new Class().share(), weft: "SharedMutex" }
      expect(() => Class.from(foreign as never)).toThrow(
        `weft: ${kind} from the handle of SharedMutex; pass what ${kind}.share() gave`,
      )
      for (const nothing of [undefined, null, 5, new SharedArrayBuffer(8)])
        expect(() => Class.from(nothing as never)).toThrow(HandleMismatch)
      expect(() => new Class(foreign as never)).toThrow(HandleMismatch)
    })

    it("can't be had in a page that isn't cross-origin isolated, whose error names the two headers", () => {
      const handle = new Class().share()
      vi.stubGlobal("SharedArrayBuffer", undefined)
      for (const make of [() => new Class(), () => Class.at(handle.buffer, 0), () => Class.from(handle)]) {
        expect(make).toThrow(SharedMemoryUnavailable)
        expect(make).toThrow(
          /"Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp"/,
        )
      }
    })
  })
}
