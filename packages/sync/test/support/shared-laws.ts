/** What holds for every primitive in shared memory, whatever it does. */
import { HandleMismatch, InvalidSharedPlace, SharedLayoutMismatch, SharedMemoryUnavailable } from "@weft/core"
import { SharedMutex, SharedOnce, type SharedHandle } from "@weft/sync"
import { afterEach, describe, expect, it, vi } from "vitest"

interface Shared<Kind extends string> {
  share(): SharedHandle<Kind>
  threadDied(thread: number): void
}

interface Sample<Kind extends string, T extends Shared<Kind>> {
  readonly words: number
  make(): T
  at(buffer: SharedArrayBuffer, offset: number): T
  from(handle: SharedHandle<Kind>): T
  /** Changes its state, and asks for it: what an untouched one does not answer. */
  change(shared: T): void
  state(shared: T): unknown
}

/** The header word: see core's shared-words.ts. */
const Header = 0

export function sharedLaws<Kind extends string, T extends Shared<Kind>>(kind: Kind, sample: Sample<Kind, T>): void {
  const { at, from, make, words } = sample

  describe(`${kind}, as anything in shared memory`, () => {
    afterEach(() => {
      vi.unstubAllGlobals()
    })

    it("is one and the same for whoever gets its handle in a message", () => {
      const shared = make()
      const received = from(structuredClone(shared.share()))
      expect(received.share()).toEqual(shared.share())
      const untouched = sample.state(received)
      sample.change(shared)
      expect(sample.state(received)).toEqual(sample.state(shared))
      expect(sample.state(received)).not.toEqual(untouched)
    })

    it("takes its own words and no others, wherever they lie", () => {
      const buffer = new SharedArrayBuffer(4 * (words + 2))
      const shared = at(buffer, 4)
      sample.change(shared)
      const all = new Int32Array(buffer)
      expect([all[0], all[words + 1]]).toEqual([0, 0])
      expect(shared.share()).toEqual({ weft: kind, buffer, offset: 4 })
      expect(sample.state(at(buffer, 4))).toEqual(sample.state(shared))
      expect(make().share().buffer.byteLength).toBe(4 * words)
    })

    it("is refused where it can't lie: misaligned, beyond the end, in memory that is not shared", () => {
      const buffer = new SharedArrayBuffer(4 * words + 4)
      for (const offset of [1, 2, -4, 8, 4 * words, Number.NaN])
        expect(() => at(buffer, offset), String(offset)).toThrow(InvalidSharedPlace)
      expect(() => at(buffer, 2)).toThrow(
        `no ${kind} can be at offset 2 of a SharedArrayBuffer of ${4 * words + 4} bytes; it takes ${4 * words} bytes of a SharedArrayBuffer, from a multiple of 4 on`,
      )
      for (const none of [new ArrayBuffer(64), undefined])
        expect(() => at(none as never, 0)).toThrow(InvalidSharedPlace)
      expect(() => from({ weft: kind } as never)).toThrow(`no ${kind} can be at offset undefined of undefined`)
    })

    it("is refused where something else lies, or another version of it, and leaves that as it is", () => {
      const other = kind === "SharedOnce" ? new SharedMutex() : new SharedOnce()
      const { buffer } = other.share()
      const wide = new SharedArrayBuffer(64)
      const foreign = new Int32Array(wide)
      foreign[Header] = new Int32Array(buffer)[Header]!
      expect(() => at(wide, 0)).toThrow(/another kind of primitive where a Shared/)
      foreign[Header] = 7
      expect(() => at(wide, 0)).toThrow(`there is something else where a ${kind} was expected`)
      expect([...foreign]).toEqual([7, ...new Array<number>(15).fill(0)])

      const shared = make()
      const own = new Int32Array(shared.share().buffer)
      const version = own[Header]! & 0xff
      own[Header] = own[Header]! + 1
      expect(() => from(shared.share())).toThrow(SharedLayoutMismatch)
      expect(() => from(shared.share())).toThrow(
        `the ${kind} in this memory has layout ${version + 1}, and this thread knows layout ${version}; use one version of the package in all threads`,
      )
    })

    it("is told of no thread that there can't be", () => {
      for (const bad of [-1, 0, 1.5, Number.NaN, undefined as never])
        expect(() => make().threadDied(bad)).toThrow("worker.threadId + 1, read before the worker has ended")
    })

    it("is not made from what another class has shared, nor from what is no handle", () => {
      const foreign = { ...make().share(), weft: "AtomicBool" }
      expect(() => from(foreign as never)).toThrow(
        `weft: ${kind} from the handle of AtomicBool; pass what ${kind}.share() gave`,
      )
      for (const nothing of [undefined, null, 5, new SharedArrayBuffer(64)])
        expect(() => from(nothing as never)).toThrow(HandleMismatch)
      expect(() => from(undefined as never)).toThrow(`weft: ${kind} from undefined, which is no handle; pass what`)
    })

    it("can't be had in a page that isn't cross-origin isolated, whose error names the two headers", () => {
      const handle = make().share()
      vi.stubGlobal("SharedArrayBuffer", undefined)
      for (const attempt of [make, () => at(handle.buffer, 0), () => from(handle)]) {
        expect(attempt).toThrow(SharedMemoryUnavailable)
        expect(attempt).toThrow(
          /"Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp"/,
        )
      }
    })
  })
}
