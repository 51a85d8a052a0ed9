import { EventEmitter } from "node:events"
import { PassThrough } from "node:stream"
import type { ReadStream, WriteStream } from "node:tty"
import { afterEach, describe, expect, it } from "vitest"
import { Terminal, type TerminalEvents } from "./terminal.ts"

const restored = "\u001b[?7h\u001b[?25h\u001b[?1049l"
const opened: Array<Terminal> = []
afterEach(() => {
  for (const terminal of opened.splice(0)) terminal.close()
})

function setUp(events: Partial<TerminalEvents> = {}) {
  const modes: Array<boolean> = []
  const input = Object.assign(new PassThrough(), { setRawMode: (mode: boolean) => modes.push(mode) })
  const output = Object.assign(new EventEmitter(), {
    columns: 80,
    rows: 24,
    written: "",
    write(text: string) {
      this.written += text
      return true
    },
  })
  const terminal = new Terminal(input as unknown as ReadStream, output as unknown as WriteStream, false, {
    onKey: () => undefined,
    onResize: () => undefined,
    ...events,
  })
  terminal.open()
  opened.push(terminal)
  const drawn = (...lines: ReadonlyArray<string>) => {
    output.written = ""
    terminal.draw(lines)
    return output.written
  }
  return { terminal, input, output, modes, drawn }
}

describe("Terminal", () => {
  it("writes only the lines that have changed, as one update", () => {
    const { drawn } = setUp()
    expect(drawn("a", "b")).toBe(
      "\u001b[?2026h\u001b[H\u001b[2J\u001b[1;1H\u001b[2Ka\u001b[0m\u001b[2;1H\u001b[2Kb\u001b[0m\u001b[?2026l",
    )
    expect(drawn("a", "c")).toBe("\u001b[?2026h\u001b[2;1H\u001b[2Kc\u001b[0m\u001b[?2026l")
    expect(drawn("a", "c")).toBe("")
  })

  it("draws all of it again when the size has changed", () => {
    let resized = 0
    const { drawn, output } = setUp({ onResize: () => resized++ })
    drawn("a", "b")
    output.emit("resize")
    expect(resized).toBe(1)
    expect(drawn("a", "b")).toContain("a")
  })

  it("gives the terminal back as it was, once, whoever closes it", () => {
    const { modes, output, terminal } = setUp()
    expect(modes).toEqual([true])
    output.written = ""
    terminal.close()
    terminal.close()
    process.emit("exit", 0)
    expect(output.written).toBe(restored)
    expect(modes).toEqual([true, false])
  })

  it("gives it back at the exit of a process that has not closed it", () => {
    const { output } = setUp()
    output.written = ""
    process.listeners("exit").at(-1)?.call(process, 0)
    expect(output.written).toBe(restored)
  })

  it("draws nothing when it is closed: the shell has the screen", () => {
    const { drawn, terminal } = setUp()
    terminal.close()
    expect(drawn("a")).toBe("")
  })

  it("leaves no listener behind", () => {
    const before = process.listenerCount("exit") + process.listenerCount("SIGCONT")
    const { output, terminal } = setUp()
    terminal.close()
    expect(process.listenerCount("exit") + process.listenerCount("SIGCONT")).toBe(before)
    expect(output.listenerCount("resize")).toBe(0)
  })

  it("tells keys by name, and what they type", async () => {
    const keys: Array<unknown> = []
    const { input } = setUp({ onKey: (key) => keys.push(key) })
    input.write("a")
    input.write("\u0003")
    input.write("\u001b[A")
    await new Promise(setImmediate)
    expect(keys).toEqual([
      { name: "a", text: "a", isControl: false },
      { name: "c", text: "\u0003", isControl: true },
      expect.objectContaining({ name: "up", isControl: false }),
    ])
  })
})
