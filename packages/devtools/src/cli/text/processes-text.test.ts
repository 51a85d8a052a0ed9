import { describe, expect, it } from "vitest"
import { render, widthOf } from "./paint.ts"
import { processesText } from "./processes-text.ts"

const row = { pid: 42, title: "node", command: "node server.ts", uptimeSeconds: 61, by: "socket" as const }

describe("processesText", () => {
  it("shows a question mark where nobody has looked", () => {
    const shown = render(
      processesText([row, { ...row, pid: 4242, by: "inspector", goroutines: 7, threads: 2 }], 80),
      false,
    )
    expect(shown).toBe(
      `
 PID     UP  GOROUTINES  THREADS  BY         COMMAND
  42  1m01s           ?        ?  socket     node server.ts
4242  1m01s           7        2  inspector  node server.ts`.slice(1),
    )
  })

  it("shows the title before the command", () => {
    expect(render(processesText([{ ...row, title: "shop" }], 80), false)).toContain("shop  node server.ts")
  })

  it("leaves out the middle of a command that is longer than the line, and all of it where there is nearly no room", () => {
    const command = `node ${"--import ./setup.js ".repeat(10)}server.ts --port 8080`
    const rows = [row, { ...row, title: "shop", command }]
    const lines = render(processesText(rows, 80), false).split("\n")
    expect(lines.every((line) => widthOf(line) <= 80)).toBe(true)
    expect(lines[2]).toMatch(/ shop {2}node --import .*….* --port 8080$/)
    expect(render(processesText(rows, 56), false).split("\n")[2]).toMatch(/ shop$/)
    expect(render(processesText(rows, 30), false).split("\n").map(widthOf)).toEqual([30, 30, 30])
  })

  it("has a line for each, also of a program that stands in the command with line feeds and tabs", () => {
    const command = "node -e for (;;) {\n\twork()\n}"
    expect(
      render(processesText([{ ...row, command }], 80), false)
        .split("\n")
        .slice(1),
    ).toEqual([" 42  1m01s           ?        ?  socket  node -e for (;;) { work() }"])
  })
})
