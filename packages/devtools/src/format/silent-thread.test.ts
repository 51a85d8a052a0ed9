import { describe, expect, it } from "vitest"
import { namesOfSilent } from "./silent-thread.ts"

const plain = { thread: 3, name: "thread 3", script: "file:///srv/shop/worker.js" }
const named = { thread: 4, name: "packing hall" }

describe("threads that did not answer", () => {
  it.each([
    [1, undefined, "1 thread"],
    [2, [], "2 threads"],
    [1, [plain], "thread 3 (worker.js)"],
    [1, [{ thread: 5, name: "thread 5" }], "thread 5"],
    [2, [plain, named], "thread 3 (worker.js) and thread 4 (packing hall)"],
    [1, [{ ...plain, name: "sorter" }], "thread 3 (sorter, worker.js)"],
    [3, [plain], "thread 3 (worker.js) and 2 more threads"],
    // One has connected meanwhile.
    [1, [plain, named], "thread 3 (worker.js)"],
  ])("are named as far as they are known: %i, %j", (threads, known, text) => {
    expect(namesOfSilent(threads, known)).toBe(text)
  })

  it("are not all named where they are many", () => {
    const many = Array.from({ length: 40 }, (_, i) => ({ ...named, thread: i }))
    expect(namesOfSilent(41, many)).toMatch(/^(thread \d \(packing hall\),? ){5}and 36 more threads$/)
  })
})
