import { describe, expect, it } from "vitest"
import { LiveRows } from "../src/terminal/live-rows.ts"
import { paint } from "../src/terminal/paint.ts"
import type { Screen } from "../src/terminal/screen.ts"

function screenOf(columns: number, animate: boolean) {
  const written: Array<string> = []
  const screen: Screen = {
    columns,
    color: false,
    animate,
    paint: paint(false),
    line: (text = "") => void written.push(`${text}\n`),
    raw: (text) => void written.push(text),
  }
  return { rows: new LiveRows(screen), shown: () => screenAfter(written.join("")), written }
}

/** What is on a terminal to which that was written. */
function screenAfter(text: string): Array<string> {
  const lines = [""]
  let at = 0
  // eslint-disable-next-line no-control-regex -- these are what it is about
  for (const [part] of text.matchAll(/\x1b\[\d*[A-Z]|\n|\r|[^\x1b\n\r]+/g)) {
    if (part === "\n") lines[++at] ??= ""
    else if (part.endsWith("A") && part.startsWith("\x1b")) at -= Number.parseInt(part.slice(2))
    else if (part.endsWith("K") && part.startsWith("\x1b")) lines[at] = ""
    else if (part !== "\r") lines[at] = lines[at]! + part
  }
  return lines
}

describe("live rows", () => {
  it("are redrawn in place, each under its own name", () => {
    const { rows, shown } = screenOf(60, true)
    rows.show("a", "one", "")
    rows.show("b", "two", "")
    rows.show("a", "three", "")
    expect(shown()).toEqual(["a  three", "b  two", ""])
  })

  it("stay where they are once settled, and new ones begin below", () => {
    const { rows, shown } = screenOf(60, true)
    rows.show("a", "one", "")
    rows.settle()
    rows.show("a", "two", "")
    expect(shown()).toEqual(["a  one", "a  two", ""])
  })

  it("are cut where they would wrap", () => {
    const { rows, shown } = screenOf(24, true)
    rows.show("a", "much too long for so narrow a terminal", "  0.00s  ")
    expect(shown()[0]).toBe("  0.00s  a  much too lo…")
    expect(shown()[0]).toHaveLength(24)
  })

  it("are lines one after the other on a pipe", () => {
    const { rows, written } = screenOf(60, false)
    rows.show("a", "one", "")
    rows.show("a", "two", "")
    expect(written).toEqual(["a  one\n", "a  two\n"])
  })
})
