import { describe, expect, it } from "vitest"
import type { GoroutineDump, ProcessDump } from "../format/dump.ts"
import { DumpLines, dumpLines } from "./dump-lines.ts"

const stacks = [["inner (a.ts:1:1)", "outer (a.ts:2:1)"], ["b (b.ts:3:4)"], []]

function goroutine(id: number): GoroutineDump {
  const optional = id % 3 === 0 ? {} : { reason: "chan receive", startedAt: `c.ts:${id % 7}:1`, parent: 1 }
  return {
    ...{ id, name: `worker ${id % 5}`, isMain: id === 1, status: id % 3 === 0 ? "runnable" : "waiting" },
    ...{ waitMillis: id, stack: stacks[id % 3]!, on: id % 4 === 0 ? [1, 2] : [1], ...optional },
    ...(id % 10 === 0 ? { detail: "", wakers: [2, 3], isWokenFromOutside: true, isStackOfGroup: true } : {}),
  }
}

function dump(goroutines: number): ProcessDump {
  const thread = (thread: number, many: number) => ({
    ...{ thread, name: `thread ${thread}`, heapUsedBytes: 1, utilization: 0.5, stacksTaken: 3 },
    goroutines: Array.from({ length: many }, (_, i) => goroutine(i + 1)),
    objects: Array.from({ length: Math.min(many, 2500) }, (_, i) => ({ id: i + 1, kind: "channel", capacity: i })),
  })
  return {
    ...{ pid: 1, title: "t", argv: ["node", "a\nb"], runtime: "node", takenAt: "now", uptimeSeconds: 1 },
    ...{ longestPauseMillis: 1, tookMillis: 2, inspectorOpenMillis: 0, silentThreads: 1 },
    threads: [thread(0, goroutines), thread(1, 0), thread(2, 3)],
  }
}

function read(lines: Iterable<string>): ProcessDump {
  const reader = new DumpLines()
  for (const line of lines) reader.take(line)
  return reader.dump()
}

describe("a dump in lines", () => {
  it("is the same dump again, whatever its goroutines have and have not", () => {
    for (const many of [0, 1, 999, 1000, 1001, 5000]) expect(read(dumpLines(dump(many)))).toEqual(dump(many))
  })

  it("has no long line, however many goroutines there are", () => {
    const lines = [...dumpLines(dump(100_000))]
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(300_000)
    expect(lines.every((line) => line.indexOf("\n") === line.length - 1)).toBe(true)
  })

  it("has one array for all that wait at one place", () => {
    const [main] = read(dumpLines(dump(5000))).threads
    expect(new Set(main!.goroutines.map(({ stack }) => stack)).size).toBe(stacks.length)
  })

  it("that broke off before it began is none", () => {
    expect(() => read([])).toThrow("broke off")
  })
})
