/**
 * Go's sync/atomic/atomic_test.go. What is "on threads" runs on threads of the host, which may be more than it has processors.
 * So there are more rounds than in Go: on a busy machine two threads seldom run at the same moment.
 */
import { InvalidSharedPlace } from "@weft/core"
import { AtomicBool, AtomicFloat64, AtomicInt64, AtomicUint64 } from "@weft/sync"
import { beforeAll, describe, expect, it } from "vitest"
import { onThreads } from "../../../core/test/support/threads.node.ts"
import {
  type addDoubles,
  type addNumbers,
  check,
  type checkAll,
  type guarded,
  type hammerAll,
  type Hammering,
  integers,
  type Kind,
  operations,
} from "./atomic-hammer.node.ts"

const module = new URL("./atomic-hammer.node.ts", import.meta.url)
const kinds = Object.keys(integers) as Array<Kind>
const narrow = ["Int32", "Uint32"] as const
const wide = ["Int64", "Uint64"] as const

describe("sync/atomic/atomic_test", () => {
  describe.each(operations)("%s", (operation) => {
    it.each(kinds)(`${operation}%sMethod: is right for every bit, and leaves both neighbours alone`, (kind) => {
      expect(check(operation, kind, new SharedArrayBuffer(24))).toEqual([])
    })
  })

  it("Unaligned64: an offset that is no multiple of 8 throws, whatever would be done there", () => {
    const words = new Uint32Array(new SharedArrayBuffer(16))
    for (const Class of [AtomicInt64, AtomicUint64, AtomicFloat64])
      expect(() => Class.at(words.buffer, 4)).toThrow(InvalidSharedPlace)
  })

  it("AutoAligned64: one with memory of its own is aligned", () => {
    for (const Class of [AtomicInt64, AtomicUint64, AtomicFloat64]) expect(new Class().share().offset % 8).toBe(0)
  })

  it("NilDeref: no memory, and memory that is detached, throw", () => {
    const detached = new ArrayBuffer(8)
    structuredClone(detached, { transfer: [detached] })
    for (const memory of [null, undefined, detached])
      for (const kind of kinds) expect(() => integers[kind].at(memory as never, 0)).toThrow(InvalidSharedPlace)
  })

  describe("on threads", () => {
    let found: Record<string, Array<string>>
    beforeAll(async () => {
      const [first] = await onThreads<typeof checkAll>(1, module, "checkAll", new SharedArrayBuffer(24))
      found = first!
    })
    describe.each(operations)("%s", (operation) => {
      it.each(kinds)(`${operation}%sMethod: the same on a thread that was given the memory`, (kind) => {
        expect(found[operation + kind]).toEqual([])
      })
    })

    it("Hammer32: 4 threads lose nothing, by add, by compare-and-swap and by swap", async () => {
      for (const { buffer, kind } of await inThreads("hammer", narrow, 4, 1_000_000))
        for (const offset of [0, 4]) expect(integers[kind].at(buffer, offset).load()).toBe(4_000_000)
    })

    it("Hammer64: 4 threads lose nothing, by add, by compare-and-swap and by swap", { tags: "long" }, async () => {
      for (const { buffer, kind } of await inThreads("hammer", wide, 4, 1_000_000))
        for (const offset of [0, 8]) expect(integers[kind].at(buffer, offset).load()).toBe(4_000_000n)
    })

    it("HammerStoreLoad: 8 threads see no torn value", { tags: "long" }, async () => {
      await inThreads("hammerStoreLoad", kinds, 8, 100_000)
    })

    it("StoreLoadSeqCst32: two threads can't both miss the other's store", async () => {
      await inThreads("storeThenLoad", narrow, 2, 20_000)
    })

    it("StoreLoadSeqCst64: two threads can't both miss the other's store", { tags: "long" }, async () => {
      await inThreads("storeThenLoad", wide, 2, 20_000)
    })

    it("StoreLoadRelAcq32: what was written before a flag is seen after it", async () => {
      await inThreads("publish", narrow, 2, 20_000)
    })

    it("StoreLoadRelAcq64: what was written before a flag is seen after it", async () => {
      await inThreads("publish", wide, 2, 20_000)
    })
  })
})

describe("atomics that Go's tests leave out, on threads", () => {
  it("count in numbers past 2^32, each sum given once", async () => {
    const start = 2 ** 32 - 1_000
    const counter = new AtomicInt64(start)
    const data = { handle: counter.share(), times: 100_000 }
    const highest = await onThreads<typeof addNumbers>(4, module, "addNumbers", data)
    expect(Math.max(...highest)).toBe(start + 400_000)
    expect(new Set(highest).size).toBe(4)
    expect(counter.loadNumber()).toBe(start + 400_000)
  })

  it("add doubles and lose none", async () => {
    const sum = new AtomicFloat64(0.25)
    await onThreads<typeof addDoubles>(4, module, "addDoubles", { handle: sum.share(), times: 100_000 })
    expect(sum.load()).toBe(200_000.25)
  })

  it("let one thread at a time make a boolean true, which sees what the last one wrote", async () => {
    const word = new Int32Array(new SharedArrayBuffer(4))
    const data = { handle: new AtomicBool().share(), word, times: 10_000 }
    await onThreads<typeof guarded>(3, module, "guarded", data)
    expect(word[0]).toBe(30_000)
  })
})

/** Runs `work` on words of each kind, and answers where these are. */
async function inThreads<K extends Kind>(
  work: Hammering["work"],
  kinds: ReadonlyArray<K>,
  count: number,
  times: number,
) {
  const buffers = kinds.map(() => new SharedArrayBuffer(512))
  await onThreads<typeof hammerAll>(count, module, "hammerAll", { work, kinds, buffers, times })
  return kinds.map((kind, i) => ({ kind, buffer: buffers[i]! }))
}
