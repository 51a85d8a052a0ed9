import { describe, expect, it } from "vitest"
import { someStats, someThreadStats, statsGroup } from "../../../test/cli/stats.ts"
import { metricsText } from "./metrics-text.ts"

describe("metricsText", () => {
  it("gives each family its help, its type and a sample a thread", () => {
    const text = metricsText(
      someStats([someThreadStats({ created: 7 }), someThreadStats({ thread: 1, name: "pool", created: 8 })]),
    )
    expect(text).toContain(`# HELP weft_goroutines_created_total Goroutines started.
# TYPE weft_goroutines_created_total counter
weft_goroutines_created_total{thread="main"} 7
weft_goroutines_created_total{thread="pool/1"} 8
`)
  })

  it("counts waiting goroutines by reason, however many groups they are in", () => {
    const groups = [
      statsGroup("a", 2, { reason: "sleep" }),
      statsGroup("b", 3, { reason: "sleep" }),
      statsGroup("c", 9, { status: "running" }),
    ]
    const text = metricsText(someStats([someThreadStats({ groups })]))
    expect(text.match(/^weft_goroutines_waiting\{.*/gm)).toEqual([
      'weft_goroutines_waiting{thread="main",reason="sleep"} 5',
    ])
  })

  it("escapes what would end a label", () => {
    const text = metricsText(someStats([someThreadStats({ name: 'a"b\\c\nd' })]))
    expect(text).toContain('{thread="a\\"b\\\\c\\nd"}')
  })

  it("is made of comments and samples only", () => {
    for (const line of metricsText(someStats([someThreadStats({})]))
      .trimEnd()
      .split("\n"))
      expect(line).toMatch(/^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.e+-]+)$/)
  })
})
