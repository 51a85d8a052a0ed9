import { describe, expect, it } from "vitest"
import { aDump, waiting } from "../../test/cli/dumps.ts"
import { mapDump, mapLeaks, mapStats } from "./map-sites.ts"
import { SourceMaps } from "./source-maps.ts"

class Moved extends SourceMaps {
  override site(text: string): string {
    return text.replace("a.js", "a.ts")
  }
}

const here = waiting(1, "sleep", [2], { stack: ["f (a.js:1:1)", "g (b.js:1:1)"], startedAt: "a.js:2:2" })
const there = waiting(1, "sleep", [2], { stack: ["f (a.ts:1:1)", "g (b.js:1:1)"], startedAt: "a.ts:2:2" })
const unknown = waiting(2, "sleep", undefined)

describe("mapped", () => {
  it("changes the stacks and start sites of a dump, and nothing else", () => {
    expect(mapDump(aDump([here, unknown]), new Moved())).toEqual(aDump([there, unknown]))
  })

  it("changes those of leaked goroutines and of suspects", () => {
    const report = (goroutine: typeof here) => ({
      pid: 1,
      threads: [
        { thread: 0, name: "main", checked: 2, leaked: [goroutine], suspects: [goroutine], suspectSeconds: 60 },
      ],
    })
    expect(mapLeaks(report(here), new Moved())).toEqual(report(there))
  })

  it("changes the start sites of statistics", () => {
    const group = { name: "a.js", status: "running" as const, count: 1, oldestWaitMillis: 0 }
    const stats = (groups: ReadonlyArray<object>) =>
      ({ pid: 1, threads: [{ thread: 0, groups }] }) as unknown as Parameters<typeof mapStats>[0]
    expect(mapStats(stats([{ ...group, startedAt: "a.js:1:1" }, group]), new Moved())).toEqual(
      stats([{ ...group, startedAt: "a.ts:1:1" }, group]),
    )
  })
})
