import { describe, expect, it } from "vitest"
import { processStats } from "../../test/export/process-stats.ts"
import { prometheusText } from "./prometheus.ts"

describe("prometheusText", () => {
  it("is text of which every line is a comment or a sample", () => {
    const lines = prometheusText(processStats).trimEnd().split("\n")
    expect(lines.filter((line) => !line.startsWith("#") && parseSample(line) === undefined)).toEqual([])
  })

  it("has each statistic as a sample with its labels, in base units", () => {
    const samples = prometheusText(processStats)
      .split("\n")
      .flatMap((line) => parseSample(line) ?? [])
    const main = { thread: "0", thread_name: "main" }
    expect(samples).toContainEqual({ name: "process_cpu_seconds_total", labels: {}, value: 3.25 })
    expect(samples).toContainEqual({ name: "weft_goroutines", labels: { ...main, status: "runnable" }, value: 2 })
    expect(samples).toContainEqual({ name: "weft_event_loop_delay_seconds", labels: main, value: 0.012 })
    const group = {
      ...main,
      goroutine: 'say "hi"\\',
      status: "waiting",
      reason: "chan receive",
      started_at: "a.ts:1:1",
    }
    expect(samples).toContainEqual({ name: "weft_goroutine_group_size", labels: group, value: 3 })
    expect(samples).toContainEqual({ name: "weft_goroutine_group_oldest_wait_seconds", labels: group, value: 1.5 })
  })

  it("declares the type of each metric once, before its samples", () => {
    const declared = new Set<string>()
    for (const line of prometheusText(processStats).trimEnd().split("\n")) {
      const [, type] = /^# TYPE (\S+) (?:gauge|counter)$/.exec(line) ?? []
      if (type !== undefined) {
        expect(declared.has(type)).toBe(false)
        declared.add(type)
      } else if (!line.startsWith("#")) expect(declared).toContain(parseSample(line)?.name)
    }
    expect(declared.size).toBeGreaterThan(8)
  })

  it("has series of their own for the largest groups only", () => {
    const text = prometheusText(processStats, { mostGroups: 1 })
    expect(text.match(/weft_goroutine_group_size\{.*/g)).toHaveLength(1)
    expect(text).toContain('goroutine="say')
  })
})

interface Sample {
  readonly name: string
  readonly labels: Record<string, string>
  readonly value: number
}

/** By the grammar of the text format; nothing if it is none. */
function parseSample(line: string): Sample | undefined {
  const [, name, labels = "", value] =
    /^([a-zA-Z_:][\w:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (\S+)$/.exec(line) ?? []
  if (name === undefined) return undefined
  const pairs = [...labels.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)].map(([, label, text]) => [
    label!,
    text!.replace(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped)),
  ])
  return { name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) }
}
