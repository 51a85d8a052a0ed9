import { go, sleep } from "@weft/core"
import { explore } from "@weft/core/testing"
import { expect, it } from "vitest"
import { interleaving } from "../src/terminal/interleaving.ts"
import { paint } from "../src/terminal/paint.ts"
import type { Screen } from "../src/terminal/screen.ts"
import { width } from "../src/terminal/wrap.ts"

/** What `explore` tells of a program with so many goroutines: each sleeps, the last one panics. */
async function traceOf(count: number): Promise<string> {
  const { failure } = await explore({ schedules: 1 }, function* main() {
    const all = Array.from({ length: count }, (_, i) =>
      go.named(`w${i}`, function* () {
        yield* sleep(i + 1)
        if (i === count - 1) throw new Error("boom")
      }),
    )
    for (const one of all) yield* one
  })
  return failure!.trace
}

function shown(trace: string, columns: number, color = false): ReadonlyArray<string> {
  const lines: Array<string> = []
  const screen: Screen = {
    columns,
    color,
    animate: false,
    paint: paint(color),
    line: (text = "") => void lines.push(text),
    raw: () => undefined,
  }
  interleaving(screen, trace)
  return lines.filter((line) => line !== "")
}

const words = (lines: ReadonlyArray<string>): string => lines.join(" ").replaceAll(/[│|\s]+/g, " ")

it("puts each step under its goroutine's name where there is room, in a line of its own", async () => {
  const trace = await traceOf(2)
  // Number, how many columns are left of it, and the text; a wide one may run over the columns to its right.
  const placed = (line: string): unknown => {
    const [, number, left = "", text = ""] = /^ *(\d*)([ |]*)(.*?)[ |]*$/.exec(line) ?? []
    return number === "" ? text.split(/ *\| */) : [number, left.split("|").length, text]
  }
  for (const columns of [150, 200]) {
    const lines = shown(trace, columns).map((line) => line.replace(/^ {2}│/, "").replaceAll("│", "|"))
    expect(lines.map(placed)).toEqual(trace.split("\n").map(placed))
    expect(lines.filter((line) => width(line) > columns)).toEqual([])
  }
})

it.each([1, 6])("says who does what in lines of any width where they don't, of %i goroutines", async (count) => {
  const trace = await traceOf(count)
  for (const columns of [30, 40, 60]) {
    const lines = shown(trace, columns)
    // A word that is longer than its line stays whole: a place can be clicked.
    expect(lines.filter((line) => width(line) > columns && !/^ {2}│ +\S+$/.test(line))).toEqual([])
    const steps = trace.split("\n").flatMap((line) => /^ *(\d+) /.exec(line)?.[1] ?? [])
    expect(lines.flatMap((line) => /^ {2}│ +(\d+) /.exec(line)?.[1] ?? [])).toEqual(steps)
    expect(words(lines)).toContain("main starts")
    expect(words(lines)).toContain(`w${count - 1} sleep resumes, throws Error: boom`)
  }
})

it("gives each goroutine a colour of its own, and the clock none", async () => {
  const plain = shown(await traceOf(2), 60)
  const colored = shown(await traceOf(2), 60, true)
  // eslint-disable-next-line no-control-regex
  const colours = colored.map((line) => /\x1b\[(3\d)m/.exec(line)?.[1])
  const coloursOf = (name: string): ReadonlyArray<unknown> => [
    ...new Set(colours.filter((_, i) => new RegExp(`\\d +${name} `).test(plain[i]!))),
  ]
  expect(["main", "w0", "w1"].map(coloursOf)).toEqual([["36"], ["33"], ["32"]])
  expect(colours.filter((_, i) => plain[i]!.includes("clock at"))).toEqual([undefined, undefined])
})
