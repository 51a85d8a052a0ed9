import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { pathToFileURL } from "node:url"
import ts from "typescript"
import { afterAll, describe, expect, it } from "vitest"
import { SourceMaps } from "./source-maps.ts"

const directory = mkdtempSync(join(tmpdir(), "weft-maps-"))
afterAll(() => rmSync(directory, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(directory, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return path
}

// The types go, so `run` moves from line 5 to line 1.
const source = `interface Job {
  readonly id: number
}

export function run(job: Job) { throw new Error(String(job.id)) }
`

/** Compiled, with `run`'s throw at 1:26; what `link` makes of the map's text is appended. */
function compiled(name: string, link: (map: string) => string, sources = ["../src/job.ts"]): string {
  const { outputText, sourceMapText } = ts.transpileModule(source, {
    compilerOptions: {
      sourceMap: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      removeComments: true,
    },
  })
  const map = JSON.stringify({ ...(JSON.parse(sourceMapText!) as object), sources })
  return file(name, outputText.replace(/\/\/# source.*\n?/, "") + link(map))
}

const inline = (map: string) =>
  `//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString("base64")}\n`
const original = join(directory, "src/job.ts")

describe("SourceMaps", () => {
  it("maps through a map that the file carries, as base64 or as text", () => {
    const text = (map: string) => `//# sourceMappingURL=data:application/json,${encodeURIComponent(map)}\n`
    for (const link of [inline, text]) {
      const path = compiled("dist/inline.js", link)
      expect(new SourceMaps().site(`run (${path}:1:28)`)).toBe(`run (${original}:5:33)`)
    }
  })

  it("maps through the map that the file names", () => {
    const path = compiled("dist/named.js", (map) => {
      file("dist/maps/other.map", map.replace("../src", "../../src"))
      return "//# sourceMappingURL=maps/other.map\n"
    })
    expect(new SourceMaps().site(`${path}:1:28`)).toBe(`${original}:5:33`)
  })

  it("maps through the map beside the file where the file names none", () => {
    const path = compiled("dist/beside.js", (map) => {
      file("dist/beside.js.map", `)]}'\n${map}`)
      return ""
    })
    expect(new SourceMaps().site(`run (${path}:1:28)`)).toBe(`run (${original}:5:33)`)
  })

  it("takes file: URLs, and names with what a URL escapes", () => {
    const path = compiled("dist/a (b) %20ü.js", inline)
    expect(new SourceMaps().site(`run (${pathToFileURL(path).href}:1:28)`)).toBe(`run (${original}:5:33)`)
    expect(new SourceMaps().site(`run (${path}:1:28)`)).toBe(`run (${original}:5:33)`)
  })

  it("maps through a map in sections", () => {
    const path = compiled("dist/sections.js", (map) =>
      inline(
        JSON.stringify({ version: 3, sections: [{ offset: { line: 0, column: 0 }, map: JSON.parse(map) as unknown }] }),
      ),
    )
    expect(new SourceMaps().site(`${path}:1:28`)).toBe(`${original}:5:33`)
  })

  it("shows webpack's sources relative to the project", () => {
    const path = compiled("dist/webpack.js", inline, ["webpack://shop/./src/job.ts"])
    expect(new SourceMaps().site(`${path}:1:28`)).toBe("src/job.ts:5:33")
  })

  it.each([
    ["no place at all", "nowhere"],
    ["a file that is not there", `run (${join(directory, "gone.js")}:1:1)`],
    ["a directory", `run (${directory}:1:1)`],
    ["what is no file", "run (/dev/zero:1:1)"],
    ["a file of Node's own", "run (node:internal/process/task_queues:95:5)"],
    ["a file on the network", "run (https://example.org/app.js:1:1)"],
    ["a URL of no file", "run (file://%zz:1:1)"],
    ["a file without a map", `run (${file("plain.js", "//# sourceMappingURL=gone.map\n")}:1:1)`],
    ["a map on the network", `run (${file("remote.js", "//# sourceMappingURL=https://example.org/app.map\n")}:1:1)`],
    ["a map that is no JSON", `run (${file("broken.js", inline("{"))}:1:1)`],
    ["a map that is no map", `run (${file("array.js", inline("[]"))}:1:1)`],
    [
      "a place in a source that the map does not name",
      `run (${file("vlq.js", inline(`{"version":3,"sources":["a"],"names":[],"mappings":"AEAA"}`))}:1:1)`,
    ],
    ["a line that the map doesn't have", `run (${compiled("dist/short.js", inline)}:900:1)`],
    ["line 0", `run (${compiled("dist/zero.js", inline)}:0:0)`],
  ])("leaves alone %s", (_, text) => {
    expect(new SourceMaps().site(text)).toBe(text)
  })

  it("knows of which minified files the map is missing, and where it was looked for", () => {
    const maps = new SourceMaps()
    const [named, silent] = [file("named.js", "x\n//# sourceMappingURL=maps/named.map"), file("silent.js", "x")]
    for (const path of [named, silent, named]) maps.site(`f (${path}:1:4711)`)
    // Written by hand, so nothing is missing.
    maps.site(`f (${file("by-hand.js", "x")}:12:40)`)
    expect([...maps.missing]).toEqual([
      [named, join(directory, "maps/named.map")],
      [silent, `${silent}.map`],
    ])
  })

  it("reads a file once", () => {
    const maps = new SourceMaps()
    const path = compiled("dist/once.js", inline)
    maps.site(`${path}:1:28`)
    rmSync(path)
    expect(maps.site(`again (${path}:1:28)`)).toBe(`again (${original}:5:33)`)
  })
})
