import { describe, expect, it } from "vitest"
import { someStats, someThreadStats, statsGroup } from "../../../test/cli/stats.ts"
import type { StatsGroup } from "../../format/stats.ts"
import { topRows } from "./top-rows.ts"
import { begin, type TopState } from "./top-state.ts"

const groups = [
  statsGroup("a", 1, { reason: "sleep", oldestWaitMillis: 50, startedAt: "main (a.ts:1:1)" }),
  statsGroup("b", 3, { reason: "chan send", oldestWaitMillis: 10 }),
  statsGroup("c", 2, { status: "running" }),
]
const names = (state: Partial<TopState>) =>
  topRows(someStats([someThreadStats({ groups })]), { ...begin, ...state }).map((row) => row.name)

describe("topRows", () => {
  it.each([
    ["count", ["b", "c", "a"]],
    ["wait", ["a", "b", "c"]],
    ["state", ["b", "c", "a"]],
    ["name", ["a", "b", "c"]],
  ] as const)("orders by %s, and in reverse", (sort, order) => {
    expect(names({ sort })).toEqual(order)
    expect(names({ sort, isReversed: true })).toEqual(order.toReversed())
  })

  it("finds the filter in name, state and start site, in upper and lower case", () => {
    expect(names({ filter: "CHAN" })).toEqual(["b"])
    expect(names({ filter: "a.ts" })).toEqual(["a"])
    expect(names({ filter: "running" })).toEqual(["c"])
    expect(names({ filter: "nobody" })).toEqual([])
  })

  it("gives those without a start site to the only group that is otherwise the same", () => {
    const of = (startedAt?: string) => statsGroup("a", 2, startedAt === undefined ? {} : { startedAt })
    const counts = (...groups: ReadonlyArray<StatsGroup>) =>
      topRows(someStats([someThreadStats({ groups })]), begin).map(({ count }) => count)
    expect(counts(of(), of("x"))).toEqual([4])
    expect(counts(of(), of("x"), of("y"))).toEqual([2, 2, 2])
  })

  it("adds up the same group of several threads", () => {
    const threads = [0, 1].map((thread) =>
      someThreadStats({ thread, groups: [statsGroup("a", 2, { oldestWaitMillis: thread })] }),
    )
    expect(topRows(someStats(threads), begin)).toEqual([statsGroup("a", 4, { oldestWaitMillis: 1 })])
  })
})
