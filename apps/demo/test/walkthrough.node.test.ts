/** The walkthrough shows output that was printed once: its places must still be those of the source. */
import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"

const root = new URL("../../../", import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), "utf8")
const page = read("docs/devtools-walkthrough.md")
const places = [...page.matchAll(/(apps\/demo\/\S+?\.ts):(\d+):(\d+)/g)].map(([place]) => place)

describe("the walkthrough", () => {
  it.each([...new Set(places)])("names a place where a goroutine waits or is started: %s", (place) => {
    const [path, line, column] = place.split(":") as [string, string, string]
    const text = read(path).split("\n")[Number(line) - 1]!
    expect(text.slice(Number(column) - 1)).toMatch(/^(named|go|send|lock|restock|answer)\(/)
  })

  it("mends lines that are there", () => {
    const sources = ["quote", "report", "restock"].map((name) => read(`apps/demo/src/service/${name}.ts`)).join()
    const mended = [...page.matchAll(/^-( {2}.*)$/gm)].map(([, line]) => line!)
    expect(mended).toHaveLength(5)
    expect(mended.filter((line) => !sources.includes(line))).toEqual([])
  })
})
