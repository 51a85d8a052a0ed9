import { describe, expect, it } from "vitest"
import { formatSite, parseSite } from "./site.ts"

describe("parseSite", () => {
  it.each([
    ["run (/srv/a.js:1:2)", { name: "run", file: "/srv/a.js", line: 1, column: 2 }],
    ["/srv/a.js:1:2", { name: undefined, file: "/srv/a.js", line: 1, column: 2 }],
    ["file:///srv/a.js:10:20", { name: undefined, file: "file:///srv/a.js", line: 10, column: 20 }],
    ["C:\\srv\\a.js:1:2", { name: undefined, file: "C:\\srv\\a.js", line: 1, column: 2 }],
    ["Shop.<anonymous> (C:\\srv\\a.js:1:2)", { name: "Shop.<anonymous>", file: "C:\\srv\\a.js", line: 1, column: 2 }],
    ["get [as x] (/srv/(shop)/a (1).js:1:2)", { name: "get [as x]", file: "/srv/(shop)/a (1).js", line: 1, column: 2 }],
    ["/srv/(shop)/a (1).js:1:2", { name: undefined, file: "/srv/(shop)/a (1).js", line: 1, column: 2 }],
  ])("takes %s apart, and together again", (text, site) => {
    expect(parseSite(text)).toEqual(site)
    expect(formatSite(site)).toBe(text)
  })

  it.each(["", "worker", "run (native)", "/srv/a.js", "/srv/a.js:1"])("finds no place in %j", (text) => {
    expect(parseSite(text)).toBeUndefined()
  })
})
