import { describe, expect, it } from "vitest"
import { someStats, someThreadStats, statsGroup } from "../../../test/cli/stats.ts"
import { render, widthOf } from "../text/paint.ts"
import { Places } from "../text/place.ts"
import { begin } from "./top-state.ts"
import { roomForRows, topScreen, topText, type TopView } from "./top-text.ts"

const groups = Array.from({ length: 30 }, (_, i) =>
  statsGroup(`worker ${i}`, 100 - i, {
    reason: "chan receive",
    oldestWaitMillis: 5000,
    startedAt: "main (/srv/shop/a.ts:1:1)",
  }),
)
const stats = someStats([someThreadStats({ live: 1234, waiting: 1234, created: 5000, groups })])
const view: TopView = {
  title: "server.ts",
  stats,
  before: undefined,
  state: begin,
  places: new Places("/srv/shop"),
  columns: 100,
  ended: undefined,
}
const screen = (more: Partial<TopView>, height = 12) => {
  const { lines, top } = topScreen({ ...view, ...more }, height)
  return { lines: lines.map((line) => render(line, false)), top }
}

describe("topScreen", () => {
  it.each([
    [100, 12],
    [100, 60],
    [40, 12],
    [10, 5],
  ])("fills a screen of %d columns and %d lines exactly, with the keys last", (columns, height) => {
    const { lines } = screen({ columns }, height)
    expect(lines).toHaveLength(height)
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(columns)
    expect(lines.at(-1)).toMatch(/^q quit/)
  })

  it("scrolls to the last row and no further, and says where it is", () => {
    const room = roomForRows(stats, 12)
    const { lines, top } = screen({ state: { ...begin, top: 1000 } })
    expect(top).toBe(30 - room)
    expect(lines.at(-2)).toContain("worker 29")
    expect(lines.at(-1)).toContain(`${30 - room + 1}–30 of 30`)
  })

  it("marks the order, and turns the mark round with it", () => {
    expect(screen({}).lines[4]).toContain("COUNT▼")
    expect(screen({ state: { ...begin, isReversed: true } }).lines[4]).toContain("COUNT▲")
  })

  it("says that it is paused, that the process has ended, and what is typed, where a narrow screen shows it too", () => {
    expect(screen({ columns: 40, state: { ...begin, isPaused: true } }).lines[0]).toContain("PAUSED")
    expect(screen({ columns: 40, ended: "the process has ended" }).lines[0]).toContain("THE PROCESS HAS ENDED")
    expect(screen({ state: { ...begin, filter: "abc", typingOver: "" } }).lines.at(-1)).toContain("filter: abc█")
  })

  it("says that nothing is left by the filter", () => {
    expect(screen({ state: { ...begin, filter: "nobody" } }).lines.join("\n")).toContain('Nothing contains "nobody".')
  })
})

describe("topText", () => {
  it("has a row for each group, however many", () => {
    expect(topText(view)).toHaveLength(3 + 1 + 1 + 30)
  })

  it("takes CPU time and started goroutines from the difference to the look before", () => {
    const before = someStats([someThreadStats({ created: 4000 })], { uptimeSeconds: 3723, cpuSeconds: 11.5 })
    const [first, second] = topText({ ...view, before }).map((line) => render(line, false))
    expect(first).toBe("server.ts  process 4242  up 1h02m  cpu 50 %  memory 123 MB")
    expect(second).toBe("1,234 goroutines: 0 running, 0 runnable, 1,234 waiting  started 500/s")
  })

  it("has no rates without one", () => {
    expect(render(topText(view)[0]!, false)).toContain("cpu -")
  })
})
