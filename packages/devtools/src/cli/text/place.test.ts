import { describe, expect, it } from "vitest"
import { Places } from "./place.ts"

describe("Places", () => {
  const places = new Places("/srv/shop")

  it.each([
    ["run (/srv/shop/src/a.ts:1:2)", "run (src/a.ts:1:2)"],
    ["/srv/shop/a.ts:1:2", "a.ts:1:2"],
    ["file:///srv/shop/a.ts:1:2", "a.ts:1:2"],
    ["/srv/shopping/a.ts:1:2", "/srv/shopping/a.ts:1:2"],
    ["run (native)", "run (native)"],
  ])("shows %s as %s", (place, shown) => {
    expect(places.show(place)).toBe(shown)
  })

  it("shortens nothing at the root, where everything is below", () => {
    expect(new Places("/").show("/srv/a.ts:1:2")).toBe("/srv/a.ts:1:2")
  })

  it("calls a process by what follows its runtime", () => {
    expect(places.title({ argv: ["/usr/bin/node", "/srv/shop/server.ts", "--port", "80"], title: "node" })).toBe(
      "server.ts --port 80",
    )
    expect(places.title({ argv: ["/usr/bin/node"], title: "repl" })).toBe("repl")
  })
})
