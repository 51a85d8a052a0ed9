import { readFile } from "node:fs/promises"
import { describe, expect, it } from "vitest"
import { atOnceChart, x, y } from "./at-once-chart.ts"
import { loadLatest, type Results } from "./results.ts"

const latest = await loadLatest()
const svg = atOnceChart(latest)!

describe("the chart of tasks at once", () => {
  it("has equal distances for equal ratios, on both axes", () => {
    expect(x(1_000_000) - x(100_000)).toBeCloseTo(x(10_000) - x(1000))
    expect(y(1000) - y(10_000)).toBeCloseTo(y(200) - y(2000))
    expect(y(2000)).toBeLessThan(y(1000)) // dearer is higher up
  })

  it("has Weft's line from 1,000 to a million, each point where its figure belongs", () => {
    const { figures } = latest.rows.find(({ question }) => question === "task-million")!
    const places = (["by-1000", "by-10000", "by-100000", "weft"] as const).map((name, i) => [
      x(1000 * 10 ** i).toFixed(1),
      y(figures[name]!.median).toFixed(1),
    ])
    const circles = [...svg.matchAll(/<circle class="weft" cx="([\d.]+)" cy="([\d.]+)"/g)]
    expect(circles.map(([, cx, cy]) => [Number(cx).toFixed(1), Number(cy).toFixed(1)])).toEqual(places)
  })

  it("names everyone it draws, and no two on each other", () => {
    const texts = [...svg.matchAll(/<text[^>]* x="([\d.]+)" y="([\d.]+)"([^>]*)>([^<]+)</g)].map(
      ([, left, top, rest, text]) => ({ left: Number(left), top: Number(top), rest, text }),
    )
    for (const name of ["Weft", "Go, all cores", "piscina", "poolifier", "comlink", "tinypool", "multithreading"]) {
      const own = texts.find(({ text }) => text === name)!
      const beside = texts.filter(({ left, rest }) => left === own.left && rest === own.rest)
      for (const other of beside) {
        if (other !== own) expect(Math.abs(other.top - own.top), `${name}, ${other.text}`).toBeGreaterThan(15)
      }
    }
    expect(svg).not.toMatch(/NaN|undefined/)
  })

  it("leaves out who was not asked, and is none without a million", () => {
    const without = (question: string): Results => ({
      ...latest,
      rows: latest.rows.filter((row) => row.question !== question),
    })
    expect(atOnceChart(without("task-thousand"))).not.toContain(">tinypool<")
    expect(atOnceChart(without("task-million"))).toBeUndefined()
  })

  it("is in the docs as the last run has it", async () => {
    expect(await readFile(new URL("../../docs/benchmarks-at-once.svg", import.meta.url), "utf8")).toBe(svg)
  })
})
