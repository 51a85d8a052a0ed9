import { describe, expect, it } from "vitest"
import { aDump, aThread, goroutine } from "../../test/cli/dumps.ts"
import { jsonParts } from "./print-dump-as-json.ts"

const many = (n: number) => Array.from({ length: n }, (_, i) => goroutine(i, { name: `"${i}"` }))

describe("jsonParts", () => {
  it.each([0, 1, 1000, 1001, 2500])("makes the same as JSON.stringify of %d goroutines, a part at a time", (n) => {
    const dump = aDump([], [], { threads: [aThread(many(n)), aThread(many(3), [], { thread: 1 })] })
    const parts = Array.from(jsonParts(dump))
    expect(JSON.parse(parts.join(""))).toEqual(dump)
    expect(Math.max(...parts.map((part) => part.split("\n").length))).toBeLessThanOrEqual(1002)
  })

  it("puts each goroutine on a line of its own", () => {
    const lines = Array.from(jsonParts(aDump(many(3))))
      .join("")
      .split("\n")
    expect(lines.filter((line) => line.startsWith('{"id":'))).toHaveLength(3)
  })
})
