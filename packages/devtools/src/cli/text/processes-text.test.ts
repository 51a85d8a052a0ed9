import { describe, expect, it } from "vitest"
import { render } from "./paint.ts"
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

  it("shows the title before the command, whose end may be cut", () => {
    expect(render(processesText([{ ...row, title: "shop" }], 80), false)).toContain("shop  node server.ts")
  })
})
